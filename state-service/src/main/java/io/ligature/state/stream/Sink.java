package io.ligature.state.stream;

import io.ligature.schemas.topics.Topics;
import java.util.Locale;

/** Where the shell writes. */
enum Sink {
  EVENTS,
  READY,
  CANCELLED,
  REVIEWS,
  DEAD_LETTERS;

  /** Name of the node in the topology. */
  String node() {
    return "to-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String topic(Topics topics) {
    return switch (this) {
      case EVENTS -> topics.events();
      case READY -> topics.tasksReady();
      case CANCELLED -> topics.tasksCancelled();
      case REVIEWS -> topics.reviewsNeeded();
      case DEAD_LETTERS -> topics.deadLetters();
    };
  }
}
