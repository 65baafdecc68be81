package io.ligature.agent.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentContractKit;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.AgentOutcome.Text;
import io.ligature.agent.CallFailure;
import io.ligature.agent.Calls;
import io.ligature.agent.InvalidSettingsException;
import io.ligature.agent.ProgressListener;
import io.ligature.agent.Secrets;
import io.ligature.agent.SilentServer;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every adapter for models passes beside the contract, against a server that answers as its
 * provider does.
 */
abstract class ModelAdapterKit extends AgentContractKit {

  protected static final String SCHEMA =
      "{\"type\": \"object\", \"properties\": {\"n\": {\"type\": \"integer\"}},"
          + " \"required\": [\"n\"], \"additionalProperties\": false}";

  private static final Duration PLENTY = Duration.ofSeconds(20);
  private static final String KEY = "k-secret-1";
  private static final Secrets SECRETS = Secrets.of(Map.of("KEY", KEY, "BROKEN", "a\nb")::get);

  protected static WireMockServer server;

  private ModelAdapter adapter;
  private SilentServer silent;

  @BeforeAll
  static void start() {
    server = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @AfterEach
  void release() throws IOException {
    server.resetAll();
    if (adapter != null) {
      adapter.close();
    }
    if (silent != null) {
      silent.close();
    }
  }

  protected abstract Provider provider();

  /** A whole answer with this text; it tells neither tokens nor ids. */
  protected abstract String answer(String text);

  /** The stream of an answer in these pieces, with its end. */
  protected abstract String stream(String... pieces);

  /** The same without its end. */
  protected abstract String brokenStream(String... pieces);

  /** How the provider refuses a way of asking for JSON; HTTP 400. */
  protected abstract String refusedFormat();

  /** The member of the request that asks for JSON; missing when it does not. */
  protected abstract JsonNode format(JsonNode request);

  /** The text the model was given, system prompt and all. */
  protected abstract String prompt(JsonNode request);

  protected abstract String keyHeader();

  // --- agents

  protected AgentContract open(String settings, AgentCapability capability, String baseUrl) {
    if (adapter == null) {
      adapter = new ModelAdapter(provider(), SECRETS);
    }
    ObjectNode json = (ObjectNode) Calls.json(settings);
    if (!json.has("baseUrl")) {
      json.put("baseUrl", baseUrl);
    }
    if (!json.has("model")) {
      json.put("model", "m-1");
    }
    AgentRegistration agent =
        AgentRegistration.newBuilder(Calls.agent(provider().name(), json.toString()))
            .setCapabilities(List.of(capability))
            .build();
    return adapter.open(agent);
  }

  protected AgentContract open(String settings) {
    return open(settings, new AgentCapability("web.research", null, null), server.baseUrl());
  }

  protected AgentContract openWithSchema(String settings) {
    return open(settings, new AgentCapability("web.research", null, SCHEMA), server.baseUrl());
  }

  protected static void respond(ResponseDefinitionBuilder response) {
    server.stubFor(any(anyUrl()).willReturn(response));
  }

  protected static void respond(int status, String body) {
    respond(aResponse().withStatus(status).withBody(body));
  }

  protected static void respondWithStream(String events) {
    respond(aResponse().withHeader("Content-Type", "text/event-stream").withBody(events));
  }

  /** One answer after the other; the last one again and again. */
  protected static void respondInTurn(ResponseDefinitionBuilder... responses) {
    for (int i = 0; i < responses.length; i++) {
      server.stubFor(
          any(anyUrl())
              .inScenario("turns")
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "turn " + i)
              .willReturn(responses[i])
              .willSetStateTo("turn " + Math.min(i + 1, responses.length - 1)));
    }
  }

  protected static ResponseDefinitionBuilder ok(String body) {
    return aResponse().withBody(body);
  }

  protected static List<LoggedRequest> requests() {
    return server.findAll(anyRequestedFor(anyUrl()));
  }

  protected static JsonNode request(int number) {
    return Calls.json(requests().get(number).getBodyAsString());
  }

  protected static AgentCall call() {
    return Calls.call(PLENTY);
  }

  protected static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(call())).failure();
  }

  protected static CallFailure failureOf(AgentOutcome outcome) {
    return ((Failed) outcome).failure();
  }

  // --- the contract

  @Override
  protected AgentContract answering() {
    respond(200, answer("done"));
    return open("{}");
  }

  @Override
  protected AgentContract hanging() throws IOException {
    silent = new SilentServer("web.research");
    return open("{}", new AgentCapability("web.research", null, null), silent.url());
  }

  @Override
  protected Optional<AgentContract> oversize() {
    respond(200, answer("x".repeat(2_000)));
    return Optional.of(open("{\"maxResponseBytes\": 1999}"));
  }

  @Override
  protected Optional<AgentContract> unreachable() throws IOException {
    return Optional.of(
        open("{}", new AgentCapability("web.research", null, null), SilentServer.nobody()));
  }

  @Override
  protected void awaitBegun() throws Exception {
    silent.awaitBegun();
  }

  @Override
  protected void awaitStopped() throws Exception {
    silent.awaitClosed();
  }

  @Override
  protected Optional<String> lastIdempotencyKey() {
    return Optional.of(requests().getLast().getHeader("Idempotency-Key"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "[1]", "{}", "\"output\"", "7", "{\"output\": 1", "<html>"})
  void callsAnAnswerThatIsNotOfItsProtocolAMismatchThatMayBeBilled(String garbage) {
    respond(200, garbage);

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void asksNobodyWhenItsThreadIsInterruptedAlready() {
    respond(200, answer("done"));
    AgentContract agent = open("{}");
    Thread.currentThread().interrupt();

    CallFailure failure = failure(agent);

    assertThat(failure.kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(requests()).isEmpty();
  }

  // --- one request

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 408, 429, 500, 503, 529})
  void asksOnceWhateverComesBack(int status) {
    respond(status, "{\"error\": {\"message\": \"no\"}}");

    open("{}").call(call());

    assertThat(requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "hello", ""})
  void asksOnceWhenTheAnswerIsNone(String body) {
    respond(200, body);

    open("{}").call(call());

    assertThat(requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "RANDOM_DATA_THEN_CLOSE"})
  void mayBeBilledWhenTheConnectionBreaksBehindTheRequest(Fault fault) {
    respond(aResponse().withFault(fault));

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
    assertThat(requests()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void timesOutWhenTheAnswerDripsTooSlowly() {
    respond(ok(answer("slow")).withChunkedDribbleDelay(10, 60_000));

    AgentOutcome outcome = open("{}").call(Calls.call(Duration.ofSeconds(1)));

    assertThat(failureOf(outcome).kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(failureOf(outcome).possiblyBilled()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "301, MODEL_ERROR, false",
    "400, INVALID_INPUT, false",
    "401, AUTH, false",
    "402, RATE_LIMITED, false",
    "403, AUTH, false",
    "404, NO_AGENT, false",
    "408, TIMEOUT, true",
    "413, CONTEXT_OVERFLOW, false",
    "418, MODEL_ERROR, false",
    "422, INVALID_INPUT, false",
    "429, RATE_LIMITED, false",
    "500, UPSTREAM_UNAVAILABLE, true",
    "502, UPSTREAM_UNAVAILABLE, true",
    "503, UPSTREAM_UNAVAILABLE, false",
    "504, TIMEOUT, true",
    "529, UPSTREAM_UNAVAILABLE, false"
  })
  void readsTheKindFromTheStatusWhereTheBodySaysNothing(int status, ErrorKind kind, boolean bill) {
    respond(status, "<html>gateway</html>");

    assertThat(failure(open("{}")))
        .isEqualTo(new CallFailure(kind, "the provider answered with HTTP " + status, null, bill));
  }

  @Test
  void honoursRetryAfterInSeconds() {
    respond(aResponse().withStatus(503).withHeader("Retry-After", "7"));

    assertThat(failure(open("{}")).retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  // --- keys

  @Test
  void looksTheKeyUpForTheCall() {
    respond(200, answer("done"));

    open("{\"apiKey\": \"env:KEY\"}").call(call());

    assertThat(requests().getFirst().getHeader(keyHeader())).endsWith(KEY);
    assertThat(requests().getFirst().getBodyAsString()).doesNotContain(KEY);
  }

  @Test
  void sendsNoKeyWithoutOne() {
    respond(200, answer("done"));

    open("{}").call(call());

    assertThat(requests().getFirst().containsHeader(keyHeader())).isFalse();
  }

  @Test
  void callsNobodyWhenTheKeyIsNotThere() {
    CallFailure failure = failure(open("{\"apiKey\": \"env:ABSENT\"}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).contains("env:ABSENT");
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(requests()).isEmpty();
  }

  @Test
  void keepsAKeyThatNoHeaderTakesOutOfTheMessage() {
    CallFailure failure = failure(open("{\"apiKey\": \"env:BROKEN\"}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).doesNotContain("a\nb");
    assertThat(failure.possiblyBilled()).isFalse();
  }

  @Test
  void blanksAKeyThatTheProviderEchoes() {
    respond(401, "{\"error\": {\"message\": \"bad key " + KEY + "\"}}");

    assertThat(failure(open("{\"apiKey\": \"env:KEY\"}")).message())
        .endsWith("bad key ***")
        .doesNotContain(KEY);
  }

  @Test
  void sendsFurtherHeadersAndTheTraceContext() {
    respond(200, answer("done"));

    open("{\"headers\": {\"X-Team\": \"t-${env:KEY}\"}}").call(call());

    assertThat(requests().getFirst().getHeader("X-Team")).isEqualTo("t-" + KEY);
    assertThat(requests().getFirst().getHeader("traceparent"))
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @Test
  void takesAHeaderOfTheSettingsInPlaceOfItsOwn() {
    respond(200, answer("done"));

    open("{\"apiKey\": \"env:KEY\", \"headers\": {\"%s\": \"mine\"}}"
            .formatted(keyHeader().toUpperCase(Locale.ROOT)))
        .call(call());

    assertThat(requests().getFirst().header(keyHeader()).values()).containsExactly("mine");
  }

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

  // --- settings

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\": \"\"} | settings.model is not a text",
        "{\"baseUrl\": \"ftp://a\"} | settings.baseUrl is not an address",
        "{\"baseUrl\": \"http://u:p@a\"} | credentials in settings.headers",
        "{\"apiKey\": \"abc123\"} | settings.apiKey holds a value; put the key where",
        "{\"temperature\": 3} | settings.temperature is not a number from 0.0 to 2.0",
        "{\"maxOutputTokens\": 0} | settings.maxOutputTokens is not a number from 1 to",
        "{\"structuredOutput\": \"xml\"} | is none of json_schema, json_mode, prompt",
        "{\"stream\": \"yes\"} | settings.stream is neither true nor false",
        "{\"askConfidence\": 1} | settings.askConfidence is neither true nor false",
        "{\"headers\": {\"Idempotency-Key\": \"b\"}} | set by the executor",
        "{\"prompt\": \"{{topic}}\"} | settings.prompt has a place {{topic}}; there are",
        "{\"systemPrompt\": \"{{x}}\"} | settings.systemPrompt has a place {{x}}",
        "{\"maxResponseBytes\": 0} | is not a number from 1 to",
        "{\"modell\": \"m\"} | settings.modell is unknown; this adapter takes"
      })
  void refusesSettingsWithKeyAndRemedy(String settings, String message) {
    assertThatThrownBy(() -> open(settings))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("adapter " + provider().name())
        .hasMessageContaining(message);
  }

  @Test
  void refusesSettingsWithoutAModel() {
    assertThatThrownBy(() -> ModelSettings.of(provider(), Calls.agent("any", "{}")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("settings.model is missing; give the model's name");
  }

  @Test
  void doesNotRepeatAKeyThatStandsInTheSettings() {
    assertThatThrownBy(() -> open("{\"apiKey\": \"abc123\"}"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("abc123"));
  }
}
