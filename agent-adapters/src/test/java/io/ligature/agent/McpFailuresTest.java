package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MCP servers that do what a server should not. */
class McpFailuresTest {

  private static final McpAdapter ADAPTER =
      new McpAdapter(Secrets.of(Map.of("TOKEN", "s3cret-value")::get));
  private static final Duration PLENTY = Duration.ofSeconds(20);
  private static final String JSON = "200 Content-Type=application/json end\n";
  private static final String EVENTS = "200 Content-Type=text/event-stream ";

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(folder, ScriptedServer.class, folder.toString());
  }

  @AfterAll
  static void stop() {
    ADAPTER.close();
    server.close();
  }

  @BeforeEach
  void clear() throws IOException {
    ServerProcess.clear(folder);
  }

  private static void says(String method, String answer) throws IOException {
    Files.writeString(folder.resolve(method), answer);
  }

  private static AgentContract open(String moreSettings) throws IOException {
    return ADAPTER.open(
        Calls.agent(
            "mcp",
            "{\"url\": \"%s/\", \"tool\": \"work\"%s}".formatted(server.url(), moreSettings)));
  }

  private static AgentOutcome outcome() throws IOException {
    return open("").call(Calls.call(PLENTY));
  }

  private static CallFailure failure() throws IOException {
    return ((Failed) outcome()).failure();
  }

  @Test
  void refusesAVersionOfTheProtocolThatNobodyKnows() throws Exception {
    says(
        "initialize",
        JSON + "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": {\"protocolVersion\": \"1999\"}}");

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.NO_AGENT);
    assertThat(failure.message()).contains("version '1999'");
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(ServerProcess.count(folder, "tools.call")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "401 end, AUTH",
    "429 Retry-After=7 end, RATE_LIMITED",
    "500 end, UPSTREAM_UNAVAILABLE",
    "302 Location=/elsewhere end, MODEL_ERROR"
  })
  void isNotBilledForAServerThatRefusesASession(String head, ErrorKind kind) throws Exception {
    says("initialize", head + "\n");

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.possiblyBilled()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "401 end, AUTH, false",
    "429 Retry-After=7 end, RATE_LIMITED, false",
    "503 end, UPSTREAM_UNAVAILABLE, false",
    "500 end, UPSTREAM_UNAVAILABLE, true",
    "400 end, INVALID_INPUT, false",
    "200 drop, UPSTREAM_UNAVAILABLE, true",
    "200 Content-Type=text/event-stream close, UPSTREAM_UNAVAILABLE, true",
    "200 Content-Type=text/event-stream end, UPSTREAM_UNAVAILABLE, true",
    "200 Content-Type=application/json end, UPSTREAM_UNAVAILABLE, true",
    "202 end, UPSTREAM_UNAVAILABLE, true"
  })
  void saysWhatKindOfFailureItIsWhenTheServerGivesNoAnswer(
      String head, ErrorKind kind, boolean billed) throws Exception {
    says("tools.call", head + "\n");

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.possiblyBilled()).isEqualTo(billed);
    assertThat(failure.retryAfter())
        .isEqualTo(kind == ErrorKind.RATE_LIMITED ? Duration.ofSeconds(7) : null);
    assertThat(ServerProcess.count(folder, "tools.call")).isEqualTo(1);
  }

  @Test
  void hasTheWordsOfARefusal() throws Exception {
    says(
        "tools.call",
        "400 Content-Type=application/json end\n{\"error\": {\"message\": \"no such day\"}}");

    assertThat(failure().message()).isEqualTo("the agent answered with HTTP 400: no such day");
  }

  @ParameterizedTest
  @CsvSource({
    "-32602, INVALID_INPUT, false",
    "-32601, NO_AGENT, false",
    "-32603, MODEL_ERROR, true",
    "-32000, MODEL_ERROR, true"
  })
  void readsTheKindFromTheCodeOfAnError(int code, ErrorKind kind, boolean billed) throws Exception {
    says(
        "tools.call",
        JSON
            + "{\"jsonrpc\": \"2.0\", \"id\": $id, \"error\": {\"code\": %d, \"message\": \"no\"}}"
                .formatted(code));

    assertThat(failure())
        .isEqualTo(
            new CallFailure(
                kind, "the server refuses the call, error " + code + ": no", null, billed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"hello", "7", "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": 7}"})
  void callsGarbageAMismatchThatMayBeBilled(String garbage) throws Exception {
    says("tools.call", JSON + garbage);

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void tellsTheViolationsOfWhatTheToolPromises() throws Exception {
    says(
        "tools.list",
        JSON
            + """
            {"jsonrpc": "2.0", "id": $id, "result": {"tools": [{"name": "work",
             "outputSchema": {"type": "object", "required": ["n"]}}]}}
            """);
    says(
        "tools.call",
        JSON + "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": {\"structuredContent\": {}}}");

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.message()).contains("output is not what the tool promises").contains("'n'");
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void hasNoUseForAToolWhoseSchemaIsUnusable() throws Exception {
    says(
        "tools.list",
        JSON
            + """
            {"jsonrpc": "2.0", "id": $id, "result": {"tools": [{"name": "work",
             "inputSchema": {"$ref": "#/$defs/absent"}}]}}
            """);

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.NO_AGENT);
    assertThat(failure.message()).contains("inputSchema").contains("not a usable JSON Schema");
  }

  @Test
  void findsTheToolOnALaterPage() throws Exception {
    says(
        "tools.list.1",
        JSON
            + """
            {"jsonrpc": "2.0", "id": $id, "result": {"tools": [{"name": "other"}],
             "nextCursor": "p2"}}
            """);
    says(
        "tools.call",
        JSON
            + """
            {"jsonrpc": "2.0", "id": $id, "result": {"content": [
             {"type": "image", "data": "AA==", "mimeType": "image/png"}]}}
            """);

    assertThat(((Success) outcome()).output())
        .isEqualTo(
            Calls.json(
                "{\"content\": [{\"type\": \"image\", \"data\": \"AA==\", \"mimeType\": \"image/png\"}]}"));
    assertThat(ServerProcess.journal(folder)).anyMatch(each -> each.contains("\"cursor\":\"p2\""));
  }

  @Test
  void answersAPingInTheStreamAndTakesTheAnswerBehindIt() throws Exception {
    says(
        "tools.call",
        EVENTS
            + """
            end
            data: {"jsonrpc": "2.0", "id": 99, "method": "ping"}

            : a comment
            event: message
            data: {"jsonrpc": "2.0", "id": $id,
            data:  "result": {"content": [{"type": "text", "text": "hi"}]}}

            """);

    assertThat(((Success) outcome()).output()).isEqualTo(Calls.json("{\"text\": \"hi\"}"));
    await()
        .atMost(PLENTY)
        .until(
            () ->
                ServerProcess.journal(folder).stream()
                    .anyMatch(
                        each -> each.endsWith("{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}")));
  }

  @Test
  void closesTheConnectionAndTellsTheServerWhenItIsTooSlow() throws Exception {
    says("tools.call.1", JSON + "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": {}}");
    says("tools.call", EVENTS + "hang\n");
    AgentContract agent = open("");
    assertThat(agent.call(Calls.call(PLENTY))).isInstanceOf(Success.class);

    CallFailure failure = ((Failed) agent.call(Calls.call(Duration.ofSeconds(2)))).failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
    ServerProcess.awaitLine(folder, "closed tools.call");
    ServerProcess.awaitLine(folder, "notifications.cancelled");
  }

  @Test
  void givesUpAfterOneNewSessionThatTheServerForgetsAtOnce() throws Exception {
    says("tools.call", "404 end\n");

    CallFailure failure = failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(ServerProcess.count(folder, "initialize")).isEqualTo(2);
  }

  @Test
  void blanksASecretThatTheServerEchoes() throws Exception {
    says(
        "tools.call",
        JSON
            + """
            {"jsonrpc": "2.0", "id": $id, "result": {"isError": true, "content": [
             {"type": "text", "text": "bad s3cret-value"}]}}
            """);

    AgentOutcome outcome =
        open(", \"headers\": {\"X-Key\": \"env:TOKEN\"}").call(Calls.call(PLENTY));

    assertThat(((Failed) outcome).failure().message()).isEqualTo("bad ***");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"url\": \"http://a/\"} | settings.tool is missing; name the tool",
        "{\"tool\": \"a\"} | settings.url and settings.command: give one of them",
        "{\"tool\": \"a\", \"url\": \"http://a/\", \"command\": [\"b\"]} | give one of them",
        "{\"tool\": \"a\", \"url\": \"ftp://a/\"} | settings.url is not an address",
        "{\"tool\": \"a\", \"command\": \"b c\"} | settings.command is not a list of texts",
        "{\"tool\": \"a\", \"url\": \"http://a/\", \"headers\": {\"Accept\": \"b\"}} | set by the executor",
        "{\"tool\": \"a\", \"url\": \"http://a/\", \"sendContext\": 1} | neither true nor false",
        "{\"tool\": \"a\", \"url\": \"http://a/\", \"idleAfter\": \"5\"} | is not a duration",
        "{\"tool\": \"a\", \"url\": \"http://a/\", \"tools\": []} | settings.tools is unknown"
      })
  void refusesSettingsWithKeyAndRemedy(String settings, String message) {
    assertThatThrownBy(() -> ADAPTER.open(Calls.agent("mcp", settings)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }
}
