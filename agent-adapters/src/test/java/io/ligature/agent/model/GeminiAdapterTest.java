package io.ligature.agent.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.Calls;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiAdapterTest extends ModelAdapterKit {

  @Override
  protected Provider provider() {
    return new GeminiProvider();
  }

  private static String candidate(String text, String more) {
    return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":"
        + OpenAiAdapterTest.quoted(text)
        + "}]},\"index\":0"
        + more
        + "}";
  }

  @Override
  protected String answer(String text) {
    return candidate(text, ",\"finishReason\":\"STOP\"}],\"usageMetadata\":{}");
  }

  @Override
  protected String brokenStream(String... pieces) {
    StringBuilder events = new StringBuilder();
    for (String piece : pieces) {
      events
          .append("data: ")
          .append(candidate(piece, "}],\"responseId\":\"r-1\",\"modelVersion\":\"gemini-x\""))
          .append("\r\n\r\n");
    }
    return events.toString();
  }

  @Override
  protected String stream(String... pieces) {
    return brokenStream(pieces)
        + "data: "
        + candidate(
            "",
            ",\"finishReason\":\"STOP\"}],\"responseId\":\"r-1\",\"modelVersion\":\"gemini-x\","
                + "\"usageMetadata\":{\"promptTokenCount\":20,\"candidatesTokenCount\":3,"
                + "\"thoughtsTokenCount\":2,\"cachedContentTokenCount\":8,"
                + "\"totalTokenCount\":25}")
        + "\r\n\r\n";
  }

  @Override
  protected String refusedFormat() {
    return error(
        400,
        "INVALID_ARGUMENT",
        "Invalid JSON payload received. Unknown name \"responseJsonSchema\" at"
            + " 'generation_config': Cannot find field.",
        "");
  }

  private static String error(int code, String status, String message, String details) {
    return "{\"error\": {\"code\": %d, \"message\": %s, \"status\": \"%s\", \"details\": [%s]}}"
        .formatted(code, OpenAiAdapterTest.quoted(message), status, details);
  }

  @Override
  protected JsonNode format(JsonNode request) {
    return request.at("/generationConfig/responseJsonSchema");
  }

  @Override
  protected String prompt(JsonNode request) {
    return request.findValuesAsText("text").toString();
  }

  @Override
  protected String keyHeader() {
    return "x-goog-api-key";
  }

  @Test
  void countsThoughtsAsOutput() {
    respond(
        200,
        """
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "hi"}]},
           "finishReason": "STOP", "index": 0}],
         "usageMetadata": {"promptTokenCount": 1200, "candidatesTokenCount": 30,
           "thoughtsTokenCount": 200, "cachedContentTokenCount": 1000, "totalTokenCount": 1430},
         "modelVersion": "gemini-x", "responseId": "r-1", "aNewMember": {"x": 1}}
        """);

    assertThat(open("{}").call(call()).metadata())
        .isEqualTo(new CallMetadata(null, null, "gemini-x", 1200L, 1000L, 230L, "r-1"));
  }

  @Test
  void takesTheFiguresAtTheEndOfAStream() {
    respondWithStream(stream("hi"));

    assertThat(open("{\"stream\": true}").call(call()).metadata())
        .isEqualTo(new CallMetadata(null, null, "gemini-x", 20L, 8L, 5L, "r-1"));
  }

  @Test
  void asksForTheSchemaThenForAnyJsonThenInWordsOnly() {
    respond(400, refusedFormat());

    openWithSchema("{}").call(call());

    assertThat(format(request(0))).isEqualTo(Calls.json(SCHEMA));
    assertThat(request(1).at("/generationConfig/responseMimeType").asText())
        .isEqualTo("application/json");
    assertThat(format(request(1)).isMissingNode() || format(request(1)).isNull()).isTrue();
    assertThat(request(2).at("/generationConfig/responseMimeType").asText())
        .isNotEqualTo("application/json");
    assertThat(requests()).hasSize(3);
  }

  @Test
  void sendsItsSettings() {
    respond(200, answer("done"));

    open("{\"model\": \"gemini-9\", \"temperature\": 0.3, \"maxOutputTokens\": 77}").call(call());

    assertThat(requests().getFirst().getUrl()).isEqualTo("/models/gemini-9:generateContent");
    assertThat(request(0).at("/generationConfig/temperature").asDouble()).isEqualTo(0.3);
    assertThat(request(0).at("/generationConfig/maxOutputTokens").asInt()).isEqualTo(77);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | INVALID_ARGUMENT | The input token count (2000000) exceeds the maximum number of tokens allowed (1048576). | CONTEXT_OVERFLOW",
        "400 | INVALID_ARGUMENT | contents is not specified | INVALID_INPUT",
        "403 | PERMISSION_DENIED | no access | AUTH",
        "404 | NOT_FOUND | models/gemini-0 is not found | NO_AGENT",
        "429 | RESOURCE_EXHAUSTED | You exceeded your current quota | RATE_LIMITED",
        "500 | INTERNAL | An internal error has occurred | UPSTREAM_UNAVAILABLE",
        "503 | UNAVAILABLE | The model is overloaded | UPSTREAM_UNAVAILABLE",
        "504 | DEADLINE_EXCEEDED | Deadline expired | TIMEOUT"
      })
  void readsTheKindFromTheStatusItNames(int code, String status, String message, ErrorKind kind) {
    respond(code, error(code, status, message, ""));

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.message()).contains("HTTP " + code).contains(message);
  }

  @Test
  void knowsABadKeyByItsReason() {
    respond(
        400,
        error(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            "{\"@type\": \"type.googleapis.com/google.rpc.ErrorInfo\", \"reason\":"
                + " \"API_KEY_INVALID\"}"));

    assertThat(failure(open("{}")).kind()).isEqualTo(ErrorKind.AUTH);
  }

  @ParameterizedTest
  @CsvSource({"34.074824224s, PT34.074S", "soon, ", "xs, "})
  void honoursTheDelayInTheBody(String delay, Duration wait) {
    respond(
        429,
        error(
            429,
            "RESOURCE_EXHAUSTED",
            "quota",
            "{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", \"retryDelay\": \""
                + delay
                + "\"}"));

    assertThat(failure(open("{}")).retryAfter()).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({
    "MAX_TOKENS, SCHEMA_MISMATCH",
    "SAFETY, POLICY_BLOCK",
    "RECITATION, POLICY_BLOCK",
    "PROHIBITED_CONTENT, POLICY_BLOCK",
    "MALFORMED_FUNCTION_CALL, MODEL_ERROR",
    "A_REASON_OF_TOMORROW, MODEL_ERROR"
  })
  void failsWithItsFiguresWhenTheModelStoppedEarly(String reason, ErrorKind kind) {
    respond(
        200,
        """
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "{"}]},
           "finishReason": "%s", "index": 0}],
         "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 4}}
        """
            .formatted(reason));

    Failed failed = (Failed) openWithSchema("{}").call(call());

    assertThat(failed.failure().kind()).isEqualTo(kind);
    assertThat(failed.failure().possiblyBilled()).isTrue();
    assertThat(failed.metadata().outputTokens()).isEqualTo(4);
  }

  @Test
  void takesABlockedPromptForABlock() {
    respond(
        200,
        """
        {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
         "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}}
        """);

    assertThat(failure(open("{}")).kind()).isEqualTo(ErrorKind.POLICY_BLOCK);
  }

  @Test
  void takesABlockedPromptInAStreamForABlock() {
    respondWithStream("data: {\"promptFeedback\": {\"blockReason\": \"SAFETY\"}}\r\n\r\n");

    assertThat(failure(open("{\"stream\": true}")).kind()).isEqualTo(ErrorKind.POLICY_BLOCK);
  }

  @Test
  void readsAnErrorInTheMiddleOfAStream() {
    respondWithStream(
        brokenStream("he") + "data: " + error(503, "UNAVAILABLE", "overloaded", "") + "\r\n\r\n");

    CallFailure failure = failure(open("{\"stream\": true}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
  }
}
