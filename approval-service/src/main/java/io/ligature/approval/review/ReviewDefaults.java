package io.ligature.approval.review;

import io.ligature.avro.Escalation;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a review whose definition says nothing about it, and what holds for all.
 *
 * @param remind when those who may decide are reminded
 * @param escalate who may decide as well, and from when on
 * @param expireAfter when the wait ends; null: with the workflow
 * @param onExpiry what that means
 * @param hours when people work: how the times above are counted where the definition has none of
 *     its own; null: always
 * @param leastQuorum approvals that gates and results need, whatever their definition says
 * @param fourEyes true: nobody decides in a workflow that they started
 */
public record ReviewDefaults(
    List<Duration> remind,
    List<Escalation> escalate,
    @Nullable Duration expireAfter,
    OnReviewExpiry onExpiry,
    @Nullable WorkingTime hours,
    int leastQuorum,
    boolean fourEyes) {

  public static final ReviewDefaults NONE =
      new ReviewDefaults(List.of(), List.of(), null, OnReviewExpiry.reject, null, 1, false);

  public ReviewDefaults {
    remind = List.copyOf(remind);
    escalate = List.copyOf(escalate);
  }

  /** The request with the defaults where it has nothing of its own. */
  public NeedsReview of(NeedsReview request) {
    ReviewRule rule = request.getRule();
    // An own ladder that ends with the last step is meant to wait for whoever is on it.
    boolean climbs = !rule.getEscalate().isEmpty();
    boolean ends = request.getExpiresAt() == null && expireAfter != null && !climbs;
    boolean timeless =
        !climbs && request.getExpiresAt() == null && rule.getRemindAfterMs().isEmpty();
    WorkingTime counted = rule.getWorkingTime() == null && timeless ? hours : rule.getWorkingTime();
    ReviewRule filled =
        new ReviewRule(
            rule.getRole(),
            isWeighed(request) ? Math.max(rule.getQuorum(), leastQuorum) : rule.getQuorum(),
            rule.getFourEyes() || fourEyes,
            rule.getEdit(),
            rule.getRoles(),
            rule.getUsers(),
            rule.getRejections(),
            rule.getOtherThanBefore(),
            rule.getMaxChanges(),
            rule.getRemindAfterMs().isEmpty()
                ? remind.stream().map(Duration::toMillis).toList()
                : rule.getRemindAfterMs(),
            climbs ? rule.getEscalate() : escalate,
            ends ? onExpiry : rule.getOnExpiry(),
            counted);
    return new NeedsReview(
        request.getReviewId(),
        request.getWorkflowId(),
        request.getRootWorkflowId(),
        request.getDefinition(),
        request.getTask(),
        request.getTenant(),
        request.getRequester(),
        request.getReason(),
        filled,
        request.getSubject(),
        request.getOutputSchema(),
        request.getEvidence(),
        request.getOnApproval(),
        request.getOnRejection(),
        request.getSpent(),
        request.getRemaining(),
        request.getRequestedAt(),
        ends ? endOf(request, counted) : request.getExpiresAt(),
        request.getPurpose(),
        request.getMayChange(),
        request.getChanges(),
        request.getPassed(),
        request.getConsequences(),
        request.getWorstCases());
  }

  /** Not a person's own work, nor a question of money. */
  private static boolean isWeighed(NeedsReview request) {
    return !request.getPurpose().equals("work") && !request.getPurpose().equals("budget");
  }

  private @Nullable Instant endOf(NeedsReview request, @Nullable WorkingTime counted) {
    return expireAfter == null
        ? null
        : Clockwork.moment(request.getRequestedAt(), counted, expireAfter.toMillis());
  }
}
