package io.ligature.agent.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallFailure;
import io.ligature.agent.Calls;
import io.ligature.agent.InvalidSettingsException;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How every adapter for models fails, keeps its keys and refuses its settings. */
abstract class ModelFailuresKit extends ModelServerKit {

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
