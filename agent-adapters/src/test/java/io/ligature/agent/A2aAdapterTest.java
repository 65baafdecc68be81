package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome.ByHand;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class A2aAdapterTest extends AgentContractKit {

  private static final A2aAdapter ADAPTER =
      new A2aAdapter(Secrets.of(Map.of("TOKEN", "s3cret-value")::get));
  private static final Duration PLENTY = Duration.ofSeconds(20);
  private static final String JSON = "200 Content-Type=application/json end\n";
  private static final String EVENTS = "200 Content-Type=text/event-stream ";
  private static final String ARTIFACT =
      ", \"artifacts\": [{\"artifactId\": \"a\", \"parts\": [{\"data\": %s}]}]";

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

  private static String result(String json) {
    return "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": " + json + "}";
  }

  private static String task(String state, String more) {
    return "{\"id\": \"t-1\", \"contextId\": \"c-1\", \"status\": {\"state\": \"TASK_STATE_%s\"}%s}"
        .formatted(state, more);
  }

  /** With what the agent says to it. */
  private static String task(String state, String words, String more) {
    return """
        {"id": "t-1", "contextId": "c-1", "status": {"state": "TASK_STATE_%s", "message":
         {"messageId": "m", "role": "ROLE_AGENT", "parts": [{"text": "%s"}]}}%s}"""
        .formatted(state, words, more)
        .replace("\n", "");
  }

  private static String begun(String task) {
    return JSON + result("{\"task\": " + task + "}");
  }

  private static String event(String json) {
    return "data: " + result(json) + "\n\n";
  }

  private static AgentContract open(String moreSettings) throws IOException {
    return ADAPTER.open(
        Calls.agent("a2a", "{\"url\": \"%s/a2a\"%s}".formatted(server.url(), moreSettings)));
  }

  private static AgentOutcome outcome() throws IOException {
    return open("").call(Calls.call(PLENTY));
  }

  private static AgentOutcome streamed() throws IOException {
    return open(", \"stream\": true").call(Calls.call(PLENTY));
  }

  private static CallFailure failure(AgentOutcome outcome) {
    return ((Failed) outcome).failure();
  }

  private static String line(String beginning) throws IOException {
    return ServerProcess.journal(folder).stream()
        .filter(each -> each.startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode params(String method) throws IOException {
    String line = line(method);
    return Calls.json(line.substring(line.indexOf('{'))).path("params");
  }

  @Override
  protected AgentContract answering() throws IOException {
    says("SendMessage", begun(task("COMPLETED", ARTIFACT.formatted("1"))));
    return open("");
  }

  @Override
  protected AgentContract hanging() throws IOException {
    AgentContract agent = answering();
    assertThat(agent.call(Calls.call(PLENTY))).isInstanceOf(Success.class);
    says("SendMessage", begun(task("WORKING", "")));
    says("GetTask", JSON + result(task("WORKING", "")));
    return agent;
  }

  @Override
  protected Optional<AgentContract> oversize() throws IOException {
    says(
        "SendMessage",
        begun(task("COMPLETED", ARTIFACT.formatted("\"" + "x".repeat(2000) + "\""))));
    return Optional.of(open(", \"maxResponseBytes\": 1999"));
  }

  @Override
  protected Optional<AgentContract> unreachable() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    return Optional.of(
        ADAPTER.open(Calls.agent("a2a", "{\"url\": \"http://127.0.0.1:" + port + "\"}")));
  }

  @Override
  protected void awaitBegun() {
    ServerProcess.awaitLine(folder, "GetTask");
  }

  @Override
  protected void awaitStopped() throws IOException {
    ServerProcess.awaitLine(folder, "CancelTask");
    assertThat(params("CancelTask")).isEqualTo(Calls.json("{\"id\": \"t-1\"}"));
  }

  @Override
  protected Optional<String> lastIdempotencyKey() throws IOException {
    String id = params("SendMessage").path("message").path("messageId").asText();
    assertThat(line("SendMessage")).contains("Idempotency-Key=" + id + " ");
    return Optional.of(id);
  }

  @Test
  void sendsAMessageOfTheProtocol() throws Exception {
    says("SendMessage", begun(task("COMPLETED", ARTIFACT.formatted("1"))));

    open(", \"tenant\": \"acme\", \"headers\": {\"Authorization\": \"Bearer ${env:TOKEN}\"}")
        .call(Calls.call(PLENTY));

    assertThat(line("SendMessage"))
        .contains("A2A-Version=1.0")
        .contains("Authorization=Bearer_s3cret-value")
        .contains("traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(params("SendMessage"))
        .isEqualTo(
            Calls.json(
                """
                {"tenant": "acme",
                 "message": {"messageId": "wf-1/research#2", "role": "ROLE_USER",
                   "parts": [{"data": {"query": "q"}, "mediaType": "application/json"}],
                   "metadata": {"io.ligature/capability": "web.research"}},
                 "configuration": {"acceptedOutputModes": ["application/json", "text/plain"],
                   "historyLength": 0, "returnImmediately": true}}
                """));
  }

  @Test
  void sendsATextAndTheContextWhenItIsToldTo() throws Exception {
    says("SendMessage", begun(task("COMPLETED", ARTIFACT.formatted("1"))));
    AgentCall call = Calls.call(PLENTY);

    open(", \"send\": \"text\", \"sendContext\": true")
        .call(
            new AgentCall(
                call.envelope(),
                Calls.json("{\"text\": \"find it\"}"),
                call.agent(),
                call.timeout(),
                null,
                call.progress()));

    JsonNode message = params("SendMessage").path("message");
    assertThat(message.path("parts"))
        .isEqualTo(Calls.json("[{\"text\": \"find it\", \"mediaType\": \"text/plain\"}]"));
    assertThat(message.path("metadata").path("io.ligature/context").path("earlierAttempts"))
        .hasSize(1);
  }

  @Test
  void asksUntilTheTaskIsOverAndTellsWhatItHears() throws Exception {
    says("SendMessage", begun(task("SUBMITTED", "")));
    says("GetTask.1", JSON + result(task("WORKING", "reading", "")));
    says("GetTask.2", JSON + result(task("WORKING", "reading", "")));
    says("GetTask.3", JSON + result(task("COMPLETED", ARTIFACT.formatted("{\"n\": 1}"))));
    List<String> heard = new ArrayList<>();

    AgentOutcome outcome =
        open(", \"pollEvery\": \"PT0.05S\"")
            .call(Calls.call(PLENTY, (share, message) -> heard.add(share + " " + message)));

    assertThat(outcome).isEqualTo(new Success(Calls.json("{\"n\": 1}"), CallMetadata.UNKNOWN));
    assertThat(heard).containsExactly("null reading");
    assertThat(ServerProcess.count(folder, "SendMessage")).isEqualTo(1);
    assertThat(ServerProcess.count(folder, "CancelTask")).isZero();
  }

  @Test
  void takesAMessageAsTheAnswer() throws Exception {
    says(
        "SendMessage",
        JSON
            + result(
                """
                {"message": {"messageId": "m", "role": "ROLE_AGENT", "parts": [{"text": "hi"}],
                 "metadata": {"io.ligature/metadata": {"cost": "0.02", "confidence": 0.9}}}}
                """));

    assertThat(outcome())
        .isEqualTo(
            new Success(
                Calls.json("{\"text\": \"hi\"}"),
                new CallMetadata(Money.of("0.02"), 0.9, null, null, null, null, null)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\": \"see\"}, {\"data\": {\"n\": 1}} | {\"n\": 1}",
        "{\"text\": \"{\\\"n\\\": 1}\"} | {\"n\": 1}",
        "{\"text\": \"a\"}, {\"text\": \"b\"} | {\"text\": \"a\\nb\"}",
        "{\"data\": 1}, {\"data\": 2} | {\"parts\": [{\"data\": 1}, {\"data\": 2}]}",
        "{\"url\": \"http://a/b.png\"} | {\"parts\": [{\"url\": \"http://a/b.png\"}]}"
      })
  void makesTheOutputOfTheParts(String parts, String output) throws Exception {
    says(
        "SendMessage",
        begun(
            task(
                "COMPLETED",
                ", \"artifacts\": [{\"artifactId\": \"a\", \"parts\": [" + parts + "]}]")));

    assertThat(((Success) outcome()).output()).isEqualTo(Calls.json(output));
  }

  @Test
  void givesWhatThereIsForAReviewWhenTheAgentNeedsInput() throws Exception {
    says(
        "SendMessage",
        begun(task("INPUT_REQUIRED", "Which year?", ARTIFACT.formatted("{\"draft\": 1}"))));

    assertThat(outcome())
        .isEqualTo(
            new NeedsReview(Calls.json("{\"draft\": 1}"), CallMetadata.UNKNOWN, "Which year?"));
    ServerProcess.awaitLine(folder, "CancelTask");
  }

  @Test
  void leavesTheTaskToAPersonWhenTheAgentNeedsInputAndHasNothingYet() throws Exception {
    says("SendMessage", begun(task("INPUT_REQUIRED", "Which year?", "")));

    assertThat(outcome()).isEqualTo(new ByHand("Which year?", null, CallMetadata.UNKNOWN));
    ServerProcess.awaitLine(folder, "CancelTask");
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, MODEL_ERROR",
    "REJECTED, POLICY_BLOCK",
    "AUTH_REQUIRED, AUTH",
    "CANCELED, MODEL_ERROR",
    "SUPERSEDED, SCHEMA_MISMATCH"
  })
  void readsTheKindFromTheState(String state, ErrorKind kind) throws Exception {
    says("SendMessage", begun(task(state, "no", "")));

    CallFailure failure = failure(outcome());

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.message()).contains(kind == ErrorKind.SCHEMA_MISMATCH ? "state" : "no");
    assertThat(failure.possiblyBilled()).isTrue();
    if (kind == ErrorKind.AUTH) {
      ServerProcess.awaitLine(folder, "CancelTask");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-32602, INVALID_INPUT, false",
    "-32005, INVALID_INPUT, false",
    "-32601, NO_AGENT, false",
    "-32009, NO_AGENT, false",
    "-32004, NO_AGENT, false",
    "-32008, NO_AGENT, false",
    "-32603, MODEL_ERROR, true",
    "-32006, MODEL_ERROR, true"
  })
  void readsTheKindFromTheCodeOfAnError(int code, ErrorKind kind, boolean billed) throws Exception {
    says(
        "SendMessage",
        JSON
            + "{\"jsonrpc\": \"2.0\", \"id\": $id, \"error\": {\"code\": %d, \"message\": \"no\"}}"
                .formatted(code));

    CallFailure failure = failure(outcome());

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.message()).contains("error " + code + ": no");
    assertThat(failure.possiblyBilled()).isEqualTo(billed);
  }

  @ParameterizedTest
  @CsvSource({
    "401 end, AUTH, false",
    "429 Retry-After=7 end, RATE_LIMITED, false",
    "503 end, UPSTREAM_UNAVAILABLE, false",
    "500 end, UPSTREAM_UNAVAILABLE, true",
    "200 drop, UPSTREAM_UNAVAILABLE, true",
    "200 Content-Type=application/json end, UPSTREAM_UNAVAILABLE, true",
    "302 Location=/elsewhere end, MODEL_ERROR, false"
  })
  void saysWhatKindOfFailureItIsWhenThereIsNoAnswer(String head, ErrorKind kind, boolean billed)
      throws Exception {
    says("SendMessage", head + "\n");

    CallFailure failure = failure(outcome());

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.possiblyBilled()).isEqualTo(billed);
    assertThat(ServerProcess.count(folder, "SendMessage")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello",
        "[7]",
        "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": 7}",
        "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": {}}",
        "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": {\"task\": {\"id\": \"t-1\"}}}",
        "{\"jsonrpc\": \"2.0\", \"id\": $id, \"result\": {\"message\": {\"parts\": []}}}"
      })
  void callsGarbageAMismatchThatMayBeBilled(String garbage) throws Exception {
    says("SendMessage", JSON + garbage);

    CallFailure failure = failure(outcome());

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void asksAgainWhenAnAnswerIsLostButNotForEver() throws Exception {
    says("SendMessage", begun(task("WORKING", "")));
    says("GetTask.1", "503 end\n");
    says("GetTask.2", "200 drop\n");
    says("GetTask.3", JSON + result(task("COMPLETED", ARTIFACT.formatted("1"))));
    assertThat(outcome()).isInstanceOf(Success.class);

    says("GetTask", "503 end\n");
    CallFailure failure = failure(outcome());

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
    assertThat(ServerProcess.count(folder, "GetTask")).isEqualTo(6);
    ServerProcess.awaitLine(folder, "CancelTask");
  }

  @Test
  void mayBeBilledForATaskThatTheAgentForgets() throws Exception {
    says("SendMessage", begun(task("WORKING", "")));
    says(
        "GetTask",
        JSON
            + "{\"jsonrpc\": \"2.0\", \"id\": $id, \"error\": {\"code\": -32001, \"message\": \"?\"}}");

    CallFailure failure = failure(outcome());

    assertThat(failure.kind()).isEqualTo(ErrorKind.MODEL_ERROR);
    assertThat(failure.possiblyBilled()).isTrue();
    ServerProcess.awaitLine(folder, "CancelTask");
  }

  @Test
  void followsAStreamToItsEnd() throws Exception {
    says(
        "SendStreamingMessage",
        EVENTS
            + "end\n"
            + event("{\"task\": " + task("SUBMITTED", "") + "}")
            + event("{\"statusUpdate\": " + update("WORKING") + "}")
            + event(artifact("Hello, ", false))
            + event(artifact("world", true))
            + event("{\"statusUpdate\": " + update("COMPLETED") + "}"));

    List<String> pieces = new ArrayList<>();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void progress(Double share, String message) {}

          @Override
          public void partial(String text) {
            pieces.add(text);
          }
        };

    AgentOutcome outcome = open(", \"stream\": true").call(Calls.call(PLENTY, listener));

    assertThat(((Success) outcome).output()).isEqualTo(Calls.json("{\"text\": \"Hello, world\"}"));
    assertThat(pieces).containsExactly("Hello, ", "world");
    assertThat(ServerProcess.count(folder, "GetTask")).isZero();
  }

  private static String update(String state) {
    return "{\"taskId\": \"t-1\", \"contextId\": \"c-1\", \"status\": {\"state\": \"TASK_STATE_"
        + state
        + "\"}}";
  }

  private static String artifact(String text, boolean append) {
    return """
        {"artifactUpdate": {"taskId": "t-1", "contextId": "c-1", "append": %s,
         "artifact": {"artifactId": "a", "parts": [{"text": "%s"}]}}}"""
        .formatted(append, text)
        .replace("\n", "");
  }

  @Test
  void asksForATaskWhoseStreamBreaks() throws Exception {
    says(
        "SendStreamingMessage",
        EVENTS + "close\n" + event("{\"task\": " + task("WORKING", "") + "}"));
    says("GetTask", JSON + result(task("COMPLETED", ARTIFACT.formatted("1"))));

    assertThat(((Success) streamed()).output()).isEqualTo(Calls.json("1"));
    assertThat(ServerProcess.count(folder, "SendStreamingMessage")).isEqualTo(1);
  }

  @Test
  void mayBeBilledForAStreamThatBreaksBeforeItsTask() throws Exception {
    says("SendStreamingMessage", EVENTS + "close\n");

    CallFailure failure = failure(streamed());

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void closesTheStreamAndCancelsTheTaskWhenItIsTooSlow() throws Exception {
    says(
        "SendStreamingMessage.1",
        EVENTS + "end\n" + event("{\"task\": " + task("COMPLETED", ARTIFACT.formatted("1")) + "}"));
    says(
        "SendStreamingMessage",
        EVENTS + "hang\n" + event("{\"task\": " + task("WORKING", "") + "}"));
    AgentContract agent = open(", \"stream\": true");
    assertThat(agent.call(Calls.call(PLENTY))).isInstanceOf(Success.class);

    CallFailure failure = failure(agent.call(Calls.call(Duration.ofSeconds(2))));

    assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
    ServerProcess.awaitLine(folder, "CancelTask");
    ServerProcess.awaitLine(folder, "closed SendStreamingMessage");
  }

  @Test
  void refusesAStreamThatGrowsOverItsBound() throws Exception {
    says(
        "SendStreamingMessage",
        EVENTS
            + "end\n"
            + event("{\"task\": " + task("WORKING", "") + "}")
            + event(artifact("x".repeat(1_500), false))
            + event(artifact("x".repeat(1_500), true)));

    CallFailure failure =
        failure(open(", \"stream\": true, \"maxResponseBytes\": 2000").call(Calls.call(PLENTY)));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.message()).contains("more than 2000 bytes");
    ServerProcess.awaitLine(folder, "CancelTask");
  }

  @Test
  void failsWithTheReferenceOfAnUnresolvedSecretAndCallsNobody() throws Exception {
    CallFailure failure =
        failure(open(", \"headers\": {\"X-Key\": \"env:ABSENT\"}").call(Calls.call(PLENTY)));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).contains("env:ABSENT");
    assertThat(ServerProcess.journal(folder)).isEmpty();
  }

  @Test
  void blanksASecretThatTheAgentEchoes() throws Exception {
    says("SendMessage", begun(task("FAILED", "bad s3cret-value", "")));

    AgentOutcome outcome =
        open(", \"headers\": {\"X-Key\": \"env:TOKEN\"}").call(Calls.call(PLENTY));

    assertThat(failure(outcome).message()).isEqualTo("bad ***");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | settings.url is missing; give the address of the JSON-RPC interface",
        "{\"url\": \"grpc://a\"} | settings.url is not an address",
        "{\"url\": \"http://a/\", \"headers\": {\"a2a-version\": \"0.3\"}} | set by the executor",
        "{\"url\": \"http://a/\", \"send\": \"file\"} | settings.send is neither data nor text",
        "{\"url\": \"http://a/\", \"pollEvery\": \"PT0S\"} | settings.pollEvery is shorter than",
        "{\"url\": \"http://a/\", \"stream\": \"yes\"} | settings.stream is neither true nor false",
        "{\"url\": \"http://a/\", \"skill\": \"b\"} | settings.skill is unknown"
      })
  void refusesSettingsWithKeyAndRemedy(String settings, String message) {
    assertThatThrownBy(() -> ADAPTER.open(Calls.agent("a2a", settings)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }
}
