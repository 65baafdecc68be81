package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.avro.TaskEnvelope;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every adapter passes. A test of an adapter extends this class and says how to get agents
 * that behave in a certain way.
 */
@Timeout(30)
public abstract class AgentContractKit {

  /** Shortest time in which an agent of this kind surely answers, slow machines included. */
  private static final Duration PLENTY = Duration.ofSeconds(20);

  /** An agent that answers with this text, which may be anything. */
  protected abstract AgentContract answering(String answer) throws Exception;

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

  /** The last request as the agent got it; empty where requests are not written down. */
  protected abstract Optional<JsonNode> lastRequest() throws Exception;

  /** The idempotency key as the agent got it. */
  protected abstract Optional<String> lastIdempotencyKey() throws Exception;

  @Test
  void givesTheOutputAndWhatTheAgentToldOfIt() throws Exception {
    AgentOutcome outcome =
        answering(
                """
                {"status": "success", "output": {"text": "héllo"}, "metadata": {"cost": "0.02",
                 "confidence": 0.9, "model": "m-1", "inputTokens": 7, "cachedInputTokens": 3,
                 "outputTokens": 2, "providerRequestId": "r-1"}}
                """)
            .call(call());

    assertThat(outcome)
        .isEqualTo(
            new Success(
                Calls.json("{\"text\": \"héllo\"}"),
                new CallMetadata(Money.of("0.02"), 0.9, "m-1", 7L, 3L, 2L, "r-1")));
  }

  @Test
  void takesAnAnswerWithoutStatusAsSuccess() throws Exception {
    assertThat(answering("{\"output\": null}").call(call())).isInstanceOf(Success.class);
  }

  @Test
  void leavesUnknownWhatTheAgentDoesNotTell() throws Exception {
    assertThat(answering("{\"output\": 1}").call(call()).metadata())
        .isEqualTo(CallMetadata.UNKNOWN);
  }

  @Test
  void handsTheWishForAReviewOnWithItsReason() throws Exception {
    AgentOutcome outcome =
        answering(
                """
                {"status": "needs_review", "output": {"a": 1}, "error": {"message": "two readings"}}
                """)
            .call(call());

    assertThat(outcome)
        .isEqualTo(new NeedsReview(Calls.json("{\"a\": 1}"), CallMetadata.UNKNOWN, "two readings"));
  }

  @ParameterizedTest
  @EnumSource(ErrorKind.class)
  void keepsTheKindOfAFailure(ErrorKind kind) throws Exception {
    AgentOutcome outcome =
        answering(
                """
                {"status": "failure", "metadata": {"cost": 0.5}, "error": {"kind": "%s",
                 "message": "no", "retryAfter": "PT5S", "possiblyBilled": true}}
                """
                    .formatted(kind.wireName()))
            .call(call());

    assertThat(outcome)
        .isEqualTo(
            new Failed(
                new CallFailure(kind, "no", Duration.ofSeconds(5), true),
                CallMetadata.UNKNOWN.withCost(Money.of("0.5"))));
  }

  @Test
  void namesAnUnknownKindOfFailure() throws Exception {
    CallFailure failure =
        failure(answering("{\"error\": {\"kind\": \"sunspots\", \"message\": \"no\"}}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.MODEL_ERROR);
    assertThat(failure.message()).contains("sunspots").contains("no");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "hello",
        "[1]",
        "{}",
        "{\"status\": \"success\"}",
        "{\"status\": \"great\", \"output\": 1}",
        "{\"output\": 1} {\"output\": 2}",
        "{\"output\": 1, \"metadata\": {\"cost\": -1}}",
        "{\"output\": 1, \"metadata\": {\"cost\": \"a lot\"}}",
        "{\"output\": 1, \"metadata\": {\"confidence\": 7}}",
        "{\"output\": 1, \"metadata\": {\"inputTokens\": 1.5}}",
        "{\"status\": \"failure\", \"error\": {\"kind\": \"timeout\", \"retryAfter\": \"soon\"}}"
      })
  void callsAnythingElseAMismatchThatMayBeBilled(String garbage) throws Exception {
    CallFailure failure = failure(answering(garbage));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.possiblyBilled()).isTrue();
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
  void tellsTheAgentEverythingTheProtocolPromises() throws Exception {
    answering("{\"output\": 1}").call(call());

    lastRequest()
        .ifPresent(request -> assertThat(request).isEqualTo(Calls.expectedRequest(PLENTY)));
  }

  @Test
  void givesTheAttemptIdAsIdempotencyKey() throws Exception {
    answering("{\"output\": 1}").call(call());

    lastIdempotencyKey().ifPresent(key -> assertThat(key).isEqualTo("wf-1/research#2"));
  }

  @Test
  void givesTheIdOfAnAttemptDeepInATreeOfWorkflowsUnchanged() throws Exception {
    String attempt = "wf-1:sub:1/fan[7].draft~2.charge!#3";
    AgentCall call = call();

    answering("{\"output\": 1}")
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
