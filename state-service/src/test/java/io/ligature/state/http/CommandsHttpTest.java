package io.ligature.state.http;

import static io.ligature.state.http.World.GREETING;
import static io.ligature.state.http.World.as;
import static io.ligature.state.http.World.awaitInput;
import static io.ligature.state.http.World.awaitStatus;
import static io.ligature.state.http.World.command;
import static io.ligature.state.http.World.known;
import static io.ligature.state.http.World.start;
import static io.ligature.state.http.World.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.SkipTask;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands over HTTP: what reaches the inbox, and what their senders are told. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class CommandsHttpTest {

  private static final String FREE =
      "name: free\ntasks:\n  only: { capability: text.echo, input: {} }\n";

  @BeforeEach
  void ready() {
    World.awaitReady();
    known("greeting", GREETING);
    known("free", FREE);
  }

  @Test
  void cancelsAndTellsWhatTheWorkflowIsNow() {
    started("stop");

    command("stop/cancel", "{\"reason\": \"not wanted\", \"commandId\": \"stop-1\"}")
        .then()
        .statusCode(200)
        .body("workflowId", equalTo("stop"))
        .body("commandId", equalTo("stop-1"))
        .body("status", equalTo("cancelled"));

    awaitStatus("stop", "cancelled");
    as("mia")
        .get("/workflows/stop/history")
        .then()
        .body("events.findAll { it.type == 'WorkflowCancelled' }.actor", contains("otto"));
    CancelWorkflow record = (CancelWorkflow) awaitInput("stop", "stop-1");
    assertThat(record.getCompensate()).isFalse();
    assertThat(record.getReason()).isEqualTo("not wanted");
  }

  @Test
  void tellsThatAWorkflowHasEndedButAnswersARepeatedCommandAsBefore() {
    started("past");
    String cancel = "{\"reason\": \"enough\", \"commandId\": \"past-1\"}";
    command("past/cancel", cancel);
    awaitStatus("past", "cancelled");

    command("past/pause", "{\"reason\": \"a look\"}")
        .then()
        .statusCode(409)
        .body("detail", containsString("the workflow is cancelled"));
    command("past/cancel", cancel).then().statusCode(200);
  }

  @Test
  void asksForCompensation() {
    started("undo");

    command("undo/cancel", "{\"reason\": \"x\", \"commandId\": \"undo-1\", \"compensate\": true}");

    assertThat(((CancelWorkflow) awaitInput("undo", "undo-1")).getCompensate()).isTrue();
  }

  @Test
  void raisesTheBudgetOnceHoweverOftenTheSameCommandIsSent() {
    started("rich");
    String body = "{\"amount\": \"0.50\", \"reason\": \"more\", \"commandId\": \"rich-1\"}";

    Response first = command("rich/budget", body);
    Response second = command("rich/budget", body);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.jsonPath().getInt("sequence")).isEqualTo(first.jsonPath().getInt("sequence"));
    as("mia").get("/workflows/rich").then().body("budget.maxCost", equalTo("1.50"));
    ExtendBudget record = (ExtendBudget) awaitInput("rich", "rich-1");
    assertThat(Money.of(record.getAmount())).isEqualTo(Money.of("0.50"));
    assertThat(record.getActor()).isEqualTo("otto");
  }

  @Test
  void tellsWhyTheEngineRejectedACommandAlsoWhenItIsSentAgain() {
    start("{\"workflowId\": \"free-1\", \"definition\": \"free\"}").then().statusCode(202);
    String body = "{\"amount\": \"0.50\", \"reason\": \"more\", \"commandId\": \"free-c\"}";

    for (int i = 0; i < 2; i++) {
      command("free-1/budget", body)
          .then()
          .statusCode(409)
          .contentType(containsString("application/problem+json"))
          .body("title", equalTo("The command was rejected"))
          .body("detail", containsString("no budget"));
    }
    as("mia")
        .get("/workflows/free-1/history")
        .then()
        .body("events.findAll { it.type == 'CommandRejected' }", hasSize(1));
  }

  @ParameterizedTest
  @CsvSource({"pause", "resume"})
  void putsPauseAndResumeOnTheInbox(String name) {
    String id = "held-" + name;
    started(id);

    assertTaken(command(id + "/" + name, "{\"reason\": \"a look\", \"commandId\": \"p-1\"}"));

    Object record = awaitInput(id, "p-1");
    switch (record) {
      case PauseWorkflow pause -> {
        assertThat(name).isEqualTo("pause");
        assertThat(pause.getReason()).isEqualTo("a look");
        assertThat(pause.getWorkflowId()).isEqualTo(id);
      }
      case ResumeWorkflow resume -> {
        assertThat(name).isEqualTo("resume");
        assertThat(resume.getReason()).isEqualTo("a look");
        assertThat(resume.getWorkflowId()).isEqualTo(id);
      }
      default -> throw new AssertionError("not expected: " + record);
    }
  }

  @Test
  void putsASignalWithItsPayloadOnTheInbox() {
    started("paid");

    assertTaken(
        command(
            "paid/signal",
            """
            {"name": "paid", "correlation": "o-7", "payload": {"by": "card"}, "commandId": "s-1"}
            """));

    SignalWorkflow signal = (SignalWorkflow) awaitInput("paid", "s-1");
    assertThat(signal.getName()).isEqualTo("paid");
    assertThat(signal.getCorrelation()).isEqualTo("o-7");
    assertThat(Payloads.parse(signal.getPayload()).path("by").asText()).isEqualTo("card");
    assertThat(signal.getActor()).isEqualTo("otto");
  }

  @Test
  void decodesThePathOfATaskThatIsRetried() {
    started("again");

    assertTaken(
        command(
            "again/tasks/fan%5B7%5D.draft%7E2.check%21/retry",
            "{\"reason\": \"x\", \"input\": {\"text\": \"better\"}, \"commandId\": \"t-1\"}"));

    RetryTask retry = (RetryTask) awaitInput("again", "t-1");
    assertThat(retry.getTask()).isEqualTo("fan[7].draft~2.check!");
    assertThat(Payloads.parse(retry.getInput()).path("text").asText()).isEqualTo("better");
  }

  @Test
  void decodesThePathOfATaskThatIsSkipped() {
    started("over");

    assertTaken(
        command(
            "over/tasks/route%5B1%5D%2Ea~1/skip", "{\"reason\": \"x\", \"commandId\": \"k-1\"}"));

    SkipTask skip = (SkipTask) awaitInput("over", "k-1");
    assertThat(skip.getTask()).isEqualTo("route[1].a~1");
    assertThat(skip.getReason()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "goes-on/cancel | {} | reason: is missing",
        "goes-on/cancel | {\"reason\": \"x\", \"compensate\": \"no\"} | compensate: give true",
        "goes-on/pause | {\"reason\": \"x\", \"until\": 1} | until: is not a field of a pause",
        "goes-on/signal | {\"correlation\": \"x\"} | name: is missing",
        "goes-on/budget | {\"reason\": \"x\", \"amount\": 0} | amount: 0.00 adds nothing",
        "goes-on/tasks/a%20b/skip | {\"reason\": \"x\"} | task: give a path",
        "goes-on/resume | [] | body: send one JSON object"
      })
  void refusesWhatIsNoCommand(String path, String body, String violation) {
    started("goes-on");

    command(path, body)
        .then()
        .statusCode(400)
        .contentType(containsString("application/problem+json"))
        .body("violations[0]", startsWith(violation));

    as("mia").get("/workflows/goes-on").then().body("status", equalTo("running"));
  }

  @Test
  void knowsNoWorkflowOfThatIdOrOfAnotherTenant() {
    command("nowhere/cancel", "{\"reason\": \"x\"}").then().statusCode(404);

    started("ours-alone");
    as("eve")
        .contentType("application/json")
        .body("{\"reason\": \"x\"}")
        .post("/workflows/ours-alone/cancel")
        .then()
        .statusCode(404);
  }

  /** The engine may carry it out or not; that it came there is what is tested. */
  private static void assertTaken(Response response) {
    assertThat(response.statusCode()).isIn(200, 202, 409);
    if (response.statusCode() != 409) {
      JsonPath body = response.jsonPath();
      assertThat(body.getString("commandId")).isNotBlank();
    }
  }
}
