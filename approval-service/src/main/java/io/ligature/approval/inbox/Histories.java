package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.inbox.ReviewScreen.Event;
import io.ligature.approval.inbox.ReviewScreen.Trace;
import io.ligature.approval.review.By;
import io.ligature.avro.Decision;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The trail of a review in the words of the page: every entry, those that were refused as well. */
final class Histories {

  private final Instant now;

  Histories(Instant now) {
    this.now = now;
  }

  /**
   * @param trail lines of JSON, as the reader may see them
   */
  List<Event> of(List<String> trail) {
    return trail.stream().map(Histories::parsed).map(this::event).toList();
  }

  /** What has changed the review since it was at that version. */
  List<Event> since(List<String> trail, long version) {
    return trail.stream()
        .map(Histories::parsed)
        .filter(entry -> !kind(entry).equals("refused"))
        .skip(version)
        .map(this::event)
        .toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return Payloads.JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the line is not JSON", e);
    }
  }

  private Event event(JsonNode entry) {
    String who = word(entry, "who");
    boolean policy = who.equals(By.POLICY);
    return new Event(
        Moment.of(Instant.parse(word(entry, "at")), now),
        policy ? "The rules" : who,
        what(entry, policy),
        detail(entry),
        tone(entry),
        traces(entry));
  }

  private String what(JsonNode entry, boolean policy) {
    return switch (kind(entry)) {
      case "opened" -> "The workflow asked for a review";
      case "claimed" -> "took it, until " + until(entry);
      case "released" -> "released it";
      case "delegated" -> "handed it to " + word(entry, "to") + ", until " + until(entry);
      case "commented" -> "said";
      case "voted" -> did(word(entry, "decision"));
      case "decided" ->
          policy
              ? "decided, as nobody else did: " + title(word(entry, "decision"))
              : "ended the wait: " + title(word(entry, "decision"));
      case "reminded" -> "Those who may decide were reminded";
      case "escalated" -> "“" + word(entry, "to") + "” may decide as well from here on";
      case "withdrawn" -> "The workflow no longer waits";
      case "refused" -> "could not " + Labels.of(word(entry, "wanted")).toLowerCase(Locale.ROOT);
      default -> Labels.of(kind(entry));
    };
  }

  private static String detail(JsonNode entry) {
    return switch (kind(entry)) {
      case "commented" -> word(entry, "text");
      case "refused" -> word(entry, "message");
      case "decided" -> word(entry, "who").equals(By.POLICY) ? word(entry, "reason") : "";
      default -> word(entry, "reason");
    };
  }

  private static String tone(JsonNode entry) {
    return switch (kind(entry)) {
      case "refused", "claimed", "released", "reminded" -> "quiet";
      case "voted", "decided" -> Screens.tone(Decision.valueOf(word(entry, "decision")));
      default -> "neutral";
    };
  }

  private static List<Trace> traces(JsonNode entry) {
    List<Trace> traces = new ArrayList<>();
    trace(traces, "At", word(entry, "at"));
    trace(traces, "In the role", word(entry, "role"));
    trace(traces, "From", word(entry, "client"));
    trace(traces, "On what they saw", word(entry, "seen"));
    trace(traces, "Output", word(entry, "output"));
    trace(traces, "Entry " + word(entry, "number"), word(entry, "hash"));
    return traces;
  }

  private static void trace(List<Trace> traces, String name, String value) {
    if (!value.isEmpty()) {
      traces.add(new Trace(name, value));
    }
  }

  /** What a person did, behind their name. */
  static String did(String decision) {
    return switch (Decision.valueOf(decision)) {
      case approve -> "approved";
      case reject -> "rejected";
      case edit_and_approve -> "edited and approved";
      case request_changes -> "asked for changes";
      case abort -> "ended the workflow";
    };
  }

  private static String title(String decision) {
    return Screens.title(Decision.valueOf(decision)).toLowerCase(Locale.ROOT);
  }

  private static String until(JsonNode entry) {
    return Moment.exact(Instant.parse(word(entry, "until")));
  }

  private static String kind(JsonNode entry) {
    return word(entry, "kind");
  }

  private static String word(JsonNode entry, String field) {
    return entry.path(field).asText("");
  }
}
