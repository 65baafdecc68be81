package io.ligature.approval.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the reviews of one partition that a list may be about, in its order, one step at a time:
 * those that stand under one term of each set that is asked for.
 *
 * <p>It only ever goes forward, and nothing before its place is left to be found.
 */
final class Shelf implements AutoCloseable {

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final ReviewSummary.Status status;
  private final Comparator<String> order;
  private final List<List<Posting>> sets = new ArrayList<>();
  private @Nullable String place;
  private boolean match;

  Shelf(ReadOnlyKeyValueStore<String, byte[]> store, ListQuestion question) {
    this.store = store;
    this.status = question.status();
    this.order = ReviewLists.order(question);
    String after = question.after() == null ? null : placeOf(status, question.after());
    for (Set<String> prefixes : prefixes(store, question)) {
      sets.add(
          prefixes.stream()
              .map(prefix -> new Posting(store, prefix, after, question.newestFirst()))
              .toList());
    }
    settle();
  }

  /** A partition whose index is not complete yet is read as a whole. */
  private static List<Set<String>> prefixes(
      ReadOnlyKeyValueStore<String, byte[]> store, ListQuestion question) {
    if (store.get(ReviewRows.INDEXED) == null) {
      return List.of(Set.of(question.status().prefix()));
    }
    List<Set<String>> all = new ArrayList<>();
    String tenant = question.filter().scope().tenant();
    for (Set<String> terms : question.filter().terms()) {
      all.add(
          terms.stream()
              .map(term -> Terms.prefix(question.status(), tenant, term))
              .collect(java.util.stream.Collectors.toSet()));
    }
    return all;
  }

  static String placeOf(ReviewSummary.Status status, String key) {
    return key.substring(status.prefix().length());
  }

  /** Where it is; null: at the end. */
  @Nullable String place() {
    return place;
  }

  /** Whether a review that may be meant stands here. */
  boolean match() {
    return match;
  }

  /** The review that stands here; null: it has just gone. */
  @Nullable ReviewSummary read() {
    String key = status.prefix() + Objects.requireNonNull(place, "at the end");
    byte[] row = store.get(key);
    return row == null ? null : ReviewSummary.read(key, row);
  }

  /** Goes on: behind a match, otherwise to where there may be one. */
  void step() {
    String here = Objects.requireNonNull(place, "at the end");
    for (List<Posting> set : sets) {
      for (Posting posting : set) {
        posting.seek(here);
        if (match && here.equals(posting.place())) {
          posting.next();
        }
      }
    }
    settle();
  }

  private void settle() {
    String farthest = null;
    boolean same = true;
    for (List<Posting> set : sets) {
      String first = first(set);
      if (first == null) {
        place = null;
        match = false;
        return;
      }
      same &= farthest == null || first.equals(farthest);
      farthest = farthest == null || order.compare(first, farthest) > 0 ? first : farthest;
    }
    place = farthest;
    match = same;
  }

  private @Nullable String first(List<Posting> set) {
    String first = null;
    for (Posting posting : set) {
      String at = posting.place();
      if (at != null && (first == null || order.compare(at, first) < 0)) {
        first = at;
      }
    }
    return first;
  }

  @Override
  public void close() {
    sets.forEach(set -> set.forEach(Posting::close));
  }
}
