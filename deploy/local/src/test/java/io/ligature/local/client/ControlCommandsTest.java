package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCommandsTest {

  private static final String TOOK_EFFECT =
      "{\"workflowId\": \"w-1\", \"commandId\": \"c-1\", \"sequence\": 12, \"status\": \"paused\"}";
  private static final String ON_ITS_WAY = "{\"workflowId\": \"w-1\", \"commandId\": \"c-1\"}";

  private FakeServices services;

  @BeforeEach
  void start() throws Exception {
    services = new FakeServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void cancelsAndWaitsForTheEnd() throws Exception {
    services
        .answer("POST /workflows/w-1/cancel", 200, TOOK_EFFECT)
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING)
        .answer("GET /workflows/w-1", 200, ended("cancelled"));

    Run run = Run.with(services, "cancel", "w-1", "--reason", "no longer needed");

    assertThat(run).isEqualTo(new Run(0, "w-1  research-report v2  cancelled\n", ""));
    assertThat(sent()).isEqualTo(json("{'reason': 'no longer needed'}"));
  }

  @Test
  void cancellingWhatHasCompletedFails() {
    services
        .answer("POST /workflows/w-1/cancel", 202, "")
        .answer("GET /workflows/w-1", 200, ViewSamples.COMPLETED);

    assertThat(Run.with(services, "cancel", "w-1", "--reason", "late"))
        .isEqualTo(new Run(1, "w-1  research-report v2  completed\n", ""));
  }

  @Test
  void cancelsAndUndoes() throws Exception {
    services
        .answer("POST /workflows/w-1/cancel", 202, ON_ITS_WAY)
        .answer("GET /workflows/w-1", 200, ended("cancelled"));

    assertThat(Run.with(services, "cancel", "w-1", "--compensate", "--reason=x").exitCode())
        .isZero();
    assertThat(sent()).isEqualTo(json("{'reason': 'x', 'compensate': true}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pause w-1 --reason=x | pause | {'reason': 'x'}",
        "resume w-1 --reason=x | resume | {'reason': 'x'}",
        "signal w-1 paid | signal | {'name': 'paid'}",
        "signal w-1 paid --correlation=o-7 --payload={\"a\":1} | signal"
            + " | {'name': 'paid', 'correlation': 'o-7', 'payload': {'a': 1}}",
        "retry w-1 a --reason=x | tasks/a/retry | {'reason': 'x'}",
        "retry w-1 fan[7].b~2! --reason=x --input=[1] | tasks/fan%5B7%5D.b%7E2%21/retry"
            + " | {'reason': 'x', 'input': [1]}",
        "skip w-1 r[1] --reason=x | tasks/r%5B1%5D/skip | {'reason': 'x'}",
        "extend-budget w-1 2.5 --reason=x | budget | {'reason': 'x', 'amount': '2.50'}"
      })
  void sendsTheCommandAndTellsThatItTookEffect(String line, String path, String body)
      throws Exception {
    services.answer("POST /workflows/w-1/" + path, 200, TOOK_EFFECT);

    assertThat(Run.with(services, line.split(" ", -1)))
        .isEqualTo(new Run(0, "w-1: done; it is paused\n", ""));

    assertThat(sent()).isEqualTo(json(body));
    assertThat(services.calls().getFirst().user()).isEqualTo("operator:secret-o");
  }

  @Test
  void tellsThatACommandIsOnItsWay() {
    services.answer("POST /workflows/w-1/pause", 202, ON_ITS_WAY);

    assertThat(Run.with(services, "pause", "w-1", "--reason=x"))
        .isEqualTo(
            new Run(0, "w-1: on its way; ./ligature history w-1 tells what became of it\n", ""));
  }

  @Test
  void failsWithTheReasonOfARejection() {
    services.answer(
        "POST /workflows/w-1/resume",
        409,
        "{\"title\": \"The command was rejected\", \"detail\": \"the workflow is not paused\"}");

    assertThat(Run.with(services, "resume", "w-1", "--reason=x"))
        .isEqualTo(new Run(1, "", "The command was rejected: the workflow is not paused\n"));
  }

  @Test
  void sendsTheSameCommandAgainWhileTheServiceIsAway() throws Exception {
    services
        .answer("POST /workflows/w-1/signal", 503, "{\"title\": \"Not now\"}")
        .answer("POST /workflows/w-1/signal", 200, TOOK_EFFECT);

    assertThat(Run.with(services, "signal", "w-1", "paid").exitCode()).isZero();

    assertThat(services.calls()).hasSize(2);
    String first = services.calls().getFirst().body();
    assertThat(services.calls().getLast().body()).isEqualTo(first);
    assertThat(Payloads.JSON.readTree(first).path("commandId").asText()).isNotBlank();
  }

  @Test
  void takesACommandIdAndPrintsTheAnswerForMachines() throws Exception {
    services.answer("POST /workflows/w-1/pause", 200, TOOK_EFFECT);

    Run run = Run.with(services, "pause", "w-1", "--reason=x", "--command-id=c-1", "--json");

    assertThat(Payloads.JSON.readTree(run.out())).isEqualTo(Payloads.JSON.readTree(TOOK_EFFECT));
    assertThat(Payloads.JSON.readTree(services.calls().getFirst().body()))
        .isEqualTo(json("{'commandId': 'c-1', 'reason': 'x'}"));
  }

  @Test
  void readsAPayloadFromAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("paid.json"), "{\"by\": \"card\"}");
    services.answer("POST /workflows/w-1/signal", 200, TOOK_EFFECT);

    Run.with(services, "signal", "w-1", "paid", "--payload=@" + file);

    assertThat(sent()).isEqualTo(json("{'name': 'paid', 'payload': {'by': 'card'}}"));
  }

  @Test
  void runsAgainAndTellsWhatIsKept() throws Exception {
    services.answer(
        "POST /workflows/w-1/rerun",
        202,
        "{\"workflowId\": \"w-2\", \"origin\": \"w-1\", \"kept\": [\"research\", \"legal\"]}");

    assertThat(Run.with(services, "rerun", "w-1", "--from=report", "--id=w-2", "--reason=better"))
        .isEqualTo(new Run(0, "w-2 runs w-1 again from report; kept: research, legal\n", ""));
    assertThat(sent())
        .isEqualTo(json("{'reason': 'better', 'fromTask': 'report', 'newWorkflowId': 'w-2'}"));
  }

  @Test
  void runsAgainUnderAnIdThatTheServiceMakesUp() throws Exception {
    services.answer("POST /workflows/w-1/rerun", 202, "{\"workflowId\": \"w-9\", \"kept\": []}");

    assertThat(Run.with(services, "rerun", "w-1", "--from=a", "--reason=x").out())
        .isEqualTo("w-9 runs w-1 again from a; nothing is kept\n");
    assertThat(sent()).isEqualTo(json("{'reason': 'x', 'fromTask': 'a'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cancel w-1",
        "pause w-1",
        "resume w-1",
        "retry w-1 a",
        "skip w-1 a",
        "extend-budget w-1 1",
        "rerun w-1 --from=a",
        "rerun w-1 --reason=x",
        "signal w-1",
        "retry w-1 --reason=x",
        "skip w-1 --reason=x",
        "extend-budget w-1 --reason=x",
        "extend-budget w-1 0 --reason=x",
        "extend-budget w-1 -1 --reason=x",
        "extend-budget w-1 much --reason=x",
        "signal w-1 paid --payload={",
        "signal w-1 paid --payload=@/none/such.json",
        "retry w-1 a --reason=x --input={"
      })
  void sendsNothingWhenTheLineIsWrong(String line) {
    Run run = Run.with(services, line.split(" ", -1));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).isNotBlank();
    assertThat(services.calls()).isEmpty();
  }

  /** What the first call carried, without the id that was made up for it. */
  private ObjectNode sent() throws Exception {
    ObjectNode body = (ObjectNode) Payloads.JSON.readTree(services.calls().getFirst().body());
    assertThat(body.remove("commandId")).isNotNull();
    return body;
  }

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) Payloads.JSON.readTree(text.replace('\'', '"'));
  }

  private static String ended(String status) {
    return ViewSamples.FAILED.replace("\"failed\"", "\"" + status + "\"");
  }
}
