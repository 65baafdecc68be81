package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptAdapterTest extends AgentProtocolKit {

  private static final ScriptAdapter ADAPTER =
      new ScriptAdapter(Secrets.of(Map.of("TOKEN", "s3cret-value")::get));
  private static final Duration PLENTY = Duration.ofSeconds(20);

  @TempDir Path folder;

  @AfterAll
  static void stop() {
    ADAPTER.close();
  }

  private static ObjectNode settings(String... command) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    for (String each : command) {
      settings.withArray("command").add(each);
    }
    return settings;
  }

  private static AgentContract open(ObjectNode settings) {
    return ADAPTER.open(Calls.agent("script", settings.toString()));
  }

  private AgentContract shell(String script) {
    return open(settings("/bin/sh", "-c", script).put("workdir", folder.toString()));
  }

  @Override
  protected AgentContract answering(String answer) throws IOException {
    Files.writeString(folder.resolve("answer"), answer);
    return shell("cat > request; printf %s \"$LIGATURE_ATTEMPT_ID\" > key; cat answer");
  }

  /** With a child, which must be stopped too. */
  @Override
  protected AgentContract hanging() {
    return shell("sleep 60 & echo $! > child.part; mv child.part child; echo $$ > parent; wait");
  }

  @Override
  protected Optional<AgentContract> oversize() {
    return Optional.of(
        open(
            settings("/bin/sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxx; done")
                .put("maxOutputBytes", 10_000)));
  }

  @Override
  protected Optional<AgentContract> unreachable() {
    return Optional.of(open(settings(folder.resolve("absent").toString())));
  }

  @Override
  protected void awaitBegun() {
    await().until(() -> Files.exists(folder.resolve("parent")));
  }

  @Override
  protected void awaitStopped() throws IOException {
    for (String file : List.of("child", "parent")) {
      long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
      await().until(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
  }

  @Override
  protected Optional<JsonNode> lastRequest() throws IOException {
    return Optional.of(Calls.json(Files.readString(folder.resolve("request"))));
  }

  @Override
  protected Optional<String> lastIdempotencyKey() throws IOException {
    return Optional.of(Files.readString(folder.resolve("key")));
  }

  private static CallFailure failure(AgentContract agent) {
    return ((Failed) agent.call(Calls.call(PLENTY))).failure();
  }

  @Test
  void callsANonZeroExitACrashWithTheEndOfStandardError() {
    CallFailure failure = failure(shell("echo '{\"output\": 1}'; echo broke here >&2; exit 3"));

    assertThat(failure)
        .isEqualTo(
            CallFailure.possiblyBilled(
                ErrorKind.AGENT_CRASH, "the script ended with exit code 3: broke here"));
  }

  @Test
  void keepsOnlyTheEndOfALongStandardError() {
    String message =
        failure(shell("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1"))
            .message();

    assertThat(message).hasSizeLessThan(1_200).endsWith("line 1999");
  }

  @Test
  void doesNotBlockOnAScriptThatReadsNothing() {
    assertThat(shell("echo '{\"output\": 1}'").call(Calls.call(PLENTY)))
        .isInstanceOf(Success.class);
  }

  @Test
  void givesTheScriptOnlyTheEnvironmentItIsAllowed() {
    AgentOutcome outcome =
        open(settings(
                    "/bin/sh",
                    "-c",
                    "printf '{\"output\": \"%s\"}' \"$(env | cut -d= -f1 | sort | tr '\\n' ' ')\"")
                .set("env", Calls.json("{\"KEY\": \"env:TOKEN\"}")))
            .call(Calls.call(PLENTY));

    List<String> names = new ArrayList<>(List.of(((Success) outcome).output().asText().split(" ")));
    // The shell's own.
    names.removeAll(List.of("_", "PWD", "SHLVL", "OLDPWD", "LANG"));
    assertThat(names).containsExactly("KEY", "LIGATURE_ATTEMPT_ID", "PATH", "TRACEPARENT");
  }

  @Test
  void blanksASecretThatTheScriptPrints() {
    CallFailure failure =
        failure(
            open(
                settings("/bin/sh", "-c", "echo \"key $KEY\" >&2; exit 1")
                    .set("env", Calls.json("{\"KEY\": \"env:TOKEN\"}"))));

    assertThat(failure.message()).endsWith("key ***");
  }

  @Test
  void failsWithTheReferenceOfAnUnresolvedSecret() {
    CallFailure failure =
        failure(
            open(
                settings("/bin/sh", "-c", "true")
                    .set("env", Calls.json("{\"KEY\": \"file:/absent/key\"}"))));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.message()).contains("file:/absent/key");
    assertThat(failure.possiblyBilled()).isFalse();
  }

  @Test
  void hearsProgressOnStandardError() {
    List<String> heard = new ArrayList<>();

    shell("echo '{\"progress\": 0.5, \"message\": \"half\"}' >&2; echo '{\"output\": 1}'")
        .call(Calls.call(PLENTY, (share, message) -> heard.add(share + " " + message)));

    await().untilAsserted(() -> assertThat(heard).containsExactly("0.5 half"));
  }

  @Test
  void saysWhenAChildHoldsTheOutputOpen() {
    // A script that ends before its output is first read counts as read to its end, whoever holds
    // it.
    CallFailure failure = failure(shell("sleep 5 & sleep 1; echo '{\"output\": 1}'"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.AGENT_CRASH);
    assertThat(failure.message()).contains("holds its output open");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | settings.command is missing; give program and arguments as a list",
        "{\"command\": \"ls -l\"} | settings.command is not a list of texts",
        "{\"command\": [\"ls\"], \"env\": [\"A\"]} | settings.env is not an object of texts",
        "{\"command\": [\"ls\"], \"shell\": true} | settings.shell is unknown",
        "{\"command\": [\"ls\"], \"maxErrorBytes\": 99999} | settings.maxErrorBytes is not a number"
      })
  void refusesSettingsWithKeyAndRemedy(String settings, String message) {
    assertThatThrownBy(() -> ADAPTER.open(Calls.agent("script", settings)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }
}
