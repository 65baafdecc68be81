package io.ligature.router.statistics;

import io.ligature.avro.AttemptAnswered;
import io.ligature.avro.AttemptFailed;
import io.ligature.avro.AttemptScheduled;
import io.ligature.avro.AttemptStarted;
import io.ligature.avro.Decision;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ReviewDecided;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRequested;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.ShadowRecorded;
import io.ligature.avro.TaskSucceeded;
import io.ligature.avro.WorkflowEvent;
import io.ligature.router.routing.Samples;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of attempts as tests need them. */
public final class Events {

  public static final Instant NOW = Samples.NOW;

  private Events() {}

  public static WorkflowEvent scheduled(String attempt, Instant at) {
    return event(
        attempt,
        at,
        AttemptScheduled.newBuilder()
            .setEnvelope(Samples.task(attempt).build())
            .setHold(Money.ZERO.toDecimal())
            .setExpiresAt(at)
            .build());
  }

  static WorkflowEvent started(String attempt, String agent, Instant at) {
    return event(attempt, at, new AttemptStarted(attempt, agent, "executor-1", at));
  }

  static ResultMetadata.Builder figures(@Nullable Double confidence) {
    return ResultMetadata.newBuilder()
        .setDuration(100)
        .setCost(Money.of("0.02").toDecimal())
        .setConfidence(confidence)
        .setInputTokens(1000L)
        .setOutputTokens(200L);
  }

  public static WorkflowEvent succeeded(
      String attempt, String agent, @Nullable ResultMetadata figures, Grade grade, Instant at) {
    AttemptId id = AttemptId.parse(attempt);
    return event(
        attempt,
        at,
        TaskSucceeded.newBuilder()
            .setTask(id.task())
            .setAttempt(id.number())
            .setAgent(agent)
            .setMetadata(figures)
            .setGrade(grade)
            .setCharged(Money.of("0.02").toDecimal())
            .build());
  }

  static WorkflowEvent answered(String attempt, String agent, ResultMetadata figures, Instant at) {
    return event(
        attempt,
        at,
        AttemptAnswered.newBuilder()
            .setId(attempt)
            .setAgent(agent)
            .setMetadata(figures)
            .setGrade(Grade.clean)
            .setCharged(Money.of("0.02").toDecimal())
            .setCritic("t!check1")
            .build());
  }

  public static WorkflowEvent failed(
      String attempt,
      @Nullable String agent,
      String kind,
      @Nullable ResultMetadata figures,
      Instant at) {
    return event(
        attempt,
        at,
        AttemptFailed.newBuilder()
            .setId(attempt)
            .setAgent(agent)
            .setFailure(new Failure(kind, "told", null, false))
            .setMetadata(figures)
            .setCharged(Money.ZERO.toDecimal())
            .build());
  }

  static WorkflowEvent shadow(
      String attempt, String agent, ResultStatus status, @Nullable Boolean agrees, Instant at) {
    return event(
        attempt,
        at,
        ShadowRecorded.newBuilder()
            .setId(attempt)
            .setAgent(agent)
            .setExecutor("executor-1")
            .setStatus(status)
            .setAgrees(agrees)
            .setMetadata(figures(null).build())
            .build());
  }

  /** The agent asks for a review of its result; without an agent a failure led there. */
  static WorkflowEvent asked(
      String attempt,
      String purpose,
      @Nullable String agent,
      @Nullable ResultMetadata figures,
      Instant at) {
    return requested(attempt, purpose, agent, figures, List.of(), null, at);
  }

  /** A gate asks about the output of an agent. */
  static WorkflowEvent gate(
      String attempt, String agent, double confidence, String output, String subject, Instant at) {
    Evidence evidence =
        Evidence.newBuilder()
            .setTask("made")
            .setCapability(Samples.CAPABILITY)
            .setOutput(payload(output))
            .setAgent(agent)
            .setConfidence(confidence)
            .build();
    return requested(attempt, "gate", null, null, List.of(evidence), payload(subject), at);
  }

  private static WorkflowEvent requested(
      String attempt,
      String purpose,
      @Nullable String agent,
      @Nullable ResultMetadata figures,
      List<Evidence> evidence,
      @Nullable Payload subject,
      Instant at) {
    AttemptId id = AttemptId.parse(attempt);
    return event(
        attempt,
        at,
        ReviewRequested.newBuilder()
            .setReview(
                NeedsReview.newBuilder()
                    .setReviewId(id.workflowId() + ":" + id.task() + ":1")
                    .setWorkflowId(id.workflowId())
                    .setRootWorkflowId(id.workflowId())
                    .setDefinition("d")
                    .setTask(id.task())
                    .setTenant("default")
                    .setRequester("ada")
                    .setReason("told")
                    .setRule(ReviewRule.newBuilder().setRole("reviewer").build())
                    .setSubject(subject)
                    .setEvidence(evidence)
                    .setSpent(Money.ZERO.toDecimal())
                    .setRequestedAt(at)
                    .build())
            .setMetadata(figures)
            .setAgent(agent)
            .setAttempt(agent == null ? 0 : id.number())
            .setCharged(Money.of("0.02").toDecimal())
            .setPurpose(purpose)
            .build());
  }

  static WorkflowEvent decided(String attempt, Decision decision, String reviewer, Instant at) {
    AttemptId id = AttemptId.parse(attempt);
    return event(
        attempt,
        at,
        new ReviewDecided(
            id.task(),
            ReviewDecision.newBuilder()
                .setDecisionId("d")
                .setReviewId("r")
                .setWorkflowId(id.workflowId())
                .setRootWorkflowId(id.workflowId())
                .setDecision(decision)
                .setReviewer(reviewer)
                .setRole("reviewer")
                .setReason("told")
                .setDecidedAt(at)
                .build()));
  }

  private static Payload payload(String text) {
    return Payloads.of(Payloads.JSON_TYPE, text.getBytes(StandardCharsets.UTF_8));
  }

  static WorkflowEvent event(String attempt, Instant at, Object body) {
    AttemptId id = AttemptId.parse(attempt);
    return WorkflowEvent.newBuilder()
        .setWorkflowId(id.workflowId())
        .setRootWorkflowId(id.workflowId())
        .setSequence(1)
        .setAt(at)
        .setActor("engine")
        .setCause("TaskResult")
        .setCauseId(attempt)
        .setBody(body)
        .build();
  }
}
