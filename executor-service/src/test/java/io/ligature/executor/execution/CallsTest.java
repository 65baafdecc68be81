package io.ligature.executor.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ligature.agent.Adapters;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.ProgressListener;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Payload;
import io.ligature.avro.Price;
import io.ligature.avro.TaskAssignment;
import io.ligature.executor.FakeAdapter;
import io.ligature.executor.Samples;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.Calls.Made;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallsTest {

  private static final String ATTEMPT = "wf-1/echo#1";
  private static final String NEEDS_N =
      "{\"type\": \"object\", \"required\": [\"n\"], \"properties\": {\"n\": {\"type\": \"integer\"}}}";

  private final FakeAdapter adapter = new FakeAdapter();
  private final Map<String, AgentRegistration> known = new HashMap<>();
  private final Map<String, AgentRegistration> onTheirWay = new HashMap<>();
  private final CallControl control = new CallControl();
  private final Calls calls =
      new Calls(
          new AgentDirectory() {
            @Override
            public AgentRegistration find(String agent) {
              return known.get(agent);
            }

            @Override
            public void refresh() {
              known.putAll(onTheirWay);
            }
          },
          new Adapters(List.of(adapter)),
          new PayloadLimit(1_000),
          Clock.systemUTC());

  private Made make(TaskAssignment assignment) {
    return calls.make(assignment, control, null, ProgressListener.NONE).orElseThrow();
  }

  private Made make(Payload input) {
    return make(Samples.assignment(Samples.envelope(ATTEMPT, input, Duration.ofMinutes(1)), "a"));
  }

  private static CallFailure failure(Made made) {
    return ((Failed) made.outcome()).failure();
  }

  private void register(String input, String output) {
    known.put("a", Samples.agent("a", "fake", "{}", input, output));
  }

  @Test
  void givesTheOutputWithTheRegisteredPrice() {
    register(NEEDS_N, NEEDS_N);

    Made made = make(Samples.json("{\"n\": 1}"));

    assertThat(Payloads.parse(made.output())).isEqualTo(Payloads.parse(Samples.json("{\"n\":1}")));
    assertThat(made.outcome().metadata().cost()).isEqualTo(Money.of("0.02"));
    assertThat(made.reached()).isTrue();
  }

  @Test
  void looksOnceMoreForAnAgentItDoesNotKnow() {
    onTheirWay.put("a", Samples.agent("a", "fake"));

    assertThat(make(Samples.json("1")).output()).isNotNull();
  }

  @Test
  void looksOnceMoreWhenTheRouterSawAnotherVersion() {
    known.put("a", Samples.agent("a", "no-such-adapter"));
    AgentRegistration newer = Samples.agent("a", "fake");
    newer = AgentRegistration.newBuilder(newer).setVersion("2").build();
    onTheirWay.put("a", newer);
    TaskAssignment old = Samples.assignment(ATTEMPT, "a");
    TaskAssignment assignment = TaskAssignment.newBuilder(old).setAgentVersion("2").build();

    assertThat(make(assignment).output()).isNotNull();
  }

  @Test
  void hasNoAgentWhenNobodyRegisteredIt() {
    CallFailure failure = failure(make(Samples.json("1")));

    assertThat(failure)
        .isEqualTo(CallFailure.unbilled(ErrorKind.NO_AGENT, "agent a is not registered"));
  }

  @Test
  void namesTheAdaptersItHas() {
    known.put("a", Samples.agent("a", "pigeon"));

    assertThat(failure(make(Samples.json("1"))).message())
        .isEqualTo("agent a: this executor has no adapter 'pigeon'; it has fake");
  }

  @Test
  void saysWhatIsWrongWithAnAgentsSettings() {
    known.put("a", Samples.agent("a", "fake", "{", null, null));

    assertThat(failure(make(Samples.json("1"))).message()).contains("settings are not JSON");
  }

  @Test
  void saysWhichSchemaIsUnusable() {
    register("{\"type\": 7", null);

    assertThat(failure(make(Samples.json("1"))))
        .matches(failure -> failure.kind() == ErrorKind.NO_AGENT)
        .matches(failure -> failure.message().contains("text.echo.inputSchema: not a usable"));
  }

  @Test
  void refusesACapabilityTheAgentDoesNotOffer() {
    AgentRegistration other =
        AgentRegistration.newBuilder(Samples.agent("a", "fake")).setCapabilities(List.of()).build();
    known.put("a", other);

    assertThat(failure(make(Samples.json("1"))).message())
        .isEqualTo("agent a: version 1 does not offer text.echo");
  }

  @Test
  void refusesInputWithItsViolationsAndCallsNobody() {
    register(NEEDS_N, null);

    Made made = make(Samples.json("{\"n\": \"secret text\"}"));

    assertThat(failure(made).kind()).isEqualTo(ErrorKind.INVALID_INPUT);
    assertThat(failure(made).message()).contains("/n").contains("integer");
    assertThat(failure(made).message()).doesNotContain("secret text");
    assertThat(made.reached()).isFalse();
    assertThat(adapter.calls(ATTEMPT)).isZero();
  }

  @Test
  void refusesInputThatIsNotJson() {
    register(null, null);

    assertThat(failure(make(Samples.json("{"))).kind()).isEqualTo(ErrorKind.INVALID_INPUT);
  }

  @Test
  void refusesInputThatIsKeptElsewhere() {
    register(null, null);

    CallFailure failure =
        failure(make(new Payload("application/json", 1L, "x", null, "s3://bucket/key")));

    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_INPUT);
    assertThat(failure.message()).contains("s3://bucket/key");
  }

  @Test
  void tellsTheViolationsOfAnOutputAndItsCost() {
    register(null, NEEDS_N);

    Made made = make(Samples.json("{}"));

    assertThat(failure(made).kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure(made).message()).contains("required").contains("'n'");
    assertThat(failure(made).possiblyBilled()).isTrue();
    assertThat(made.outcome().metadata().cost()).isEqualTo(Money.of("0.02"));
  }

  @Test
  void refusesAnOutputThatNoTopicTakes() {
    register(null, null);
    adapter.answer(
        call ->
            new AgentOutcome.Success(
                JsonNodeFactory.instance.textNode("x".repeat(999)), CallMetadata.UNKNOWN));

    CallFailure failure = failure(make(Samples.json("1")));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.message()).contains("output has 1001 bytes");
  }

  @Test
  void checksTheOutputThatNeedsReviewToo() {
    register(null, NEEDS_N);
    adapter.answer(
        call -> new AgentOutcome.NeedsReview(call.input(), CallMetadata.UNKNOWN, "unsure"));

    assertThat(failure(make(Samples.json("{}"))).kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
  }

  @Test
  void asksForAPersonWithoutAnOutputAndAtTheRegisteredPrice() {
    register(null, NEEDS_N);
    adapter.answer(call -> new AgentOutcome.ByHand("read it", "editor", CallMetadata.UNKNOWN));

    Made made = make(Samples.json("{}"));

    assertThat(made.outcome())
        .isEqualTo(
            new AgentOutcome.ByHand(
                "read it", "editor", CallMetadata.UNKNOWN.withCost(Money.of("0.02"))));
    assertThat(made.output()).isNull();
    assertThat(made.reached()).isTrue();
  }

  @Test
  void doesNotCallWhenItsTimeIsOver() {
    register(null, null);
    TaskAssignment late =
        TaskAssignment.newBuilder(Samples.assignment(ATTEMPT, "a"))
            .setEnvelope(
                io.ligature.avro.TaskEnvelope.newBuilder(
                        Samples.envelope(ATTEMPT, Samples.json("1"), Duration.ofMinutes(1)))
                    .setNotAfter(Instant.ofEpochMilli(1))
                    .build())
            .build();

    assertThat(failure(make(late)).kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(adapter.calls(ATTEMPT)).isZero();
  }

  @Test
  void leavesTheCostOfAFailureUnknown() {
    register(null, null);
    adapter.answer(call -> AgentOutcome.possiblyBilled(ErrorKind.TIMEOUT, "no"));

    Made made = make(Samples.json("1"));

    assertThat(made.outcome().metadata().cost()).isNull();
    assertThat(failure(made).possiblyBilled()).isTrue();
  }

  @Test
  void isNeverBilledForAFreeAgent() {
    known.put(
        "a",
        AgentRegistration.newBuilder(Samples.agent("a", "fake"))
            .setPrice(new Price(Money.ZERO.toDecimal(), null, null, null, null, null, null))
            .build());
    adapter.answer(call -> AgentOutcome.possiblyBilled(ErrorKind.TIMEOUT, "no"));

    Made made = make(Samples.json("1"));

    assertThat(made.outcome().metadata().cost()).isEqualTo(Money.ZERO);
    assertThat(failure(made).possiblyBilled()).isFalse();
  }

  @Test
  void makesAFailureOfABugInAnAdapter() {
    known.put("a", Samples.agent("a", "fake", "{\"throws\": true}", null, null));

    assertThat(failure(make(Samples.json("1"))).kind()).isEqualTo(ErrorKind.MODEL_ERROR);
  }

  @Test
  void tellsWhyACallWasCancelled() throws Exception {
    assertThat(failure(endedWith(Ending.CANCELLED).orElseThrow()))
        .isEqualTo(
            CallFailure.possiblyBilled(
                ErrorKind.CANCELLED, "cancelled during the call: no longer needed"));
  }

  @Test
  void callsWhatOutstaysItsTimeATimeout() throws Exception {
    assertThat(failure(endedWith(Ending.OVER_TIME).orElseThrow()).kind())
        .isEqualTo(ErrorKind.TIMEOUT);
  }

  @Test
  void reportsNothingOfACallThatIsHandedOver() throws Exception {
    assertThat(endedWith(Ending.HANDED_OVER)).isEmpty();
  }

  @Test
  void doesNotBeginACallThatWasCancelledBefore() {
    register(null, null);
    control.end(Ending.CANCELLED, "no longer needed");

    assertThat(failure(make(Samples.json("1"))))
        .isEqualTo(
            CallFailure.unbilled(
                ErrorKind.CANCELLED, "cancelled before the call: no longer needed"));
    assertThat(adapter.calls(ATTEMPT)).isZero();
  }

  private Optional<Made> endedWith(Ending ending) throws Exception {
    register(null, null);
    adapter.hold(ATTEMPT);
    CompletableFuture<Optional<Made>> made = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                made.complete(
                    calls.make(
                        Samples.assignment(ATTEMPT, "a"), control, null, ProgressListener.NONE)));
    await().until(() -> adapter.calls(ATTEMPT) == 1);
    control.end(ending, "no longer needed");
    return made.get(5, TimeUnit.SECONDS);
  }
}
