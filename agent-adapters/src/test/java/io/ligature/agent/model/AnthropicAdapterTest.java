package io.ligature.agent.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.Calls;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicAdapterTest extends ModelAdapterKit {

  @Override
  protected Provider provider() {
    return new AnthropicProvider();
  }

  @Override
  protected String answer(String text) {
    return """
    {"type": "message", "role": "assistant", "stop_reason": "end_turn", "stop_sequence": null,
     "content": [{"type": "text", "text": %s}]}
    """
        .formatted(OpenAiAdapterTest.quoted(text));
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  @Override
  protected String brokenStream(String... pieces) {
    StringBuilder events =
        new StringBuilder(
            event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                    + "\"role\":\"assistant\",\"content\":[],\"model\":\"claude-x-1\","
                    + "\"stop_reason\":null,\"usage\":{\"input_tokens\":20,"
                    + "\"cache_creation_input_tokens\":3,\"cache_read_input_tokens\":8,"
                    + "\"output_tokens\":1}}}"));
    events.append(
        event(
            "content_block_start",
            "{\"type\":\"content_block_start\",\"index\":0,"
                + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"));
    events.append(event("ping", "{\"type\":\"ping\"}"));
    for (String piece : pieces) {
      events.append(
          event(
              "content_block_delta",
              "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                  + "\"text\":"
                  + OpenAiAdapterTest.quoted(piece)
                  + "}}"));
    }
    return events.toString();
  }

  @Override
  protected String stream(String... pieces) {
    return brokenStream(pieces)
        + event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
        + event(
            "message_delta",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}")
        + event("message_stop", "{\"type\":\"message_stop\"}");
  }

  @Override
  protected String refusedFormat() {
    return error("invalid_request_error", "output_config.format: not supported by this model");
  }

  private static String error(String type, String message) {
    return "{\"type\": \"error\", \"request_id\": \"req_9\", \"error\": {\"type\": \"%s\", \"message\": %s}}"
        .formatted(type, OpenAiAdapterTest.quoted(message));
  }

  @Override
  protected JsonNode format(JsonNode request) {
    return request.path("output_config");
  }

  @Override
  protected String prompt(JsonNode request) {
    return request.findValuesAsText("text").toString()
        + request.at("/messages/0/content").toString()
        + request.path("system");
  }

  @Override
  protected String keyHeader() {
    return "x-api-key";
  }

  @Test
  void countsWhatWasCachedAsInput() {
    respond(
        aResponse()
            .withHeader("request-id", "req_1")
            .withBody(
                """
                {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x-1",
                 "stop_reason": "end_turn", "content": [{"type": "text", "text": "hi"}],
                 "usage": {"input_tokens": 100, "cache_creation_input_tokens": 50,
                   "cache_read_input_tokens": 1000, "output_tokens": 30,
                   "service_tier": "standard"}, "a_new_member": {"x": 1}}
                """));

    assertThat(open("{}").call(call()).metadata())
        .isEqualTo(new CallMetadata(null, null, "claude-x-1", 1150L, 1000L, 30L, "req_1"));
  }

  @Test
  void takesTheFiguresOutOfAStream() {
    respondWithStream(stream("hi"));

    assertThat(open("{\"stream\": true}").call(call()).metadata())
        .isEqualTo(new CallMetadata(null, null, "claude-x-1", 31L, 8L, 5L, "msg_1"));
  }

  @Test
  void asksForTheSchemaAndElseInWordsOnly() {
    respond(400, refusedFormat());

    openWithSchema("{}").call(call());

    assertThat(request(0).at("/output_config/format/schema")).isEqualTo(Calls.json(SCHEMA));
    assertThat(request(1).has("output_config")).isFalse();
    assertThat(requests()).hasSize(2);
  }

  @Test
  void sendsItsSettings() {
    respond(200, answer("done"));

    open("{\"model\": \"claude-9\", \"temperature\": 0.3, \"parameters\": {\"top_k\": 5}}")
        .call(call());

    assertThat(requests().getFirst().getUrl()).isEqualTo("/messages");
    assertThat(requests().getFirst().getHeader("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(request(0).path("model").asText()).isEqualTo("claude-9");
    assertThat(request(0).path("max_tokens").asInt()).isEqualTo(4096);
    assertThat(request(0).path("temperature").asDouble()).isEqualTo(0.3);
    assertThat(request(0).path("top_k").asInt()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | invalid_request_error | prompt is too long: 210000 tokens > 200000 maximum | CONTEXT_OVERFLOW",
        "413 | request_too_large | Request exceeds the maximum size | CONTEXT_OVERFLOW",
        "400 | invalid_request_error | Your credit balance is too low | RATE_LIMITED",
        "400 | invalid_request_error | messages: at least one is required | INVALID_INPUT",
        "401 | authentication_error | invalid x-api-key | AUTH",
        "403 | permission_error | no access | AUTH",
        "404 | not_found_error | model: claude-0 | NO_AGENT",
        "429 | rate_limit_error | Number of requests has exceeded | RATE_LIMITED",
        "500 | api_error | Internal server error | UPSTREAM_UNAVAILABLE",
        "504 | timeout_error | Request timed out | TIMEOUT",
        "529 | overloaded_error | Overloaded | UPSTREAM_UNAVAILABLE"
      })
  void readsTheKindFromTheType(int status, String type, String message, ErrorKind kind) {
    respond(status, error(type, message));

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.message()).contains("HTTP " + status).contains(type).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "max_tokens, SCHEMA_MISMATCH",
    "refusal, POLICY_BLOCK",
    "model_context_window_exceeded, CONTEXT_OVERFLOW",
    "tool_use, MODEL_ERROR",
    "pause_turn, MODEL_ERROR"
  })
  void failsWithItsFiguresWhenTheModelStoppedEarly(String reason, ErrorKind kind) {
    respond(
        200,
        """
        {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x-1",
         "stop_reason": "%s", "content": [{"type": "text", "text": "{\\"n\\""}],
         "usage": {"input_tokens": 10, "output_tokens": 4}}
        """
            .formatted(reason));

    Failed failed = (Failed) openWithSchema("{}").call(call());

    assertThat(failed.failure().kind()).isEqualTo(kind);
    assertThat(failed.failure().possiblyBilled()).isTrue();
    assertThat(failed.metadata().outputTokens()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded_error, UPSTREAM_UNAVAILABLE",
    "rate_limit_error, RATE_LIMITED",
    "api_error, UPSTREAM_UNAVAILABLE",
    "sunspots, MODEL_ERROR"
  })
  void readsAnErrorInTheMiddleOfAStream(String type, ErrorKind kind) {
    respondWithStream(brokenStream("he") + event("error", error(type, "no")));

    Failed failed = (Failed) open("{\"stream\": true}").call(call());

    assertThat(failed.failure().kind()).isEqualTo(kind);
    assertThat(failed.failure().possiblyBilled()).isTrue();
    assertThat(failed.metadata().inputTokens()).isEqualTo(31);
  }

  @Test
  void mayBeBilledForAStreamThatStopsBehindItsReason() {
    respondWithStream(
        brokenStream("he")
            + event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}"));

    assertThat(failure(open("{\"stream\": true}")).kind())
        .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
  }

  @Test
  void waitsForTheLimitThatIsUsedUp() {
    respond(
        aResponse()
            .withStatus(429)
            .withHeader("anthropic-ratelimit-input-tokens-remaining", "0")
            .withHeader(
                "anthropic-ratelimit-input-tokens-reset", Instant.now().plusSeconds(600).toString())
            .withHeader("anthropic-ratelimit-requests-remaining", "12")
            .withHeader("anthropic-ratelimit-requests-reset", "2099-01-01T00:00:00Z"));

    assertThat(failure(open("{}")).retryAfter())
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
  }
}
