package io.ligature.approval.review;

import java.util.List;

/** What the rules make of a command. */
public sealed interface Ruling {

  /** This happens, in this order. */
  record Happens(List<ReviewEvent> events) implements Ruling {
    public Happens {
      events = List.copyOf(events);
    }
  }

  /** It happened before under the same command id; nothing changes. */
  record Happened() implements Ruling {}

  /** It changes nothing. */
  record Refused(Refusal refusal) implements Ruling {}
}
