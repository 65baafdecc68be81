package io.ligature.router.stream;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashSet;

/** Forgets the oldest when it is full. */
final class BoundedSet extends AbstractSet<String> {

  private final int limit;
  private final LinkedHashSet<String> kept = new LinkedHashSet<>();

  BoundedSet(int limit) {
    this.limit = limit;
  }

  @Override
  public boolean add(String value) {
    boolean fresh = kept.add(value);
    if (kept.size() > limit) {
      kept.removeFirst();
    }
    return fresh;
  }

  @Override
  public boolean contains(Object value) {
    return kept.contains(value);
  }

  @Override
  public Iterator<String> iterator() {
    return kept.iterator();
  }

  @Override
  public int size() {
    return kept.size();
  }
}
