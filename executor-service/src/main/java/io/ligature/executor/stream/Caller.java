package io.ligature.executor.stream;

import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.ByHand;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.ProgressListener;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.Calls;
import io.ligature.executor.execution.Calls.Made;
import io.ligature.executor.execution.FinishedAttempts;
import io.ligature.executor.execution.FinishedAttempts.Finished;
import io.ligature.executor.stream.PartitionWork.Ticket;
import io.ligature.schemas.Money;
import io.opentelemetry.api.trace.Span;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes the calls, each on a virtual thread, and reports them. */
final class Caller {

  private static final Logger LOG = Logger.getLogger(Caller.class);

  /** How much later than its timeout a call is ended from outside. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String executor;
  private final Calls calls;
  private final Outbox outbox;
  private final FinishedAttempts finished;
  private final Statuses statuses;
  private final ExecutorMetrics metrics;
  private final Tracing tracing;
  private final Clock clock;
  private final Mail mail;
  private final Map<String, InFlight> inFlight;

  /**
   * @param inFlight by attempt
   * @param mail hears of each assignment record whose result is stored
   */
  Caller(
      String executor,
      Calls calls,
      Outbox outbox,
      FinishedAttempts finished,
      Map<String, InFlight> inFlight,
      Statuses statuses,
      ExecutorMetrics metrics,
      Tracing tracing,
      Clock clock,
      Mail mail) {
    this.executor = executor;
    this.calls = calls;
    this.outbox = outbox;
    this.finished = finished;
    this.inFlight = inFlight;
    this.statuses = statuses;
    this.metrics = metrics;
    this.tracing = tracing;
    this.clock = clock;
    this.mail = mail;
  }

  static Map<String, InFlight> board() {
    return new ConcurrentHashMap<>();
  }

  void start(
      TaskAssignment assignment, byte[] key, @Nullable String traceparent, List<Ticket> tickets) {
    InFlight call = new InFlight(assignment, key, traceparent, now());
    tickets.forEach(call::join);
    inFlight.put(call.attempt(), call);
    statuses.begun(assignment.getAgent());
    Thread.ofVirtual().name(call.attempt()).start(() -> run(call));
  }

  /** Says on the inbox that this executor is calling, once. */
  void claim(InFlight call) {
    if (call.claim()) {
      metrics.claimed();
      TaskStarted claim =
          new TaskStarted(
              call.attempt(),
              call.assignment.getEnvelope().getContext().getWorkflowId(),
              call.assignment.getAgent(),
              executor,
              call.startedAt);
      outbox.claim(call.key, claim, call.traceparent);
    }
  }

  /** Ends a call whose adapter does not keep to its timeout. */
  void watch(InFlight call) {
    Duration taken = Duration.ofNanos(System.nanoTime() - call.startedNanos);
    Duration timeout =
        Duration.ofMillis(call.assignment.getEnvelope().getConstraints().getTimeout());
    if (taken.compareTo(timeout.plus(GRACE)) > 0) {
      call.control.end(Ending.OVER_TIME, "over time");
    }
  }

  private void run(InFlight call) {
    TaskAssignment assignment = call.assignment;
    Span span = tracing.begin(assignment, call.traceparent);
    String traceparent = Tracing.traceparent(span, call.traceparent);
    Optional<Made> made =
        calls.make(assignment, call.control, traceparent, listener(call, traceparent));
    if (made.isEmpty()) {
      Tracing.end(span, "handed_over", true);
      statuses.handedOver(assignment.getAgent());
      inFlight.remove(call.attempt());
      call.finish();
      return;
    }
    TaskResult result = result(assignment, made.get());
    outbox.result(
        call.key,
        result,
        traceparent,
        (place, value) ->
            stored(
                call,
                new Finished(
                    place.partition(),
                    place.offset(),
                    place.timestamp(),
                    ByteBuffer.wrap(value),
                    System.nanoTime())));
    statuses.ended(assignment.getAgent(), made.get(), now());
    Failure error = result.getError();
    String outcome =
        result.getStatus() == ResultStatus.failure && error != null
            ? error.getKind()
            : result.getStatus().name();
    metrics.called(assignment.getAgent(), outcome, made.get().duration());
    Tracing.end(span, outcome, error == null);
    TaskEnvelope envelope = assignment.getEnvelope();
    LOG.debugf(
        "call ended workflowId=%s task=%s attempt=%s agent=%s outcome=%s duration=%s",
        envelope.getContext().getWorkflowId(),
        envelope.getContext().getTask(),
        envelope.getContext().getAttempt(),
        assignment.getAgent(),
        outcome,
        made.get().duration());
  }

  /** Remembered first and no longer in flight after, so that a duplicate always finds one. */
  private void stored(InFlight call, Finished place) {
    finished.put(call.attempt(), place);
    inFlight.remove(call.attempt());
    call.finish().forEach(mail::done);
  }

  private ProgressListener listener(InFlight call, @Nullable String traceparent) {
    return (share, message) ->
        outbox.progress(
            call.key,
            new TaskProgress(
                call.attempt(),
                call.assignment.getEnvelope().getContext().getWorkflowId(),
                executor,
                share,
                message,
                now()),
            traceparent);
  }

  private TaskResult result(TaskAssignment assignment, Made made) {
    AgentOutcome outcome = made.outcome();
    ResultStatus status =
        switch (outcome) {
          case Success _ -> ResultStatus.success;
          case NeedsReview _, ByHand _ -> ResultStatus.needs_review;
          case Failed _ -> ResultStatus.failure;
        };
    Failure error =
        switch (outcome) {
          case Success _ -> null;
          case NeedsReview review -> reason(review.reason());
          // A needs_review without an output: a person is to make it.
          case ByHand(String instructions, String role, _) ->
              reason(role == null ? instructions : instructions + " (for " + role + ")");
          case Failed(CallFailure failure, _) -> failure(failure);
        };
    TaskEnvelope envelope = assignment.getEnvelope();
    return new TaskResult(
        envelope.getId(),
        envelope.getContext().getWorkflowId(),
        status,
        made.output(),
        metadata(outcome.metadata(), made.duration()),
        error,
        assignment.getAgent(),
        executor,
        now(),
        null);
  }

  private static @Nullable Failure reason(@Nullable String reason) {
    return reason == null ? null : new Failure("low_confidence", reason, null, false);
  }

  private static Failure failure(CallFailure failure) {
    Duration retryAfter = failure.retryAfter();
    return new Failure(
        failure.kind().wireName(),
        failure.message(),
        retryAfter == null ? null : retryAfter.toMillis(),
        failure.possiblyBilled());
  }

  private static ResultMetadata metadata(CallMetadata told, Duration duration) {
    Money cost = told.cost();
    return new ResultMetadata(
        cost == null ? null : cost.toDecimal(),
        duration.toMillis(),
        told.model(),
        told.confidence(),
        told.inputTokens(),
        told.cachedInputTokens(),
        told.outputTokens(),
        told.providerRequestId(),
        Grade.clean,
        null,
        List.of(),
        null);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
