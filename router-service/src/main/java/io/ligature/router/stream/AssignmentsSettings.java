package io.ligature.router.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the search for past assignments; {@code docs/routing.md} explains them. */
@ConfigMapping(prefix = "ligature.router.assignments")
public interface AssignmentsSettings {

  /** Records that a search reads back in each pool's partition at most. */
  @WithDefault("50000")
  int searchLimit();

  /** Searches at once; one more is asked to come again. */
  @WithDefault("4")
  int maxSearches();

  /**
   * Refuses what cannot be.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (searchLimit() < 1) {
      throw new IllegalArgumentException(
          "ligature.router.assignments.search-limit: give 1 or more");
    }
    if (maxSearches() < 1) {
      throw new IllegalArgumentException(
          "ligature.router.assignments.max-searches: give 1 or more");
    }
  }
}
