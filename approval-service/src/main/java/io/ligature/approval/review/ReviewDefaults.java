package io.ligature.approval.review;

import io.ligature.avro.Escalation;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a review whose definition says nothing about it.
 *
 * @param remind when those who may decide are reminded
 * @param escalate who may decide as well, and from when on
 * @param expireAfter when the wait ends; null: with the workflow
 * @param onExpiry what that means
 */
public record ReviewDefaults(
    List<Duration> remind,
    List<Escalation> escalate,
    @Nullable Duration expireAfter,
    OnReviewExpiry onExpiry) {

  public static final ReviewDefaults NONE =
      new ReviewDefaults(List.of(), List.of(), null, OnReviewExpiry.reject);

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
    ReviewRule filled =
        new ReviewRule(
            rule.getRole(),
            rule.getQuorum(),
            rule.getFourEyes(),
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
            rule.getWorkingTime());
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
        ends ? endOf(request) : request.getExpiresAt(),
        request.getPurpose(),
        request.getMayChange(),
        request.getChanges(),
        request.getPassed(),
        request.getConsequences(),
        request.getWorstCases());
  }

  private @Nullable Instant endOf(NeedsReview request) {
    return expireAfter == null ? null : Clockwork.moment(request, expireAfter.toMillis());
  }
}
