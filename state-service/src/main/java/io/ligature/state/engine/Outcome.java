package io.ligature.state.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command came to.
 *
 * @param events for the audit trail, in order; folding them gives {@code changes} again
 * @param changes rows to put or delete
 * @param effects to carry out, in order
 * @param ignored why the command changed nothing and left no event (a duplicate, an unknown
 *     workflow), for the log; null when it did something
 * @param stuck true: the workflow goes on, but nothing that it waits for is left; a fault of the
 *     engine's own, for the watchdog's metric
 */
public record Outcome(
    List<EventEntry> events,
    Changes changes,
    List<Effect> effects,
    @Nullable String ignored,
    boolean stuck) {

  static Outcome ignored(String why) {
    return new Outcome(List.of(), Changes.NONE, List.of(), why, false);
  }
}
