package io.ligature.agent.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.AgentOutcome.Text;
import io.ligature.agent.CallFailure;
import io.ligature.agent.Calls;
import io.ligature.agent.ProgressListener;
import io.ligature.agent.SilentServer;
import io.ligature.avro.AgentCapability;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every adapter for models passes beside the contract: texts, JSON, prompts and streams. */
abstract class ModelAdapterKit extends ModelFailuresKit {
  // --- texts and JSON

  @Test
  void givesTextWhereThereIsNoSchemaWhateverItLooksLike() {
    respond(200, answer("{\"n\": 1}"));

    Success success = (Success) open("{}").call(call());

    assertThat(success.output()).isEqualTo(Calls.json("{\"text\": \"{\\\"n\\\": 1}\"}"));
    assertThat(format(request(0)).isMissingNode() || format(request(0)).isNull()).isTrue();
  }

  @Test
  void leavesUnknownWhatTheProviderDoesNotTell() {
    respond(200, answer("done"));

    assertThat(open("{}").call(call()).metadata().inputTokens()).isNull();
    assertThat(open("{}").call(call()).metadata().confidence()).isNull();
    assertThat(open("{}").call(call()).metadata().cost()).isNull();
  }

  @Test
  void parsesJsonWhereThereIsASchema() {
    respond(200, answer("{\"n\": 1}"));

    Success success = (Success) openWithSchema("{}").call(call());

    assertThat(success.output()).isEqualTo(Calls.json("{\"n\": 1}"));
    assertThat(format(request(0)).toString()).contains("\"additionalProperties\":false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"```json\n{\"n\": 1}\n```", "Sure: {\"n\": 1}", "{\"n\": 1,}", "no idea"})
  void handsOnTextWhereItExpectedJson(String text) {
    respond(200, answer(text));

    assertThat(openWithSchema("{}").call(call()))
        .isInstanceOfSatisfying(Text.class, got -> assertThat(got.text()).isEqualTo(text));
  }

  @Test
  void wrapsAnOutputThatIsNoObjectAndUnwrapsIt() {
    respond(200, answer("{\"output\": [1, 2]}"));
    String schema =
        "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/n\"},"
            + " \"$defs\": {\"n\": {\"type\": \"integer\"}}}";

    Success success =
        (Success)
            open("{}", new AgentCapability("web.research", null, schema), server.baseUrl())
                .call(call());

    assertThat(success.output()).isEqualTo(Calls.json("[1, 2]"));
    assertThat(success.metadata().confidence()).isNull();
    assertThat(format(request(0)).findPath("$defs").path("n").path("type").asText())
        .isEqualTo("integer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"confidence\": 0.8, \"output\": {\"n\": 1}} | 0.8",
        "{\"confidence\": 7, \"output\": {\"n\": 1}} |",
        "{\"confidence\": \"high\", \"output\": {\"n\": 1}} |",
        "{\"output\": {\"n\": 1}} |",
        "{\"n\": 1} |"
      })
  void takesTheConfidenceItAskedForAndInventsNone(String text, Double confidence) {
    respond(200, answer(text));

    Success success = (Success) openWithSchema("{\"askConfidence\": true}").call(call());

    assertThat(success.output()).isEqualTo(Calls.json("{\"n\": 1}"));
    assertThat(success.metadata().confidence()).isEqualTo(confidence);
  }

  @Test
  void leavesTheFencesToTheRepairButTakesItsWrapperAway() {
    respond(200, answer("```json\n{\"confidence\": 0.5, \"output\": {\"n\": 1}}\n```"));

    Text text = (Text) openWithSchema("{\"askConfidence\": true}").call(call());

    assertThat(text.text()).isEqualTo("```json\n{\"n\":1}\n```");
    assertThat(text.metadata().confidence()).isEqualTo(0.5);
  }

  // --- stepping down

  @Test
  void asksInAWeakerWayWhenTheFormatIsRefused() {
    respondInTurn(aResponse().withStatus(400).withBody(refusedFormat()), ok(answer("{\"n\": 1}")));
    AgentContract agent = openWithSchema("{}");

    assertThat(agent.call(call())).isInstanceOf(Success.class);

    assertThat(requests()).hasSize(2);
    assertThat(prompt(request(0))).doesNotContain("additionalProperties");
    assertThat(prompt(request(1))).contains("additionalProperties");
    assertThat(requests().get(0).getHeader("Idempotency-Key")).isEqualTo("wf-1/research#2");
    assertThat(requests().get(1).getHeader("Idempotency-Key")).startsWith("wf-1/research#2;");
  }

  @Test
  void remembersThatAFormatWasRefused() {
    respondInTurn(aResponse().withStatus(400).withBody(refusedFormat()), ok(answer("{\"n\": 1}")));
    AgentContract agent = openWithSchema("{}");

    agent.call(call());
    agent.call(call());

    assertThat(requests()).hasSize(3);
    assertThat(request(2)).isEqualTo(request(1));
  }

  @Test
  void stopsAskingWhenEveryFormatIsRefused() {
    respond(400, refusedFormat());

    CallFailure failure = failure(openWithSchema("{}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_INPUT);
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(requests()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void neverStepsDownInTheSameCallOnceAnAnswerWasPaid() {
    respond(200, answer("Sure!"));
    AgentContract agent = openWithSchema("{}");

    agent.call(call());

    assertThat(requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sure!", "{\"other\": true}"})
  void stepsDownAtTheNextCallWhenTheSchemaWasIgnored(String ignorant) {
    respondInTurn(ok(answer(ignorant)), ok(answer("{\"n\": 1}")));
    AgentContract agent = openWithSchema("{}");

    agent.call(call());
    agent.call(call());

    assertThat(requests()).hasSize(2);
    assertThat(prompt(request(0))).doesNotContain("additionalProperties");
    assertThat(prompt(request(1))).contains("additionalProperties");
  }

  @Test
  void doesNotStepDownForAnotherFailure() {
    respondInTurn(
        aResponse().withStatus(400).withBody("{\"error\": {\"message\": \"bad role\"}}"),
        ok(answer("{\"n\": 1}")));
    AgentContract agent = openWithSchema("{}");

    assertThat(failure(agent).kind()).isEqualTo(ErrorKind.INVALID_INPUT);
    agent.call(call());

    assertThat(requests()).hasSize(2);
    assertThat(request(1)).isEqualTo(request(0));
  }

  @Test
  void beginsWhereTheSettingsSay() {
    respond(200, answer("{\"n\": 1}"));

    openWithSchema("{\"structuredOutput\": \"prompt\"}").call(call());

    assertThat(format(request(0)).isMissingNode() || format(request(0)).isNull()).isTrue();
    assertThat(prompt(request(0))).contains("additionalProperties");
    assertThat(lastIdempotencyKey()).contains("wf-1/research#2");
  }

  // --- prompts

  @Test
  void tellsTheModelItsTaskItsInputAndWhatTheReviewerWants() {
    respond(200, answer("done"));

    open("{\"instructions\": \"Be brief.\"}").call(call());

    assertThat(prompt(request(0)))
        .contains("web.research", "Be brief.", "\"query\" : \"q\"", "shorter")
        .doesNotContain("oops");
  }

  // --- streams

  private static ProgressListener listener(Consumer<String> pieces) {
    return new ProgressListener() {
      @Override
      public void progress(Double share, String message) {
        pieces.accept("progress");
      }

      @Override
      public void partial(String text) {
        pieces.accept(text);
      }
    };
  }

  @Test
  void reportsThePiecesOfAStreamAndGivesTheWhole() {
    respondWithStream(stream("hel", "lo"));
    List<String> heard = new ArrayList<>();

    AgentOutcome outcome =
        open("{\"stream\": true}").call(Calls.call(PLENTY, listener(heard::add)));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Success.class,
            got -> assertThat(got.output()).isEqualTo(Calls.json("{\"text\": \"hello\"}")));
    assertThat(heard).containsExactly("hel", "lo");
  }

  @Test
  void mayBeBilledForAStreamThatEndsTooEarly() {
    respondWithStream(brokenStream("hel"));

    CallFailure failure = failure(open("{\"stream\": true}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
    assertThat(requests()).hasSize(1);
  }

  @Test
  void timesOutInTheMiddleOfAStream() {
    respond(
        aResponse()
            .withHeader("Content-Type", "text/event-stream")
            .withBody(stream("hel", "lo"))
            .withChunkedDribbleDelay(10, 60_000));

    AgentOutcome outcome = open("{\"stream\": true}").call(Calls.call(Duration.ofSeconds(1)));

    assertThat(failureOf(outcome).kind()).isEqualTo(ErrorKind.TIMEOUT);
  }

  private AgentContract streamingSilently() throws IOException {
    silent =
        new SilentServer(
            "web.research",
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + brokenStream("hel"));
    return open(
        "{\"stream\": true}", new AgentCapability("web.research", null, null), silent.url());
  }

  @Test
  void closesTheConnectionOfAStreamThatFallsSilent() throws Exception {
    AgentOutcome outcome = streamingSilently().call(Calls.call(Duration.ofSeconds(1)));

    assertThat(failureOf(outcome).kind()).isEqualTo(ErrorKind.TIMEOUT);
    silent.awaitClosed();
  }

  @Test
  void closesTheConnectionOfAStreamWhoseCallerIsInterrupted() throws Exception {
    AgentContract agent = streamingSilently();
    CompletableFuture<String> heard = new CompletableFuture<>();
    CompletableFuture<AgentOutcome> outcome = new CompletableFuture<>();
    AgentCall call = Calls.call(PLENTY, listener(heard::complete));
    Thread caller = Thread.ofVirtual().start(() -> outcome.complete(agent.call(call)));
    assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("hel");

    caller.interrupt();

    CallFailure failure = failureOf(outcome.get(5, TimeUnit.SECONDS));
    assertThat(failure.kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(failure.possiblyBilled()).isTrue();
    silent.awaitClosed();
  }

  @Test
  void refusesAStreamOverItsBound() {
    respondWithStream(stream("x".repeat(2_000)));

    CallFailure failure = failure(open("{\"stream\": true, \"maxResponseBytes\": 1999}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.message()).contains("raise settings.maxResponseBytes");
  }

  @Test
  void asksOnceForAStreamThatIsRefused() {
    respond(aResponse().withStatus(429).withHeader("Retry-After", "3").withBody("{}"));

    CallFailure failure = failure(open("{\"stream\": true}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void saysWhatToDoWithAnEndpointThatKnowsNoStreams() {
    respond(ok(answer("done")).withHeader("Content-Type", "application/json"));

    CallFailure failure = failure(open("{\"stream\": true}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.message()).contains("set settings.stream to false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: {\n\n", "hello", "data: [1]\n\n", ""})
  void takesNoGarbageForAStream(String garbage) {
    respondWithStream(garbage);

    CallFailure failure = failure(open("{\"stream\": true}"));

    assertThat(failure.kind()).isIn(ErrorKind.SCHEMA_MISMATCH, ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
  }
}
