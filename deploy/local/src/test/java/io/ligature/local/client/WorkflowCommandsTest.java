package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.wire.Payloads;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowCommandsTest {

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
  void showsWhatAWorkflowIsDoing() {
    services.answer("GET /workflows/w-1", 200, ViewSamples.RUNNING);

    Run run = Run.with(services, "show", "w-1");

    assertThat(run)
        .isEqualTo(
            new Run(
                0,
                """
                w-1  research-report v2  running
                TASK       STATUS              AGENT        ATTEMPTS  CONFIDENCE  COST  DURATION  NOTE
                research   succeeded           search-bm25  2         0.83        0.02  123 ms
                summarise  waiting_for_agent                1                     0.00            all at their limit
                gate       waiting_for_review               0                     0.00            waits for role editor: w-1:gate:1
                report     pending                          0                     0.00
                spent 0.02 USD of 0.50, held 0.05, left 0.43
                """,
                ""));
    assertThat(services.calls().getFirst().user()).isEqualTo("operator:secret-o");
  }

  @Test
  void showsHowItEnded() {
    services.answer("GET /workflows/w-1", 200, ViewSamples.COMPLETED);

    assertThat(Run.with(services, "show", "w-1").out())
        .isEqualTo(
            """
            w-1  research-report v2  completed
            TASK  STATUS     AGENT  ATTEMPTS  CONFIDENCE  COST  DURATION  NOTE
            gate  succeeded         0                     0.00  2m5s      approve by rita
            spent 0.03 USD, no budget set
            output: {"markdown":"# Report"}
            """);
  }

  @Test
  void showsWhyItFailed() {
    services.answer("GET /workflows/w-1", 200, ViewSamples.FAILED);

    assertThat(Run.with(services, "show", "w-1"))
        .isEqualTo(
            new Run(
                0,
                """
                w-1  research-report v2  failed
                failed in research: no_agent: none can search
                """,
                ""));
  }

  @Test
  void printsTheViewForMachinesAsItIs() throws Exception {
    services.answer("GET /workflows/w-1", 200, ViewSamples.RUNNING);

    assertThat(Payloads.JSON.readTree(Run.with(services, "show", "w-1", "--json").out()))
        .isEqualTo(Payloads.JSON.readTree(ViewSamples.RUNNING));
  }

  @Test
  void tellsOfAnUnknownWorkflow() {
    assertThat(Run.with(services, "show", "w 1/x"))
        .isEqualTo(new Run(1, "", "No such thing: not told\n"));
    assertThat(services.lines()).containsExactly("GET /workflows/w%201%2Fx");
  }

  @Test
  void watchesUntilTheEndThroughAnOutage() {
    services
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING)
        .answer("GET /workflows/w-1", 503, "{\"title\": \"Not now\"}")
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING)
        .answer("GET /workflows/w-1", 200, ViewSamples.FAILED);

    Run run = Run.with(services, "watch", "w-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .containsOnlyOnce("w-1  research-report v2  running")
        .endsWith("failed in research: no_agent: none can search\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"paused", "compensating"})
  void watchesOnWhileAWorkflowHasNotEnded(String status) {
    services
        .answer(
            "GET /workflows/w-1",
            200,
            ViewSamples.RUNNING.replace(
                "\"status\": \"running\"", "\"status\": \"" + status + "\""))
        .answer("GET /workflows/w-1", 200, ViewSamples.COMPLETED);

    Run run = Run.with(services, "watch", "w-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("v2  " + status, "v2  completed");
  }

  @Test
  void watchingTellsMachinesTheEndOnly() throws Exception {
    services
        .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING)
        .answer("GET /workflows/w-1", 200, ViewSamples.COMPLETED);

    Run run = Run.with(services, "watch", "w-1", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(Payloads.JSON.readTree(run.out()))
        .isEqualTo(Payloads.JSON.readTree(ViewSamples.COMPLETED));
  }

  @Test
  void putsTheHistoryTogetherFromItsPages() {
    services
        .answer(
            "GET /workflows/w-1/history?after=0",
            200,
            """
            {"events": [{"sequence": 1, "at": "2026-03-01T10:00:00Z", "type": "WorkflowStarted",
              "actor": "ada", "cause": "start", "body": {}}], "complete": true, "next": 1}
            """)
        .answer(
            "GET /workflows/w-1/history?after=1",
            200,
            """
            {"events": [{"sequence": 2, "at": "2026-03-01T10:00:01Z", "type": "AttemptScheduled",
              "actor": "engine", "cause": "start", "body": {"envelope": {"id": "w-1/a#1"}}}],
             "complete": true}
            """);

    assertThat(Run.with(services, "history", "w-1"))
        .isEqualTo(
            new Run(
                0,
                """
                #  AT                    EVENT             SUBJECT  BY      CAUSE
                1  2026-03-01T10:00:00Z  WorkflowStarted            ada     start
                2  2026-03-01T10:00:01Z  AttemptScheduled  w-1/a#1  engine  start
                """,
                ""));
  }

  @Test
  void waitsForTheNewestEventsToBeCommitted() throws Exception {
    services
        .answer("GET /workflows/w-1/history?after=0", 200, "{\"events\": [], \"complete\": false}")
        .answer(
            "GET /workflows/w-1/history?after=0",
            200,
            "{\"events\": [{\"sequence\": 1}], \"complete\": true}");

    Run run = Run.with(services, "history", "w-1", "--json");

    assertThat(Payloads.JSON.readTree(run.out()))
        .isEqualTo(
            Payloads.JSON.readTree(
                "{\"workflowId\": \"w-1\", \"events\": [{\"sequence\": 1}], \"complete\": true}"));
  }

  @Test
  void listsByWhatIsAskedForAndSaysHowToGoOn() {
    services.answer(
        "GET /workflows?limit=1&status=running&definition=a%26b&cursor=c1",
        200,
        """
        {"workflows": [{"workflowId": "w-1", "definition": "a&b", "status": "running",
          "requester": "ada", "startedAt": "2026-03-01T10:00:00Z"}], "next": "c2"}
        """);

    assertThat(
            Run.with(
                services,
                "list",
                "--status=running",
                "--definition=a&b",
                "--limit=1",
                "--cursor=c1"))
        .isEqualTo(
            new Run(
                0,
                """
                WORKFLOW  DEFINITION  STATUS   REQUESTER  STARTED
                w-1       a&b         running  ada        2026-03-01T10:00:00Z
                There are more: --cursor c2
                """,
                ""));
  }

  @Test
  void tellsEveryViolationOnce() {
    services.answer(
        "GET /workflows?limit=50&status=dead",
        400,
        """
        {"title": "Not a status", "detail": "status: 'dead'", "violations": ["status: 'dead'", "x"]}
        """);

    assertThat(Run.with(services, "list", "--status=dead"))
        .isEqualTo(new Run(1, "", "Not a status\n  - status: 'dead'\n  - x\n"));
  }

  @Test
  void saysWhenAnAnswerIsNoProblemDocument() {
    services.answer("GET /workflows/w-1", 500, "<html>oops</html>");

    assertThat(Run.with(services, "show", "w-1"))
        .isEqualTo(
            new Run(
                1, "", "HTTP 500 from " + services.url() + "/workflows/w-1 <html>oops</html>\n"));
  }

  @Test
  void saysWhenThereIsNoAnswer() {
    Endpoints gone = services.endpoints();
    services.close();

    Run run = Run.with(gone, "show", "w-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("no answer from " + gone.state() + ": ")
        .endsWith("; is it running?\n");
  }

  @Test
  void saysHowToStartWhenNothingRuns(@TempDir Path data) {
    assertThat(Run.alone("show", "w-1", "--data", data.toString()))
        .isEqualTo(
            new Run(
                2,
                "",
                "nothing is running with its data in " + data + "; ./ligature up starts it\n"));
  }
}
