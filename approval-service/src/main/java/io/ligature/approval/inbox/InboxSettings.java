package io.ligature.approval.inbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

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

  /** How often an open page asks for what is new. */
  @WithDefault("5s")
  Duration refresh();

  /** A page that nobody has touched for so long asks no more, so that its session can end. */
  @WithDefault("15m")
  Duration idle();

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
    atLeastASecond("refresh", refresh());
    atLeastASecond("idle", idle());
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("ligature.approval.inbox." + key + ": give 1 or more");
    }
  }

  private static void atLeastASecond(String key, Duration value) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("ligature.approval.inbox." + key + ": give 1s or more");
    }
  }
}
