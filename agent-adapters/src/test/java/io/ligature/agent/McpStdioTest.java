package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * Against a server that is a program, made with the protocol's own SDK. The tests share one where
 * they leave it alive.
 */
class McpStdioTest extends AgentContractKit {

  private static final Duration PLENTY = Duration.ofSeconds(25);
  private static final String ANSWERS =
      "says '{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}'";

  @TempDir static Path folder;
  private static McpAdapter adapter;
  private static AgentContract shared;

  private final long cancelledBefore = count("in notifications/cancelled");
  private final long hangsBefore = count("hangs");

  @BeforeAll
  static void start() {
    adapter = new McpAdapter(Secrets.of(Map.of("TOKEN", "s3cret-value")::get));
    shared = adapter.open(Calls.agent("mcp", settings().toString()));
  }

  @AfterAll
  static void stop() {
    adapter.close();
  }

  @BeforeEach
  void sayHello() throws IOException {
    mode("text hello");
  }

  private static void mode(String words) throws IOException {
    Files.writeString(folder.resolve("mode"), words);
  }

  private static long count(String beginning) {
    try {
      return ServerProcess.count(folder, beginning);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode settings(List<String> command) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode().put("tool", "work");
    command.forEach(settings.withArray("command")::add);
    return settings;
  }

  private static ObjectNode settings() {
    ObjectNode settings =
        settings(ServerProcess.java(McpTestServer.class, "stdio", folder.toString()));
    settings.put("maxResponseBytes", 10_000);
    settings.putObject("env").put("KEY", "env:TOKEN");
    return settings;
  }

  /** One that leaves the shared one alone. */
  private static AgentContract open(ObjectNode settings) {
    return adapter.open(
        AgentRegistration.newBuilder(Calls.agent("mcp", settings.toString())).setId("a-2").build());
  }

  private static AgentContract shell(String script) {
    return open(settings(List.of("/bin/sh", "-c", script)));
  }

  private static AgentContract afterInitialise(String rest) {
    return shell(script(rest));
  }

  /** Greets, becomes ready, tells of its tool, takes the call, and does the rest. */
  private static String script(String rest) {
    return """
        echo 'Welcome.'
        id() { printf %s "$line" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/'; }
        says() { echo '{"jsonrpc":"2.0","id":"'$(id)'","result":'"$1"'}'; }
        read line
        says '{"protocolVersion":"2025-06-18","capabilities":{}}'
        read line
        read line
        says '{"tools":[{"name":"work"}]}'
        read line
        """
        + rest;
  }

  @Override
  protected AgentContract answering() {
    return shared;
  }

  @Override
  protected AgentContract hanging() throws IOException {
    assertThat(shared.call(Calls.call(PLENTY))).isInstanceOf(Success.class);
    mode("hang");
    return shared;
  }

  @Override
  protected Optional<AgentContract> oversize() throws IOException {
    mode("large");
    return Optional.of(shared);
  }

  @Override
  protected Optional<AgentContract> unreachable() {
    return Optional.of(open(settings(List.of(folder.resolve("absent").toString()))));
  }

  @Override
  protected void awaitBegun() {
    await().atMost(PLENTY).until(() -> count("hangs") > hangsBefore);
  }

  /** It is told, and then ended with its child. */
  @Override
  protected void awaitStopped() throws IOException {
    for (String line : ServerProcess.journal(folder)) {
      if (line.startsWith("started ") || line.startsWith("child ")) {
        awaitEnd(Long.parseLong(line.split(" ", -1)[1]));
      }
    }
    assertThat(count("in notifications/cancelled")).isGreaterThan(cancelledBefore);
  }

  private static void awaitEnd(long pid) {
    await()
        .atMost(PLENTY)
        .until(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Override
  protected Optional<String> lastIdempotencyKey() throws IOException {
    String line =
        ServerProcess.journal(folder).stream()
            .filter(each -> each.startsWith("begun work "))
            .reduce((first, second) -> second)
            .orElseThrow();
    return Optional.of(line.substring("begun work ".length()));
  }

  private static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(Calls.call(PLENTY))).failure();
  }

  @Test
  void startsTheProgramOnceForManyCalls() {
    shared.call(Calls.call(PLENTY));
    long started = count("started");
    long listed = count("in tools/list");
    long called = count("in tools/call");

    assertThat(shared.call(Calls.call(PLENTY))).isInstanceOf(Success.class);

    assertThat(count("started")).isEqualTo(started);
    assertThat(count("in tools/list")).isEqualTo(listed);
    assertThat(count("in tools/call")).isEqualTo(called + 1);
  }

  @Test
  void saysWhatAServerLeftBehindThatDiedDuringTheCallAndStartsItAgain() throws Exception {
    mode("exit giving up");

    CallFailure failure = failure(shared);

    assertThat(failure.kind()).isEqualTo(ErrorKind.AGENT_CRASH);
    assertThat(failure.message())
        .startsWith("the server ended with exit code 3")
        .contains("giving up");
    assertThat(failure.possiblyBilled()).isTrue();
    mode("text hello");
    assertThat(shared.call(Calls.call(PLENTY))).isInstanceOf(Success.class);
  }

  @Test
  void hearsProgress() throws Exception {
    mode("progress");
    List<String> heard = new ArrayList<>();

    shared.call(Calls.call(PLENTY, (share, words) -> heard.add(share + " " + words)));

    assertThat(heard).containsExactly("0.5 half", "null null");
  }

  @Test
  void givesTheProgramItsSecretsAndNotTheWholeEnvironment() throws Exception {
    mode("env");

    AgentOutcome outcome = shared.call(Calls.call(PLENTY));

    assertThat(((Success) outcome).output()).isEqualTo(Calls.json("{\"text\": \"s3cret-value\"}"));
  }

  @Test
  void endsTheProgramAndItsChildrenWhenTheAdapterIsClosed() throws Exception {
    Path pids = folder.resolve("pids");
    try (McpAdapter other = new McpAdapter(Secrets.of(name -> null))) {
      String script = script("sleep 60 & echo $$ $! > '" + pids + "'\n" + ANSWERS + "\nread line");
      AgentContract agent =
          other.open(Calls.agent("mcp", settings(List.of("/bin/sh", "-c", script)).toString()));
      assertThat(agent.call(Calls.call(PLENTY))).isInstanceOf(Success.class);
    }

    for (String pid : Files.readString(pids).strip().split(" ", -1)) {
      awaitEnd(Long.parseLong(pid));
    }
  }

  @Test
  void endsAProgramThatIsAboutToEndWhenTheAdapterIsClosed() throws Exception {
    Path pid = folder.resolve("pid");
    try (McpAdapter other = new McpAdapter(Secrets.of(name -> null))) {
      String script = "echo $$ > '" + pid + "'; exec sleep 60";
      AgentContract agent =
          other.open(Calls.agent("mcp", settings(List.of("/bin/sh", "-c", script)).toString()));
      agent.call(Calls.call(Duration.ofMillis(300)));
      await().atMost(PLENTY).until(() -> Files.exists(pid) && Files.size(pid) > 0);
    }

    // Sooner than the moment is over that a program gets to end by itself.
    ProcessHandle program =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElse(null);
    await().atMost(Duration.ofSeconds(1)).until(() -> program == null || !program.isAlive());
  }

  @Test
  void isNotBilledForAProgramThatEndsBeforeItIsReady() {
    CallFailure failure = failure(shell("echo no key >&2; exit 4"));

    assertThat(failure)
        .isEqualTo(
            CallFailure.unbilled(
                ErrorKind.AGENT_CRASH, "the server ended with exit code 4: no key"));
  }

  @Test
  void passesOverAGreetingAndGivesTheAnswer() {
    AgentOutcome outcome = afterInitialise(ANSWERS + "\nread line").call(Calls.call(PLENTY));

    assertThat(outcome)
        .isEqualTo(new Success(Calls.json("{\"text\": \"hi\"}"), CallMetadata.UNKNOWN));
  }

  @Test
  void callsGarbageAMismatch() {
    CallFailure failure = failure(afterInitialise("echo '{oops'; sleep 60"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure.message()).contains("no message of the protocol");
    assertThat(failure.possiblyBilled()).isTrue();
  }

  @Test
  void seesThatAServerHasClosedItsOutput() {
    CallFailure failure = failure(afterInitialise("exec >&-; sleep 60"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AGENT_CRASH);
    assertThat(failure.message()).contains("closed its standard output");
  }

  @Test
  void givesUpAProgramThatNeverGetsReady() {
    CallFailure failure =
        ((Failed) shell("sleep 60").call(Calls.call(Duration.ofMillis(300)))).failure();

    assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(failure.possiblyBilled()).isFalse();
  }
}
