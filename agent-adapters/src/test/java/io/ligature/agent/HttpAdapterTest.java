package io.ligature.agent;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAdapterTest extends AgentProtocolKit {

  private static final WireMockServer SERVER =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
  private static final HttpAdapter ADAPTER =
      new HttpAdapter(Secrets.of(Map.of("TOKEN", "s3cret-value", "BROKEN", "a\nb")::get));

  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private ServerSocket silent;

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
    ADAPTER.close();
  }

  @AfterEach
  void reset() throws IOException {
    SERVER.resetAll();
    if (silent != null) {
      silent.close();
    }
  }

  private static AgentContract open(String moreSettings) {
    return ADAPTER.open(
        Calls.agent("http", "{\"url\": \"" + SERVER.baseUrl() + "/agent\"" + moreSettings + "}"));
  }

  private static AgentContract responding(ResponseDefinitionBuilder response) {
    SERVER.stubFor(any(anyUrl()).willReturn(response));
    return open("");
  }

  @Override
  protected AgentContract answering(String answer) {
    return responding(aResponse().withBody(answer));
  }

  /** A server that reads the request, never answers, and sees the connection close. */
  @Override
  protected AgentContract hanging() throws IOException {
    silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::readAndKeepSilent);
    return ADAPTER.open(
        Calls.agent("http", "{\"url\": \"http://127.0.0.1:" + silent.getLocalPort() + "/\"}"));
  }

  private void readAndKeepSilent() {
    try (Socket socket = silent.accept()) {
      StringBuilder seen = new StringBuilder();
      int read = socket.getInputStream().read();
      while (read >= 0) {
        seen.append((char) read);
        if (seen.toString().contains("qualityThreshold")) {
          begun.complete(null);
        }
        read = socket.getInputStream().read();
      }
    } catch (IOException e) {
      // A reset is an end as well.
      closed.complete(null);
    }
    closed.complete(null);
  }

  @Override
  protected Optional<AgentContract> oversize() {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withBody("x".repeat(2_000))));
    return Optional.of(open(", \"maxResponseBytes\": 1999"));
  }

  @Override
  protected Optional<AgentContract> unreachable() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    return Optional.of(
        ADAPTER.open(Calls.agent("http", "{\"url\": \"http://127.0.0.1:" + port + "\"}")));
  }

  @Override
  protected void awaitBegun() throws Exception {
    begun.get(10, TimeUnit.SECONDS);
  }

  @Override
  protected void awaitStopped() throws Exception {
    closed.get(5, TimeUnit.SECONDS);
  }

  @Override
  protected Optional<JsonNode> lastRequest() {
    return Optional.of(Calls.json(request().getBodyAsString()));
  }

  @Override
  protected Optional<String> lastIdempotencyKey() {
    return Optional.of(request().getHeader("Idempotency-Key"));
  }

  private static LoggedRequest request() {
    List<LoggedRequest> requests =
        SERVER.findAll(com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor(anyUrl()));
    assertThat(requests).hasSize(1);
    return requests.getFirst();
  }

  private static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(Calls.call(Duration.ofSeconds(20)))).failure();
  }

  @ParameterizedTest
  @CsvSource({
    "429, RATE_LIMITED, false",
    "401, AUTH, false",
    "403, AUTH, false",
    "408, TIMEOUT, true",
    "504, TIMEOUT, true",
    "413, CONTEXT_OVERFLOW, false",
    "400, INVALID_INPUT, false",
    "422, INVALID_INPUT, false",
    "500, UPSTREAM_UNAVAILABLE, true",
    "502, UPSTREAM_UNAVAILABLE, true",
    "503, UPSTREAM_UNAVAILABLE, false",
    "404, MODEL_ERROR, false",
    "302, MODEL_ERROR, false"
  })
  void readsTheKindFromTheStatus(int status, ErrorKind kind, boolean billed) {
    assertThat(failure(responding(aResponse().withStatus(status).withBody("<html>secret</html>"))))
        .isEqualTo(new CallFailure(kind, "the agent answered with HTTP " + status, null, billed));
  }

  @Test
  void honoursRetryAfterInSeconds() {
    assertThat(
            failure(responding(aResponse().withStatus(429).withHeader("Retry-After", "7")))
                .retryAfter())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void prefersWhatTheBodySaysOverTheStatus() {
    assertThat(
            failure(
                responding(
                    aResponse()
                        .withStatus(500)
                        .withHeader("Retry-After", "3")
                        .withBody(
                            "{\"error\": {\"kind\": \"policy_block\", \"message\": \"no\"}}"))))
        .isEqualTo(new CallFailure(ErrorKind.POLICY_BLOCK, "no", Duration.ofSeconds(3), false));
  }

  @ParameterizedTest
  @CsvSource({"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "RANDOM_DATA_THEN_CLOSE"})
  void mayBeBilledWhenTheConnectionBreaksBehindTheRequest(Fault fault) {
    CallFailure failure = failure(responding(aResponse().withFault(fault)));

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void timesOutWhenTheBodyDripsTooSlowly() {
    CallFailure failure =
        ((Failed)
                responding(
                        aResponse().withBody("{\"output\": 1}").withChunkedDribbleDelay(10, 60_000))
                    .call(Calls.call(Duration.ofSeconds(1))))
            .failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
  }

  @Test
  void sendsHeadersWithTheirSecretsAndTheTraceContext() {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"output\": 1}")));

    open(", \"headers\": {\"Authorization\": \"Bearer ${env:TOKEN}\", \"X-Key\": \"env:TOKEN\"}")
        .call(Calls.call(Duration.ofSeconds(20)));

    assertThat(request().getHeader("Authorization")).isEqualTo("Bearer s3cret-value");
    assertThat(request().getHeader("X-Key")).isEqualTo("s3cret-value");
    assertThat(request().getHeader("traceparent"))
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @Test
  void failsWithTheReferenceOfAnUnresolvedSecretAndCallsNobody() {
    CallFailure failure = failure(open(", \"headers\": {\"X-Key\": \"env:ABSENT\"}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).contains("env:ABSENT");
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(SERVER.getAllServeEvents()).isEmpty();
  }

  @Test
  void keepsASecretThatNoHeaderTakesOutOfTheMessage() {
    CallFailure failure = failure(open(", \"headers\": {\"X-Key\": \"env:BROKEN\"}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).doesNotContain("a\nb");
  }

  @Test
  void blanksASecretThatTheAgentEchoes() {
    SERVER.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withBody(
                        "{\"error\": {\"kind\": \"auth\", \"message\": \"bad s3cret-value\"}}")));

    assertThat(failure(open(", \"headers\": {\"X-Key\": \"env:TOKEN\"}")).message())
        .isEqualTo("bad ***");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | settings.url is missing; give the address that takes the requests",
        "{\"url\": \"ftp://a/\"} | settings.url is not an address",
        "{\"url\": \"http://u:p@a/\"} | credentials in settings.headers",
        "{\"url\": 7} | settings.url is not a text",
        "{\"url\": \"http://a/\", \"urll\": 1} | settings.urll is unknown; this adapter takes",
        "{\"url\": \"http://a/\", \"headers\": {\"Host\": \"b\"}} | settings.headers.Host is not",
        "{\"url\": \"http://a/\", \"headers\": {\"Traceparent\": \"b\"}} | set by the executor",
        "{\"url\": \"http://a/\", \"maxResponseBytes\": 0} | is not a number from 1 to",
        "[] | settings are not a JSON object",
        "{ | settings are not JSON"
      })
  void refusesSettingsWithKeyAndRemedy(String settings, String message) {
    assertThatThrownBy(() -> ADAPTER.open(Calls.agent("http", settings)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void followsNoRedirect() {
    failure(responding(aResponse().withStatus(302).withHeader("Location", "/elsewhere")));

    await().untilAsserted(() -> assertThat(SERVER.getAllServeEvents()).hasSize(1));
  }
}
