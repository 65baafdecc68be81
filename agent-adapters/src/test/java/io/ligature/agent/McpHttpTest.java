package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server over Streamable HTTP that is made with the protocol's own SDK. */
class McpHttpTest extends AgentContractKit {

  private static final McpAdapter ADAPTER =
      new McpAdapter(Secrets.of(Map.of("TOKEN", "s3cret-value")::get));
  private static final Duration PLENTY = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(folder, McpTestServer.class, "http", folder.toString());
  }

  @AfterAll
  static void stop() {
    ADAPTER.close();
    server.close();
  }

  @BeforeEach
  void clear() throws IOException {
    ServerProcess.clear(folder);
    mode("text hello");
  }

  private static void mode(String words) throws IOException {
    Files.writeString(folder.resolve("mode"), words);
  }

  private static AgentContract open(String tool, String moreSettings) throws IOException {
    return ADAPTER.open(
        Calls.agent(
            "mcp",
            "{\"url\": \"%s/mcp\", \"tool\": \"%s\"%s}"
                .formatted(server.url(), tool, moreSettings)));
  }

  private static AgentContract open() throws IOException {
    return open("work", "");
  }

  @Override
  protected AgentContract answering() throws IOException {
    return open();
  }

  @Override
  protected AgentContract hanging() throws IOException {
    AgentContract agent = open();
    assertThat(agent.call(Calls.call(PLENTY))).isInstanceOf(Success.class);
    mode("hang");
    return agent;
  }

  @Override
  protected Optional<AgentContract> oversize() throws IOException {
    mode("large");
    return Optional.of(open("work", ", \"maxResponseBytes\": 10000"));
  }

  @Override
  protected Optional<AgentContract> unreachable() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    return Optional.of(
        ADAPTER.open(
            Calls.agent("mcp", "{\"url\": \"http://127.0.0.1:" + port + "\", \"tool\": \"a\"}")));
  }

  @Override
  protected void awaitBegun() {
    ServerProcess.awaitLine(folder, "hangs");
  }

  @Override
  protected void awaitStopped() {
    ServerProcess.awaitLine(folder, "in notifications/cancelled");
  }

  @Override
  protected Optional<String> lastIdempotencyKey() throws IOException {
    String line = lines("in tools/call").getLast();
    String key = line.substring(line.indexOf("Idempotency-Key=") + 16).split(" ", -1)[0];
    assertThat(lines("begun").getLast()).endsWith(" " + key);
    return Optional.of(key);
  }

  private static List<String> lines(String beginning) throws IOException {
    return ServerProcess.journal(folder).stream()
        .filter(each -> each.startsWith(beginning))
        .toList();
  }

  private static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(Calls.call(PLENTY))).failure();
  }

  private static AgentOutcome call(AgentContract agent) {
    return agent.call(Calls.call(PLENTY));
  }

  @Test
  void givesStructuredContent() throws Exception {
    mode("structured {\"n\": 7}");

    assertThat(call(open("typed", "")))
        .isEqualTo(new Success(Calls.json("{\"n\": 7}"), CallMetadata.UNKNOWN));
  }

  @Test
  void givesTextAsJsonWhereItIs() throws Exception {
    mode("text {\"n\": [1, 2]}");
    assertThat(((Success) call(open())).output()).isEqualTo(Calls.json("{\"n\": [1, 2]}"));

    mode("text 12 apples");
    assertThat(((Success) call(open())).output())
        .isEqualTo(Calls.json("{\"text\": \"12 apples\"}"));
  }

  @Test
  void takesCostAndConfidenceThatAToolTells() throws Exception {
    mode("told");

    assertThat(call(open()).metadata())
        .isEqualTo(new CallMetadata(Money.of("0.02"), 0.9, null, null, null, null, null));
  }

  @Test
  void makesAFailureOfAnErrorWithItsText() throws Exception {
    mode("error no such city");

    assertThat(failure(open()))
        .isEqualTo(CallFailure.possiblyBilled(ErrorKind.MODEL_ERROR, "no such city"));
  }

  @Test
  void refusesArgumentsAgainstTheToolsOwnSchemaBeforeTheCall() throws Exception {
    AgentCall call = Calls.call(PLENTY);
    AgentOutcome outcome =
        open()
            .call(
                new AgentCall(
                    call.envelope(),
                    Calls.json("{\"query\": 7}"),
                    call.agent(),
                    call.timeout(),
                    null,
                    call.progress()));

    CallFailure failure = ((Failed) outcome).failure();
    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_INPUT);
    assertThat(failure.message()).contains("/query").contains("string");
    assertThat(failure.possiblyBilled()).isFalse();
    assertThat(lines("in tools/call")).isEmpty();
  }

  @Test
  void leavesArgumentsToTheRegisteredSchemaWhereThereIsOne() throws Exception {
    AgentCall call = Calls.call(PLENTY);
    AgentRegistration checked =
        AgentRegistration.newBuilder(call.agent())
            .setCapabilities(List.of(new AgentCapability("web.research", "{}", "{}")))
            .build();

    AgentOutcome outcome =
        open()
            .call(
                new AgentCall(
                    call.envelope(),
                    Calls.json("{\"query\": 7}"),
                    checked,
                    call.timeout(),
                    null,
                    call.progress()));

    assertThat(outcome).isInstanceOf(Success.class);
  }

  @Test
  void takesNothingButAnObject() throws Exception {
    AgentCall call = Calls.call(PLENTY);

    AgentOutcome outcome =
        open()
            .call(
                new AgentCall(
                    call.envelope(),
                    Calls.json("[1]"),
                    call.agent(),
                    call.timeout(),
                    null,
                    call.progress()));

    assertThat(((Failed) outcome).failure().kind()).isEqualTo(ErrorKind.INVALID_INPUT);
  }

  @Test
  void namesTheToolsOfAServerThatHasNotTheOneItNeeds() throws Exception {
    assertThat(failure(open("fly", "")))
        .isEqualTo(
            CallFailure.unbilled(
                ErrorKind.NO_AGENT, "the server has no tool 'fly'; it has work, typed"));
  }

  @Test
  void paysForTheSessionOnceHoweverManyCall() throws Exception {
    AgentContract agent = open();
    List<CompletableFuture<AgentOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      CompletableFuture<AgentOutcome> outcome = new CompletableFuture<>();
      outcomes.add(outcome);
      Thread.ofVirtual().start(() -> outcome.complete(call(agent)));
    }

    for (CompletableFuture<AgentOutcome> each : outcomes) {
      assertThat(each.get(20, TimeUnit.SECONDS)).isInstanceOf(Success.class);
    }
    assertThat(lines("in initialize")).hasSize(1);
    assertThat(lines("in tools/call")).hasSize(8);
  }

  @Test
  void opensWithoutCallingAnybody() throws Exception {
    open();

    assertThat(ServerProcess.journal(folder)).noneMatch(each -> each.contains("initialize"));
  }

  @Test
  void makesTheSessionAgainWhenTheServerHasForgottenItAndCallsOnce() throws Exception {
    AgentContract agent = open();
    call(agent);
    Files.writeString(folder.resolve("forget"), "");

    assertThat(call(agent)).isInstanceOf(Success.class);
    assertThat(lines("in initialize")).hasSize(2);
    assertThat(lines("begun")).hasSize(2);
  }

  @Test
  void asksForTheToolAgainWhenTheServerSaysThatItsToolsHaveChanged() throws Exception {
    AgentContract agent = open();
    call(agent);
    ServerProcess.awaitLine(folder, "in GET");
    mode("change");
    call(agent);
    mode("text hello");
    try {
      await()
          .atMost(PLENTY)
          .untilAsserted(
              () -> {
                CallFailure failure = failure(agent);
                assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_INPUT);
                assertThat(failure.message()).contains("words");
              });
    } finally {
      server.close();
      Files.delete(folder.resolve("port"));
      server = ServerProcess.start(folder, McpTestServer.class, "http", folder.toString());
    }
  }

  @Test
  void hearsProgress() throws Exception {
    mode("progress");
    List<String> heard = new ArrayList<>();

    open().call(Calls.call(PLENTY, (share, message) -> heard.add(share + " " + message)));

    assertThat(heard).containsExactly("0.5 half", "null null");
  }

  @Test
  void sendsSecretsTraceAndVersion() throws Exception {
    mode("meta");

    AgentOutcome outcome =
        call(open("work", ", \"headers\": {\"Authorization\": \"Bearer ${env:TOKEN}\"}"));

    assertThat(lines("in initialize").getFirst()).contains("Authorization=Bearer s3cret-value");
    assertThat(lines("in tools/call").getFirst())
        .contains("Authorization=Bearer s3cret-value")
        .contains("MCP-Protocol-Version=2025-11-25")
        .contains("traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(((Success) outcome).output().path("traceparent").asText())
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(((Success) outcome).output().has("io.ligature/context")).isFalse();
  }

  @Test
  void sendsTheContextWhenItIsToldTo() throws Exception {
    mode("meta");

    AgentOutcome outcome = call(open("work", ", \"sendContext\": true"));

    assertThat(((Success) outcome).output().path("io.ligature/context").path("reviewFeedback"))
        .isEqualTo(Calls.json("[\"shorter\"]"));
  }

  @Test
  void closesTheSessionOfAVersionThatHasBeenReplaced() throws Exception {
    call(open());

    open();

    ServerProcess.awaitLine(folder, "in DELETE");
  }

  @Test
  void closesTheSessionWhenNobodyHasCalledForAWhileAndMakesItAgain() throws Exception {
    AgentContract agent = open("work", ", \"idleAfter\": \"PT0.01S\"");
    call(agent);
    ServerProcess.awaitLine(folder, "in DELETE");

    assertThat(call(agent)).isInstanceOf(Success.class);
  }

  @Test
  void failsWithTheReferenceOfAnUnresolvedSecretAndCallsNobody() throws Exception {
    CallFailure failure = failure(open("work", ", \"headers\": {\"X-Key\": \"env:ABSENT\"}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).contains("env:ABSENT");
    assertThat(ServerProcess.journal(folder)).noneMatch(each -> each.contains("initialize"));
  }
}
