package io.ligature.approval.desk;

import io.ligature.avro.Decision;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewAct;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a reviewer wants to do.
 *
 * @param decision of an act that is not to decide: of no meaning
 * @param edited output of an edit
 * @param to who shall have the review
 * @param until until when they shall
 */
public record Wish(
    ReviewAct act,
    Decision decision,
    String text,
    @Nullable Payload edited,
    @Nullable String to,
    @Nullable Instant until) {

  /** What it is about, in one word. */
  public String word() {
    return act == ReviewAct.decide ? decision.name() : act.name();
  }

  /** The same without anything that was written. */
  Wish bare() {
    return new Wish(act, decision, "", null, null, null);
  }

  public static Wish decide(Decision decision, String reason) {
    return new Wish(ReviewAct.decide, decision, reason, null, null, null);
  }

  public static Wish edit(Payload output, String reason) {
    return new Wish(ReviewAct.decide, Decision.edit_and_approve, reason, output, null, null);
  }

  public static Wish act(ReviewAct act, String text) {
    return new Wish(act, Decision.reject, text, null, null, null);
  }

  public static Wish delegate(String to, @Nullable Instant until, String reason) {
    return new Wish(ReviewAct.delegate, Decision.reject, reason, null, to, until);
  }
}
