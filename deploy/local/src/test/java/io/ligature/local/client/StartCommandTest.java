package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.wire.Payloads;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts by REST; {@code StartEventsTest} has the ones by event. */
class StartCommandTest {

  private static final String UNKNOWN = "{\"title\": \"No such workflow\"}";

  @TempDir Path folder;
  private FakeServices services;

  @BeforeEach
  void start() throws Exception {
    services = new FakeServices();
    services.answer("GET /definitions/research-report", 200, "{\"name\": \"research-report\"}");
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void asksForWhatTheOptionsSay() throws Exception {
    services
        .answer("POST /workflows", 202, "{\"workflowId\": \"w-1\"}")
        .answer("GET /workflows/w-1", 404, UNKNOWN)
        .answer("GET /workflows/w-1", 404, UNKNOWN)
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING);

    Run run =
        Run.with(
            services,
            "start",
            "research-report",
            "--rest",
            "--id=w-1",
            "--input={\"topic\": \"wind\"}",
            "--version=2",
            "--budget=2.5",
            "--priority=7",
            "--label=team=blue");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("w-1  research-report v2  running\nTASK ");
    FakeServices.Call post =
        services.calls().stream()
            .filter(call -> call.line().equals("POST /workflows"))
            .findFirst()
            .orElseThrow();
    assertThat(Payloads.JSON.readTree(post.body()))
        .isEqualTo(
            Payloads.JSON.readTree(
                """
                {"workflowId": "w-1", "definition": "research-report", "version": 2,
                 "input": {"topic": "wind"}, "budget": {"maxCost": "2.50"}, "priority": 7,
                 "labels": {"team": "blue"}}
                """));
  }

  @Test
  void putsAFileFirst() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "name: a\ntasks: {t: {capability: c}}");
    services
        .answer("PUT /definitions/a", 201, "{\"name\": \"a\", \"version\": 1}")
        .answer("POST /workflows", 202, "{}")
        .answer("GET /workflows/w-1", 404, UNKNOWN)
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING);

    assertThat(Run.with(services, "start", file.toString(), "--rest", "--id=w-1").exitCode())
        .isZero();
    assertThat(services.calls().getFirst())
        .isEqualTo(
            new FakeServices.Call(
                "PUT /definitions/a",
                "operator:secret-o",
                "application/yaml",
                "name: a\ntasks: {t: {capability: c}}"));
  }

  @Test
  void anUnsoundFileNeverLeavesTheMachine() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "name: a\ntasks: {t: {}}");

    assertThat(Run.with(services, "start", file.toString(), "--rest"))
        .isEqualTo(
            new Run(
                1,
                "",
                file
                    + ":2:9: task 't' does nothing; give it exactly one of capability, review,"
                    + " workflow, wait, signal, forEach, repeat, choose, tasks\n"));
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void waitsForTheEndAndTellsItByTheExitCode() {
    services
        .answer("POST /workflows", 202, "{}")
        .answer("GET /workflows/w-1", 404, UNKNOWN)
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING)
        .answer("GET /workflows/w-1", 200, ViewSamples.FAILED);

    assertThat(Run.with(services, "start", "research-report", "--rest", "--id=w-1", "--wait"))
        .isEqualTo(
            new Run(
                1,
                "w-1  research-report v2  failed\nfailed in research: no_agent: none can search\n",
                ""));
  }

  @Test
  void tellsWhyAStartWasRefused() {
    services
        .answer("POST /workflows", 202, "{}")
        .answer("GET /workflows/w-1", 404, UNKNOWN)
        .answer("GET /workflows/w-1", 200, ViewSamples.REFUSED);

    assertThat(Run.with(services, "start", "research-report", "--rest", "--id=w-1"))
        .isEqualTo(
            new Run(
                1,
                """
                w-1  research-report v0  refused
                refused: invalid_input: input: 'topic' is missing
                """,
                ""));
  }

  @Test
  void anIdThatIsTakenStartsNothing() {
    services.answer("GET /workflows/w-1", 200, ViewSamples.RUNNING);

    assertThat(Run.with(services, "start", "research-report", "--rest", "--id=w-1"))
        .isEqualTo(
            new Run(
                1, "", "workflow w-1 exists already and nothing was started; give another --id\n"));
    assertThat(services.lines()).doesNotContain("POST /workflows");
  }

  @Test
  void refusesWhatCannotBeMeant() {
    assertThat(Run.with(services, "start", "none"))
        .isEqualTo(
            new Run(
                1,
                "",
                "there is neither a file nor a definition 'none'; ./ligature definitions list shows"
                    + " what there is\n"));
    assertThat(Run.with(services, "start", "none.yaml"))
        .isEqualTo(new Run(2, "", "there is no file none.yaml\n"));
    assertThat(Run.with(services, "start", "research-report", "--id=-x").exitCode()).isEqualTo(2);
    assertThat(Run.with(services, "start", "research-report", "--id=a b"))
        .isEqualTo(
            new Run(
                2,
                "",
                "'a b' is not a workflow id; begin with a letter or digit, go on with those, '.',"
                    + " '_' and '-', at most 128\n"));
    assertThat(Run.with(services, "start", "research-report", "--budget=much"))
        .isEqualTo(new Run(2, "", "--budget: 'much' is not an amount, such as 2.50\n"));
    assertThat(Run.with(services, "start", "research-report", "--input={"))
        .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
        .satisfies(run -> assertThat(run.err()).startsWith("--input is not JSON: "));
    assertThat(Run.with(services, "start", "research-report", "--input=@none.json"))
        .isEqualTo(new Run(2, "", "cannot read none.json\n"));
    assertThat(services.lines()).noneMatch(line -> line.startsWith("POST"));
  }
}
