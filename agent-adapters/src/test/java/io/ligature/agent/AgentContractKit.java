package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.avro.TaskEnvelope;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every adapter passes. A test of an adapter extends this class and says how to get agents
 * that behave in a certain way. Adapters whose agents speak the protocol of agents.md pass {@link
 * AgentProtocolKit} too.
 */
@Timeout(30)
public abstract class AgentContractKit {

  /** Shortest time in which an agent of this kind surely answers, slow machines included. */
  private static final Duration PLENTY = Duration.ofSeconds(20);

  /** An agent that answers at once with the output 1, and tells nothing else. */
  protected abstract AgentContract answering() throws Exception;

  /** An agent that begins to work, and does not answer for a minute. */
  protected abstract AgentContract hanging() throws Exception;

  /** An agent whose answer is larger than its settings allow; empty where there is no bound. */
  protected abstract Optional<AgentContract> oversize() throws Exception;

  /** An agent that cannot be reached at all; empty where that cannot happen. */
  protected abstract Optional<AgentContract> unreachable() throws Exception;

  /** Returns when the hanging agent has begun to work. */
  protected abstract void awaitBegun() throws Exception;

  /** Returns when the hanging agent no longer works. */
  protected abstract void awaitStopped() throws Exception;

  /** The idempotency key as the agent got it. */
  protected abstract Optional<String> lastIdempotencyKey() throws Exception;

  @Test
  void leavesUnknownWhatTheAgentDoesNotTell() throws Exception {
    assertThat(answering().call(call()).metadata()).isEqualTo(CallMetadata.UNKNOWN);
  }

  @Test
  void givesUpAtTheTimeoutAndStopsTheAgent() throws Exception {
    CallFailure failure = ((Failed) hanging().call(Calls.call(Duration.ofSeconds(1)))).failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(failure.possiblyBilled()).isTrue();
    awaitStopped();
  }

  @Test
  void stopsTheAgentWhenItsThreadIsInterrupted() throws Exception {
    AgentContract agent = hanging();
    CompletableFuture<AgentOutcome> outcome = new CompletableFuture<>();
    Thread caller = Thread.ofVirtual().start(() -> outcome.complete(agent.call(call())));
    awaitBegun();

    caller.interrupt();

    CallFailure failure = ((Failed) outcome.get(5, TimeUnit.SECONDS)).failure();
    assertThat(failure.kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(failure.possiblyBilled()).isTrue();
    awaitStopped();
  }

  @Test
  void refusesAnAnswerOverItsBoundWithTheRemedy() throws Exception {
    Optional<AgentContract> agent = oversize();
    if (agent.isPresent()) {
      CallFailure failure = failure(agent.get());

      assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
      assertThat(failure.message()).contains("more than").contains("raise settings.max");
      assertThat(failure.possiblyBilled()).isTrue();
    }
  }

  @Test
  void isNotBilledForAnAgentThatCannotBeReached() throws Exception {
    Optional<AgentContract> agent = unreachable();
    if (agent.isPresent()) {
      CallFailure failure = failure(agent.get());

      assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
      assertThat(failure.possiblyBilled()).isFalse();
    }
  }

  @Test
  void givesTheAttemptIdAsIdempotencyKey() throws Exception {
    answering().call(call());

    lastIdempotencyKey().ifPresent(key -> assertThat(key).isEqualTo("wf-1/research#2"));
  }

  @Test
  void givesTheIdOfAnAttemptDeepInATreeOfWorkflowsUnchanged() throws Exception {
    String attempt = "wf-1:sub:1/fan[7].draft~2.charge!#3";
    AgentCall call = call();

    answering()
        .call(
            new AgentCall(
                TaskEnvelope.newBuilder(call.envelope()).setId(attempt).build(),
                call.input(),
                call.agent(),
                call.timeout(),
                call.traceparent(),
                call.progress()));

    lastIdempotencyKey().ifPresent(key -> assertThat(key).isEqualTo(attempt));
  }

  private static AgentCall call() {
    return Calls.call(PLENTY);
  }

  private static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(call())).failure();
  }
}
