package io.ligature.agent.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.Calls;
import io.ligature.agent.InvalidSettingsException;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiAdapterTest extends ModelAdapterKit {

  @Override
  protected Provider provider() {
    return OpenAiProvider.compatible();
  }

  static String quoted(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }

  @Override
  protected String answer(String text) {
    return """
    {"object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop",
      "message": {"role": "assistant", "content": %s}}]}
    """
        .formatted(quoted(text));
  }

  private static String chunk(String delta, String finish) {
    return """
    data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1-0613",\
    "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

    """
        .formatted(delta, finish);
  }

  @Override
  protected String brokenStream(String... pieces) {
    StringBuilder events = new StringBuilder(chunk("{\"role\":\"assistant\"}", "null"));
    for (String piece : pieces) {
      events.append(chunk("{\"content\":" + quoted(piece) + "}", "null"));
    }
    return events.toString();
  }

  @Override
  protected String stream(String... pieces) {
    return brokenStream(pieces)
        + chunk("{}", "\"stop\"")
        + """
          data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[],\
          "usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25,\
          "prompt_tokens_details":{"cached_tokens":8}}}

          data: [DONE]

          """;
  }

  @Override
  protected String refusedFormat() {
    return """
    {"error": {"message": "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
      "type": "invalid_request_error", "param": "response_format", "code": null}}
    """;
  }

  @Override
  protected JsonNode format(JsonNode request) {
    return request.path("response_format");
  }

  @Override
  protected String prompt(JsonNode request) {
    return request.at("/messages/0/content").asText()
        + "\n"
        + request.at("/messages/1/content").asText();
  }

  @Override
  protected String keyHeader() {
    return "Authorization";
  }

  @Test
  void takesTheProvidersFigures() {
    respond(
        aResponse()
            .withHeader("x-request-id", "req_1")
            .withBody(
                """
                {"id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-5-2026-01-01",
                 "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
                   "message": {"role": "assistant", "content": "hi", "refusal": null}}],
                 "usage": {"prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500,
                   "prompt_tokens_details": {"cached_tokens": 1000},
                   "completion_tokens_details": {"reasoning_tokens": 250}},
                 "service_tier": "default", "a_new_member": {"x": 1}}
                """));

    assertThat(open("{}").call(call()).metadata())
        .isEqualTo(new CallMetadata(null, null, "gpt-5-2026-01-01", 1200L, 1000L, 300L, "req_1"));
  }

  @Test
  void takesTheFiguresAtTheEndOfAStream() {
    respondWithStream(stream("hi"));

    assertThat(open("{\"stream\": true}").call(call()).metadata())
        .isEqualTo(new CallMetadata(null, null, "m-1-0613", 20L, 8L, 5L, "chatcmpl-1"));
    assertThat(request(0).at("/stream_options/include_usage").asBoolean()).isTrue();
  }

  @Test
  void takesAStreamForWholeThatEndsWithoutItsMarkButWithAReason() {
    respondWithStream(brokenStream("hi") + chunk("{}", "\"stop\""));

    assertThat(open("{\"stream\": true}").call(call())).isInstanceOf(Success.class);
  }

  @Test
  void asksForTheSchemaByNameThenForAnyJsonThenInWordsOnly() {
    respond(400, refusedFormat());

    openWithSchema("{\"strictSchema\": true}").call(call());

    assertThat(request(0).at("/response_format/type").asText()).isEqualTo("json_schema");
    assertThat(request(0).at("/response_format/json_schema/name").asText())
        .isEqualTo("web_research");
    assertThat(request(0).at("/response_format/json_schema/strict").asBoolean()).isTrue();
    assertThat(request(0).at("/response_format/json_schema/schema")).isEqualTo(Calls.json(SCHEMA));
    assertThat(request(1).path("response_format"))
        .isEqualTo(Calls.json("{\"type\":\"json_object\"}"));
    assertThat(request(2).has("response_format")).isFalse();
    assertThat(requests()).hasSize(3);
  }

  @Test
  void sendsItsSettings() {
    respond(200, answer("done"));

    open("""
            {"model": "m-9", "temperature": 0.3, "maxOutputTokens": 77, "systemPrompt": "S",
             "prompt": "Find {{input.query}}", "parameters": {"reasoning_effort": "low"}}
            """)
        .call(call());

    assertThat(requests().getFirst().getUrl()).isEqualTo("/chat/completions");
    assertThat(request(0).path("model").asText()).isEqualTo("m-9");
    assertThat(request(0).path("temperature").asDouble()).isEqualTo(0.3);
    assertThat(request(0).path("max_tokens").asInt()).isEqualTo(77);
    assertThat(request(0).path("reasoning_effort").asText()).isEqualTo("low");
    assertThat(prompt(request(0))).startsWith("S\nFind q\n\nA reviewer asks");
  }

  @Test
  void callsAFieldTheInputDoesNotHaveAnInvalidInputAndAsksNobody() {
    CallFailure failure = failure(open("{\"prompt\": \"{{input.topic}}\"}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_INPUT);
    assertThat(failure.message()).contains("{{input.topic}}");
    assertThat(requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | context_length_exceeded | This model's maximum context length is 8192 tokens | CONTEXT_OVERFLOW",
        "400 | '' | This model's maximum context length is 4096 tokens, however you requested 9000 | CONTEXT_OVERFLOW",
        "400 | '' | prompt is too long: 210000 tokens | CONTEXT_OVERFLOW",
        "400 | content_filter | The response was filtered | POLICY_BLOCK",
        "400 | content_policy_violation | Your request was rejected | POLICY_BLOCK",
        "400 | invalid_value | bad role | INVALID_INPUT",
        "401 | invalid_api_key | Incorrect API key | AUTH",
        "404 | model_not_found | The model does not exist | NO_AGENT",
        "400 | model_not_found | The model does not exist | NO_AGENT",
        "429 | insufficient_quota | You exceeded your current quota | RATE_LIMITED",
        "429 | rate_limit_exceeded | Rate limit reached | RATE_LIMITED",
        "402 | '' | Insufficient Balance | RATE_LIMITED",
        "500 | server_error | The server had an error | UPSTREAM_UNAVAILABLE"
      })
  void readsTheKindFromTheCode(int status, String code, String message, ErrorKind kind) {
    respond(
        status,
        "{\"error\": {\"message\": %s, \"type\": \"x\", \"param\": null, \"code\": \"%s\"}}"
            .formatted(quoted(message), code));

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.message()).contains("HTTP " + status).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after-ms, 1500, PT1.5S",
    "retry-after, 20, PT20S",
    "retry-after, -5, ",
    "retry-after, soon, ",
    "retry-after, 999999999, PT24H"
  })
  void honoursTheWaitItIsTold(String header, String value, Duration wait) {
    respond(aResponse().withStatus(429).withHeader(header, value).withBody("{}"));

    assertThat(failure(open("{}")).retryAfter()).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 6m0s, 9, 1h, PT6M",
    "0, 1.5s, 0, 250ms, PT1.5S",
    "0, 1h2m3s, 9, 1s, PT1H2M3S",
    "5, 6m0s, 9, 1h, ",
    "0, soon, 9, 1h, "
  })
  void waitsForTheLimitThatIsUsedUp(
      String requests, String requestReset, String tokens, String tokenReset, Duration wait) {
    respond(
        aResponse()
            .withStatus(429)
            .withHeader("x-ratelimit-remaining-requests", requests)
            .withHeader("x-ratelimit-reset-requests", requestReset)
            .withHeader("x-ratelimit-remaining-tokens", tokens)
            .withHeader("x-ratelimit-reset-tokens", tokenReset));

    assertThat(failure(open("{}")).retryAfter()).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({
    "length, SCHEMA_MISMATCH, raise settings.maxOutputTokens",
    "content_filter, POLICY_BLOCK, refuses",
    "tool_calls, MODEL_ERROR, without an answer"
  })
  void failsWithItsFiguresWhenTheModelStoppedEarly(String reason, ErrorKind kind, String words) {
    respond(
        200,
        """
        {"id": "c-1", "model": "m", "choices": [{"index": 0, "finish_reason": "%s",
          "message": {"role": "assistant", "content": "{\\"n\\": "}}],
         "usage": {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14}}
        """
            .formatted(reason));

    Failed failed = (Failed) openWithSchema("{}").call(call());

    assertThat(failed.failure().kind()).isEqualTo(kind);
    assertThat(failed.failure().message()).contains(words);
    assertThat(failed.failure().possiblyBilled()).isTrue();
    assertThat(failed.metadata().inputTokens()).isEqualTo(10);
    assertThat(failed.metadata().outputTokens()).isEqualTo(4);
  }

  @Test
  void takesARefusalForABlock() {
    respond(
        200,
        """
        {"choices": [{"index": 0, "finish_reason": "stop",
          "message": {"role": "assistant", "content": null, "refusal": "I can't help with that."}}]}
        """);

    assertThat(failure(openWithSchema("{}")).kind()).isEqualTo(ErrorKind.POLICY_BLOCK);
  }

  @Test
  void takesNoAnswerWithoutChoices() {
    respond(200, "{\"id\": \"c\", \"choices\": []}");

    assertThat(failure(open("{}")).kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"message\":\"Overloaded\",\"code\":502} | UPSTREAM_UNAVAILABLE",
        "{\"message\":\"slow down\",\"type\":\"rate_limit_exceeded\"} | RATE_LIMITED",
        "{\"message\":\"something\"} | MODEL_ERROR"
      })
  void readsAnErrorInTheMiddleOfAStream(String error, ErrorKind kind) {
    respondWithStream(brokenStream("he") + "data: {\"error\":" + error + "}\n\n");

    CallFailure failure = failure(open("{\"stream\": true}"));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.possiblyBilled()).isTrue();
    assertThat(failure.message()).startsWith("the provider broke its answer off");
  }

  @Test
  void wantsAKeyForOpenAiItself() {
    assertThatThrownBy(() -> ModelSettings.of(provider(), Calls.agent("any", "{\"model\": \"m\"}")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("settings.apiKey is missing; give a reference to it such as env:");
  }
}
