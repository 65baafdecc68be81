package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every adapter passes whose agents speak the protocol of agents.md. */
public abstract class AgentProtocolKit extends AgentContractKit {

  private static final Duration PLENTY = Duration.ofSeconds(20);

  /** An agent that answers with this text, which may be anything. */
  protected abstract AgentContract answering(String answer) throws Exception;

  /** The last request as the agent got it; empty where requests are not written down. */
  protected abstract Optional<JsonNode> lastRequest() throws Exception;

  @Override
  protected AgentContract answering() throws Exception {
    return answering("{\"output\": 1}");
  }

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
  @ValueSource(
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
  void tellsTheAgentEverythingTheProtocolPromises() throws Exception {
    answering("{\"output\": 1}").call(call());

    lastRequest()
        .ifPresent(request -> assertThat(request).isEqualTo(Calls.expectedRequest(PLENTY)));
  }

  private static AgentCall call() {
    return Calls.call(PLENTY);
  }

  private static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(call())).failure();
  }
}
