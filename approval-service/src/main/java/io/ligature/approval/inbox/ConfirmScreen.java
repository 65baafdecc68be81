package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.desk.Wish;
import io.ligature.avro.ReviewAct;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last question before something is done.
 *
 * @param action last part of the address that does it
 * @param tone {@code good}, {@code bad} or {@code neutral}
 * @param maxText characters of a reason
 * @param output the edited output as JSON; null unless it is edited
 * @param spans how long it can be handed over; empty unless it is about that
 * @param since what has happened to the review since it was opened
 * @param version of the review that is decided
 * @param notice why nothing was done so far; empty: nothing was tried
 */
public record ConfirmScreen(
    ReviewScreen review,
    String action,
    String title,
    String button,
    String tone,
    boolean reasonNeeded,
    int maxText,
    Filled filled,
    @Nullable String output,
    @Nullable Changes changes,
    List<Span> spans,
    List<ReviewScreen.Event> since,
    long version,
    String notice,
    Map<String, String> errors) {

  /**
   * What was put into the question so far.
   *
   * @param key the same form sent twice does it once
   * @param version of the review that the reader saw; null: not told
   * @param to who shall have it
   * @param hours how long they shall; empty: as long as possible
   */
  public record Filled(
      String key,
      @Nullable Long version,
      String reason,
      String to,
      String hours,
      @Nullable JsonNode output) {

    static Filled empty(String key, @Nullable Long version, @Nullable JsonNode output) {
      return new Filled(key, version, "", "", "", output);
    }

    /** All that would be lost with the form. */
    String written() {
      String edited = output == null ? "" : Showing.pretty(output);
      return reason.isEmpty() || edited.isEmpty() ? reason + edited : reason + "\n\n" + edited;
    }

    Wish wish(Act act, Instant now) {
      return switch (act) {
        case APPROVE, REJECT, CHANGE, ABORT -> Wish.decide(act.decision(), reason);
        case EDIT -> {
          if (output == null) {
            throw new IllegalStateException("an edit without an output");
          }
          yield Wish.edit(Payloads.json(output), reason);
        }
        case DELEGATE -> Wish.delegate(to, until(now), reason);
        case CLAIM -> Wish.act(ReviewAct.claim, reason);
        case RELEASE -> Wish.act(ReviewAct.release, reason);
        case COMMENT -> Wish.act(ReviewAct.comment, reason);
      };
    }

    private @Nullable Instant until(Instant now) {
      try {
        return hours.isEmpty() ? null : now.plus(Duration.ofHours(Integer.parseInt(hours)));
      } catch (NumberFormatException e) {
        throw PageProblem.invalid("“" + hours + "” is no number of hours.");
      }
    }
  }

  /** A length of time that can be chosen. */
  public record Span(String hours, String label) {}

  public String error(String field) {
    return errors.getOrDefault(field, "");
  }

  public boolean delegates() {
    return !spans.isEmpty();
  }

  public boolean aborts() {
    return action.equals(Act.ABORT.word());
  }

  public boolean rejects() {
    return action.equals(Act.REJECT.word());
  }

  public boolean approves() {
    return action.equals(Act.APPROVE.word()) || action.equals(Act.EDIT.word());
  }

  public boolean changesAsked() {
    return action.equals(Act.CHANGE.word());
  }
}
