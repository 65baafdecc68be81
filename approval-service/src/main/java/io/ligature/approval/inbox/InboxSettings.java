package io.ligature.approval.inbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the inbox page; {@code docs/reviews.md} explains them. */
@ConfigMapping(prefix = "ligature.approval.inbox")
public interface InboxSettings {

  /** Values of one output or input that are shown; the rest is told by its number. */
  @WithDefault("2000")
  int maxShown();

  /** Characters of one text that are shown. */
  @WithDefault("20000")
  int maxText();

  /** Fields of an edit form; an output with more is edited as JSON. */
  @WithDefault("400")
  int maxFields();

  /** Changes that a comparison lists. */
  @WithDefault("200")
  int maxChanges();

  /**
   * Refuses what cannot work.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    atLeastOne("max-shown", maxShown());
    atLeastOne("max-text", maxText());
    atLeastOne("max-fields", maxFields());
    atLeastOne("max-changes", maxChanges());
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("ligature.approval.inbox." + key + ": give 1 or more");
    }
  }
}
