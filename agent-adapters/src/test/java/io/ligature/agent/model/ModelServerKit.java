package io.ligature.agent.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentContractKit;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.agent.Calls;
import io.ligature.agent.Secrets;
import io.ligature.agent.SilentServer;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agents of an adapter for models, against a server that answers as its provider does. They pass
 * the contract.
 */
abstract class ModelServerKit extends AgentContractKit {

  protected static final String SCHEMA =
      "{\"type\": \"object\", \"properties\": {\"n\": {\"type\": \"integer\"}},"
          + " \"required\": [\"n\"], \"additionalProperties\": false}";

  protected static final Duration PLENTY = Duration.ofSeconds(20);
  protected static final String KEY = "k-secret-1";
  private static final Secrets SECRETS = Secrets.of(Map.of("KEY", KEY, "BROKEN", "a\nb")::get);

  protected static WireMockServer server;

  private ModelAdapter adapter;
  protected SilentServer silent;

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
}
