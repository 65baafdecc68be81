package io.ligature.schemas.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody who wrote another one may have meant. */
final class Similar {

  private static final int TINY = 2;
  private static final int SHORT = 4;

  private Similar() {}

  /** To be put behind a message; empty when no name is near. */
  static String hint(String name, Collection<String> known) {
    return nearest(name, known).map(near -> "; is '" + near + "' meant?").orElse("");
  }

  private static Optional<String> nearest(String name, Collection<String> known) {
    int most = name.length() <= TINY ? 0 : name.length() <= SHORT ? 1 : 2;
    return known.stream()
        .filter(near -> near.startsWith(name) || distance(name, near) <= most)
        .min(
            Comparator.comparingInt((String near) -> distance(name, near))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** How many letters to change, add or leave out (Levenshtein); case does not count. */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    if (Math.abs(a.length() - b.length()) > 2) {
      return Integer.MAX_VALUE;
    }
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] here = new int[b.length() + 1];
      here[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        here[j] = Math.min(changed, 1 + Math.min(here[j - 1], before[j]));
      }
      before = here;
    }
    return before[b.length()];
  }
}
