package io.ligature.state.http;

import static io.ligature.state.http.World.GREETING;
import static io.ligature.state.http.World.as;
import static io.ligature.state.http.World.awaitInput;
import static io.ligature.state.http.World.awaitStatus;
import static io.ligature.state.http.World.command;
import static io.ligature.state.http.World.known;
import static io.ligature.state.http.World.started;
import static io.ligature.state.http.World.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.ligature.avro.KeptResult;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.StartAccepted;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Re-runs over HTTP. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class RerunHttpTest {

  @BeforeEach
  void ready() {
    World.awaitReady();
    known("greeting", GREETING);
  }

  @Test
  void startsANewWorkflowThatKeepsWhatCameBefore() {
    ended("first-run");

    command(
            "first-run/rerun",
            "{\"fromTask\": \"second\", \"reason\": \"better\", \"newWorkflowId\": \"second-run\"}")
        .then()
        .statusCode(202)
        .header("Location", endsWith("/workflows/second-run"))
        .body("workflowId", equalTo("second-run"))
        .body("origin", equalTo("first-run"))
        .body("kept", contains("first"));

    StartAccepted accepted = (StartAccepted) awaitInput("second-run", "second-run");
    RerunOrigin origin = accepted.getOrigin();
    assertThat(origin.getWorkflowId()).isEqualTo("first-run");
    assertThat(origin.getFromTask()).isEqualTo("second");
    assertThat(origin.getActor()).isEqualTo("otto");
    assertThat(origin.getReason()).isEqualTo("better");
    KeptResult kept = origin.getKept().getFirst();
    assertThat(Payloads.parse(kept.getOutput()).path("text").asText()).isEqualTo("hi");
    assertThat(accepted.getStart().getRequester()).isEqualTo("otto");
    assertThat(accepted.getStart().getVersion()).isEqualTo(1);
    assertThat(Money.of(accepted.getStart().getBudget().getMaxCost())).isEqualTo(Money.of("1.00"));
    as("mia")
        .get("/workflows/second-run")
        .then()
        .statusCode(200)
        .body("input.text", equalTo("hello"));
  }

  @Test
  void makesOneWorkflowOfOneCommandThatIsSentTwice() {
    ended("once");
    String body = "{\"fromTask\": \"first\", \"reason\": \"x\", \"commandId\": \"c-1\"}";

    String first = command("once/rerun", body).jsonPath().getString("workflowId");
    String second = command("once/rerun", body).jsonPath().getString("workflowId");

    assertThat(second).isEqualTo(first);
    as("mia")
        .get("/workflows/" + first + "/history")
        .then()
        .body("events.count { it.type == 'WorkflowStarted' }", equalTo(1));
  }

  @Test
  void refusesAWorkflowThatHasNotEnded() {
    started("still-runs");

    command("still-runs/rerun", "{\"fromTask\": \"first\", \"reason\": \"x\"}")
        .then()
        .statusCode(409)
        .contentType(containsString("application/problem+json"))
        .body("title", equalTo("It has not ended"));
  }

  @Test
  void refusesAWorkflowThatThereIsNotOrThatIsAnothers() {
    command("nowhere/rerun", "{\"fromTask\": \"first\", \"reason\": \"x\"}").then().statusCode(404);

    ended("ours-again");
    as("eve")
        .contentType("application/json")
        .body("{\"fromTask\": \"first\", \"reason\": \"x\"}")
        .post("/workflows/ours-again/rerun")
        .then()
        .statusCode(404);
  }

  @Test
  void needsTheRoleOfAnOperator() {
    as("sam")
        .contentType("application/json")
        .body("{\"fromTask\": \"first\", \"reason\": \"x\"}")
        .post("/workflows/nowhere/rerun")
        .then()
        .statusCode(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"reason\": \"x\"} | fromTask: is missing",
        "{\"fromTask\": \"first\"} | reason: is missing",
        "{\"fromTask\": \"third\", \"reason\": \"x\"} | fromTask: 'third' is not one of",
        "{\"fromTask\": \"first\", \"reason\": \"x\", \"newWorkflowId\": \"a:b\"} | newWorkflowId: 'a:b'",
        "{\"fromTask\": \"first\", \"reason\": \"x\", \"input\": 1} | input: is not a field"
      })
  void refusesWhatIsNoRerun(String body, String violation) {
    ended("refuses");

    command("refuses/rerun", body)
        .then()
        .statusCode(400)
        .body("violations[0]", startsWith(violation));
  }

  /** A greeting that completed; the same one for a second call. */
  private static void ended(String id) {
    started(id);
    succeed(id, id + "/first#1");
    succeed(id, id + "/second#1");
    awaitStatus(id, "completed");
  }
}
