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
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.StartAccepted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks inside of others and child workflows over HTTP. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class TreeHttpTest {

  private static final String FAN =
      """
      name: fan
      tasks:
        all:
          forEach: { in: "${input.words}", do: { capability: text.echo, input: "${item}" } }
      """;

  private static final String PARENT =
      """
      name: parent
      tasks:
        ask: { workflow: { name: greeting, input: { text: "${input.text}" } } }
      """;

  @BeforeEach
  void ready() {
    World.awaitReady();
    known("greeting", GREETING);
    known("fan", FAN);
    known("parent", PARENT);
  }

  @Test
  void givesTheTasksInsideOfOthersPageByPage() {
    start("{\"workflowId\":\"fan-1\",\"definition\":\"fan\",\"input\":{\"words\":[\"a\",\"b\"]}}")
        .then()
        .statusCode(202);

    JsonPath first = as("mia").get("/workflows/fan-1/tasks?limit=2").jsonPath();
    assertThat(first.getList("tasks.task")).containsExactly("all", "all[0]");
    assertThat(first.getString("tasks[0].action")).isEqualTo("forEach");
    assertThat(first.getInt("tasks[0].inner.size")).isEqualTo(2);
    as("mia")
        .queryParam("after", first.getString("next"))
        .get("/workflows/fan-1/tasks")
        .then()
        .body("tasks.task", contains("all[1]"))
        .body("tasks[0].action", equalTo("capability"))
        .body("next", nullValue());
    as("mia").get("/workflows/fan-1").then().body("tasks.task", contains("all"));
  }

  @Test
  void showsAChildAndWhoseItIs() {
    start("{\"workflowId\":\"tree\",\"definition\":\"parent\",\"input\":{\"text\":\"x\"}}")
        .then()
        .statusCode(202);

    StartAccepted accepted = (StartAccepted) awaitInput("tree", "tree");
    assertThat(accepted.getPins().getFirst().getName()).isEqualTo("greeting");
    assertThat(accepted.getChildren().getFirst().getName()).isEqualTo("greeting");
    as("mia")
        .get("/workflows/tree/children")
        .then()
        .body("workflows.workflowId", contains("tree:ask:1"))
        .body("workflows[0].rootWorkflowId", equalTo("tree"))
        .body("workflows[0].parent.workflowId", equalTo("tree"))
        .body("workflows[0].parent.task", equalTo("ask"));
    as("mia")
        .get("/workflows/tree")
        .then()
        .body("tasks[0].status", equalTo("waiting_for_child"))
        .body("tasks[0].childWorkflowId", equalTo("tree:ask:1"));
  }

  @Test
  void commandsAChildUnderTheKeyOfItsRoot() {
    start("{\"workflowId\":\"grove\",\"definition\":\"parent\",\"input\":{\"text\":\"x\"}}")
        .then()
        .statusCode(202);

    command("grove:ask:1/cancel", "{\"reason\": \"x\", \"commandId\": \"grove-c\"}")
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"));

    CancelWorkflow record = (CancelWorkflow) awaitInput("grove", "grove-c");
    assertThat(record.getWorkflowId()).isEqualTo("grove:ask:1");
    awaitStatus("grove:ask:1", "cancelled");
  }

  @Test
  void refusesAStartWhoseChildDoesNotExist() {
    known("orphan", "name: orphan\ntasks:\n  a: { workflow: { name: nobody-there } }\n");

    start("{\"workflowId\":\"orphan-1\",\"definition\":\"orphan\"}")
        .then()
        .statusCode(400)
        .body("violations", hasItem(containsString("calls 'nobody-there', which does not exist")));
  }

  @Test
  void hasNoChildrenWhereThereAreNone() {
    started("childless");

    as("mia").get("/workflows/childless/children").then().body("workflows", empty());
  }

  @Test
  void refusesPagesThatCannotBeAndWorkflowsThatAreNotTheCallers() {
    started("mine");
    as("mia").get("/workflows/mine/tasks?limit=0").then().statusCode(400);
    as("mia").get("/workflows/mine/children?limit=201").then().statusCode(400);
    as("eve").get("/workflows/mine/tasks").then().statusCode(404);
    as("eve").get("/workflows/mine/children").then().statusCode(404);
    as("sam").get("/workflows/mine/tasks").then().statusCode(403);
    as("mia").get("/workflows/nowhere/tasks").then().statusCode(404);
  }
}
