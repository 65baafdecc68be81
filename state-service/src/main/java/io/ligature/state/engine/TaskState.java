package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a task stands. */
public sealed interface TaskState {

  /** The task has not ended. */
  sealed interface Active extends TaskState {}

  /** The task has ended; there is no way out. */
  sealed interface Ended extends TaskState {}

  /** What a review is about. */
  enum Purpose {
    GATE,
    RESULT,
    BUDGET,
    /** A person does the task. */
    WORK
  }

  /** Its needs are not met; a task without a row is in this state. */
  record Pending() implements Active {}

  /**
   * Its attempt is offered and nobody has claimed it.
   *
   * @param offers how often it was offered again
   */
  record Scheduled(Instant expiresAt, int offers) implements Active {}

  /** An executor is calling the agent. */
  record Running(
      String agent,
      String executor,
      Instant since,
      Instant expiresAt,
      @Nullable Double share,
      @Nullable String message)
      implements Active {}

  /**
   * The router has no agent for it now.
   *
   * @param parked true: the router gave it back and it is offered again at {@code due}; false: the
   *     router still holds it
   */
  record WaitingForAgent(String reason, Instant due, boolean parked, int offers)
      implements Active {}

  /** The next attempt follows. */
  record WaitingForRetry(Instant dueAt, List<String> excludedAgents, String reason)
      implements Active {}

  /**
   * People decide.
   *
   * @param kind error kind that led here; null when none did
   * @param expiresAt null: waits as long as the workflow
   */
  record WaitingForReview(Purpose purpose, @Nullable String kind, @Nullable Instant expiresAt)
      implements Active {}

  /** Tasks inside of it run; how far they are stands in its row. */
  record Expanded() implements Active {}

  /** It waits for an instant. */
  record WaitingForTime(Instant dueAt) implements Active {}

  /**
   * It waits for an outside event.
   *
   * @param correlation null: any of that name
   */
  record WaitingForSignal(String name, @Nullable String correlation) implements Active {}

  /** A child workflow does its work. */
  record WaitingForChild(String childWorkflowId, String definition, int version)
      implements Active {}

  /**
   * A critic judges what an attempt made.
   *
   * @param critic path of the critic's own task
   */
  record BeingJudged(int attempt, String critic) implements Active {}

  /** It could go on, but the workflow is paused. */
  record Held(String reason) implements Active {}

  record Succeeded(Grade grade) implements Ended {}

  record Failed(Failure failure) implements Ended {}

  record Skipped(String reason) implements Ended {}

  record Cancelled(String reason) implements Ended {}

  /** The word for it in the view and in expressions' documentation. */
  default String wireName() {
    return switch (this) {
      case Pending s -> "pending";
      case Scheduled s -> "scheduled";
      case Running s -> "running";
      case WaitingForAgent s -> "waiting_for_agent";
      case WaitingForRetry s -> "waiting_for_retry";
      case WaitingForReview s -> "waiting_for_review";
      case Expanded s -> "expanded";
      case WaitingForTime s -> "waiting_for_time";
      case WaitingForSignal s -> "waiting_for_signal";
      case WaitingForChild s -> "waiting_for_child";
      case BeingJudged s -> "being_judged";
      case Held s -> "held";
      case Succeeded s -> "succeeded";
      case Failed s -> "failed";
      case Skipped s -> "skipped";
      case Cancelled s -> "cancelled";
    };
  }

  /** For people: why it waits or how it ended; null when there is nothing to say. */
  default @Nullable String reason() {
    return switch (this) {
      case WaitingForAgent s -> s.reason();
      case WaitingForRetry s -> s.reason();
      case Running s -> s.message();
      case Failed s -> s.failure().getKind() + ": " + s.failure().getMessage();
      case Skipped s -> s.reason();
      case Cancelled s -> s.reason();
      case Held s -> s.reason();
      case WaitingForSignal s ->
          s.correlation() == null ? s.name() : s.name() + " for " + s.correlation();
      case WaitingForChild s -> s.childWorkflowId();
      case BeingJudged s -> s.critic();
      case Pending s -> null;
      case Scheduled s -> null;
      case WaitingForReview s -> null;
      case Expanded s -> null;
      case WaitingForTime s -> null;
      case Succeeded s -> null;
    };
  }

  /** When it changes by itself; null: never. */
  default @Nullable Instant due() {
    return switch (this) {
      case Scheduled s -> s.expiresAt();
      case Running s -> s.expiresAt();
      case WaitingForAgent s -> s.due();
      case WaitingForRetry s -> s.dueAt();
      case WaitingForReview s -> s.expiresAt();
      case WaitingForTime s -> s.dueAt();
      case Pending s -> null;
      case Expanded s -> null;
      case WaitingForSignal s -> null;
      case WaitingForChild s -> null;
      case BeingJudged s -> null;
      case Held s -> null;
      case Ended s -> null;
    };
  }

  /** Whether it waits for something outside of the workflow's own rows. */
  default boolean isWaiting() {
    return switch (this) {
      case Scheduled s -> true;
      case Running s -> true;
      case WaitingForAgent s -> true;
      case WaitingForRetry s -> true;
      case WaitingForReview s -> true;
      case WaitingForTime s -> true;
      case WaitingForSignal s -> true;
      case WaitingForChild s -> true;
      case Pending s -> false;
      case Expanded s -> false;
      case BeingJudged s -> false;
      case Held s -> false;
      case Ended s -> false;
    };
  }
}
