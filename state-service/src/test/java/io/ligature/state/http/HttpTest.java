package io.ligature.state.http;

import static io.ligature.state.http.World.GREETING;
import static io.ligature.state.http.World.as;
import static io.ligature.state.http.World.awaitStatus;
import static io.ligature.state.http.World.known;
import static io.ligature.state.http.World.put;
import static io.ligature.state.http.World.start;
import static io.ligature.state.http.World.started;
import static io.ligature.state.http.World.succeed;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The running service on a real broker, over HTTP and its topics. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class HttpTest {

  private static final List<String> USERS = List.of("sam", "vera", "otto", "rita", "ada");

  @BeforeEach
  void ready() {
    World.awaitReady();
    known("greeting", GREETING);
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of("GET", "/definitions", Set.of("sam", "vera", "otto", "ada")),
        Arguments.of("GET", "/definitions/greeting", Set.of("sam", "vera", "otto", "ada")),
        Arguments.of("PUT", "/definitions/nobody", Set.of("otto", "ada")),
        Arguments.of("POST", "/definitions/validate", Set.of("sam", "vera", "otto", "ada")),
        Arguments.of("POST", "/workflows", Set.of("sam", "ada")),
        Arguments.of("GET", "/workflows", Set.of("vera", "otto", "ada")),
        Arguments.of("GET", "/workflows/nobody", Set.of("vera", "otto", "ada")),
        Arguments.of("GET", "/workflows/nobody/history", Set.of("vera", "otto", "ada")),
        Arguments.of("GET", "/workflows/nobody/partial", Set.of("vera", "otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/cancel", Set.of("otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/pause", Set.of("otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/resume", Set.of("otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/signal", Set.of("otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/tasks/a/retry", Set.of("otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/tasks/a/skip", Set.of("otto", "ada")),
        Arguments.of("POST", "/workflows/nobody/budget", Set.of("otto", "ada")));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void letsInWhoMayAndNobodyElse(String method, String path, Set<String> allowed) {
    assertThat(ask(given(), method, path).statusCode()).isEqualTo(401);
    for (String user : USERS) {
      Response response = ask(as(user), method, path);
      if (allowed.contains(user)) {
        assertThat(response.statusCode()).as(user).isNotIn(401, 403, 500);
      } else {
        assertThat(response.statusCode()).as(user).isEqualTo(403);
        assertThat(response.contentType()).startsWith("application/problem+json");
      }
    }
  }

  private static Response ask(RequestSpecification request, String method, String path) {
    return method.equals("GET")
        ? request.get(path)
        : request.contentType("application/json").body("{}").request(method, path);
  }

  @Test
  void refusesAWrongPassword() {
    given().auth().preemptive().basic("vera", "wrong").get("/workflows").then().statusCode(401);
  }

  @Test
  void makesAVersionOnlyForAnotherText() {
    String first = GREETING.replace("greeting", "versions");
    put("versions", first).then().statusCode(201).body("version", equalTo(1));
    put("versions", first).then().statusCode(200).body("version", equalTo(1));
    put("versions", first + "\n# changed\n").then().statusCode(201).body("version", equalTo(2));

    as("vera")
        .get("/definitions/versions?version=1")
        .then()
        .statusCode(200)
        .body("source", equalTo(first))
        .body("versions", contains(1, 2))
        .body("createdBy", equalTo("otto"));
    as("vera").get("/definitions").then().body("name", hasItems("greeting", "versions"));
    as("vera").get("/definitions/versions?version=3").then().statusCode(404);
  }

  @Test
  void givesEachVersionNumberOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> puts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String text = GREETING.replace("greeting", "busy") + "# " + i + "\n";
        puts.add(threads.submit(() -> put("busy", text).jsonPath().getInt("version")));
      }
      List<Integer> versions = new ArrayList<>();
      for (Future<Integer> put : puts) {
        versions.add(put.get());
      }
      assertThat(versions)
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 8).boxed().toList());
    }
  }

  @Test
  void refusesAnUnsoundDefinitionWithItsPlaceAndRemedy() {
    put("broken", "name: broken\ntasks:\n  a: { needs: [b], capability: x.y }\n")
        .then()
        .statusCode(400)
        .contentType(containsString("application/problem+json"))
        .body("violations", hasItem(containsString("broken:3:")));
  }

  @Test
  void refusesADefinitionUnderAnotherName() {
    put("other", GREETING)
        .then()
        .statusCode(400)
        .body("detail", containsString("the text says 'greeting', the address 'other'"));
  }

  @Test
  void validatesWithoutKeeping() {
    as("sam")
        .contentType("application/yaml")
        .body("name: unseen\ntasks: {}\n".getBytes(StandardCharsets.UTF_8))
        .post("/definitions/validate")
        .then()
        .statusCode(200)
        .body("valid", equalTo(false))
        .body("problems[0].line", equalTo(2));
    as("vera").get("/definitions/unseen").then().statusCode(404);
  }

  @Test
  void tellsWhatATextWouldChange() {
    String was =
        """
        name: changing
        tasks:
          one: { capability: text.greet }
        """;
    String now =
        """
        name: changing
        priority: 7
        tasks:
          one: { capability: text.shout }
          two: { capability: text.greet }
        """;
    put("changing", was).then().statusCode(201);

    as("sam")
        .contentType("application/yaml")
        .body(now.getBytes(StandardCharsets.UTF_8))
        .post("/definitions/validate")
        .then()
        .statusCode(200)
        .body("valid", equalTo(true))
        .body("change.newest", equalTo(1))
        .body("change.difference.added", equalTo(List.of("two")))
        .body("change.difference.changed[0].task", equalTo("one"))
        .body("change.difference.changed[0].fields", equalTo(List.of("capability")))
        .body("change.difference.fields", equalTo(List.of("priority")))
        .body("change.running.size()", equalTo(0));
  }

  @Test
  void showsAWorkflowRightAfterItsStart() {
    start("{\"workflowId\":\"seen\",\"definition\":\"greeting\",\"input\":{\"text\":\"x\"}}")
        .then()
        .statusCode(202)
        .header("Location", endsWith("/workflows/seen"));

    as("mia")
        .get("/workflows/seen")
        .then()
        .statusCode(200)
        .body("status", equalTo("running"))
        .body("requester", equalTo("mia"))
        .body("input.text", equalTo("x"))
        .body("budget.maxCost", equalTo("1.00"))
        .body("budget.held", equalTo("0.10"))
        .body("budget.remaining", equalTo("0.90"))
        .body("budget.currency", equalTo("USD"))
        .body("tasks.task", contains("first", "second"))
        .body("tasks.status", contains("scheduled", "pending"))
        .body("tasks[0].action", equalTo("capability"))
        .body("tasks[0].capability", equalTo("text.echo"));
  }

  @Test
  void makesUpAnId() {
    String id =
        start("{\"definition\":\"greeting\",\"input\":{\"text\":\"x\"}}")
            .jsonPath()
            .getString("workflowId");

    as("mia").get("/workflows/" + id).then().statusCode(200);
  }

  @Test
  void refusesInputThatBreaksTheSchema() {
    start("{\"workflowId\":\"breaks\",\"definition\":\"greeting\",\"input\":{\"text\":1}}")
        .then()
        .statusCode(400)
        .body("violations", hasItem(containsString("text")));
    as("mia").get("/workflows/breaks").then().statusCode(404);
  }

  @Test
  void tellsEveryMistakeOfAStartAtOnce() {
    start(
            "{\"definition\":\"greeting\",\"priority\":\"high\",\"budget\":{\"maxCost\":\"x\"},\"foo\":1}")
        .then()
        .statusCode(400)
        .body("violations", hasSize(3));
  }

  @Test
  void refusesAStartThatIsNotJson() {
    start("{").then().statusCode(400).body("title", equalTo("Not JSON"));
  }

  @Test
  void refusesAnUnknownDefinition() {
    start("{\"definition\":\"nowhere\"}")
        .then()
        .statusCode(404)
        .body("detail", containsString("there is no definition 'nowhere'"));
    start("{\"definition\":\"greeting\",\"version\":99}").then().statusCode(404);
  }

  @Test
  void answersNotModifiedUntilSomethingHappens() {
    started("etag");
    String tag = as("mia").get("/workflows/etag").header("ETag");
    as("mia").header("If-None-Match", tag).get("/workflows/etag").then().statusCode(304);

    succeed("etag", "etag/first#1");

    Awaitility.await()
        .until(
            () ->
                as("mia").header("If-None-Match", tag).get("/workflows/etag").statusCode() == 200);
  }

  @Test
  void showsTheWholeHistoryInOrderAndInPages() {
    started("story");
    succeed("story", "story/first#1");
    succeed("story", "story/second#1");
    awaitStatus("story", "completed");

    JsonPath all = as("mia").get("/workflows/story/history").jsonPath();
    List<Integer> sequences = all.getList("events.sequence");
    assertThat(sequences)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, sequences.size()).boxed().toList());
    assertThat(all.getBoolean("complete")).isTrue();
    assertThat(all.getString("next")).isNull();
    assertThat(all.getList("events.type"))
        .startsWith("WorkflowStarted", "AttemptScheduled")
        .endsWith("WorkflowCompleted");
    assertThat(all.getString("events[0].actor")).isEqualTo("mia");

    JsonPath page = as("mia").get("/workflows/story/history?after=1&limit=2").jsonPath();
    assertThat(page.<Integer>getList("events.sequence")).containsExactly(2, 3);
    assertThat(page.getInt("next")).isEqualTo(3);
  }

  @Test
  void showsWhatAWorkflowCameTo() {
    started("done");
    succeed("done", "done/first#1");
    succeed("done", "done/second#1");
    awaitStatus("done", "completed");

    as("mia")
        .get("/workflows/done")
        .then()
        .body("output.text", equalTo("hi"))
        .body("budget.spent", equalTo("0.04"))
        .body("budget.held", equalTo("0.00"))
        .body("tasks[0].agent", equalTo("echo"))
        .body("tasks[0].grade", equalTo("clean"))
        .body("tasks[0].cost", equalTo("0.02"))
        .body("tasks[0].attempts[0].model", equalTo("model-1"))
        .body("tasks[0].output.text", equalTo("hi"));
  }

  @Test
  void listsNewestFirstAndGoesOnAtACursor() {
    for (int i = 0; i < 5; i++) {
      started("list-" + i);
    }
    as("mia")
        .contentType("application/json")
        .body("{\"reason\":\"not wanted\"}")
        .post("/workflows/list-0/cancel");
    awaitStatus("list-0", "cancelled");

    List<String> ids = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonPath page =
          as("mia")
              .get("/workflows?status=running&definition=greeting&limit=2&cursor=" + next)
              .jsonPath();
      ids.addAll(page.getList("workflows.workflowId"));
      next = page.getString("next");
    }
    assertThat(ids)
        .doesNotHaveDuplicates()
        .doesNotContain("list-0")
        .containsSubsequence("list-4", "list-3", "list-2", "list-1");
    as("mia")
        .get("/workflows?status=cancelled")
        .then()
        .body("workflows.workflowId", hasItem("list-0"))
        .body("workflows[0].tasks", nullValue());
  }

  @Test
  void refusesPagesThatCannotBe() {
    as("mia").get("/workflows?status=happy").then().statusCode(400);
    as("mia").get("/workflows?limit=0").then().statusCode(400);
    as("mia").get("/workflows?limit=201").then().statusCode(400);
    as("mia").get("/workflows?cursor=!!").then().statusCode(400);
    started("paged");
    as("mia").get("/workflows/paged/history?after=-1").then().statusCode(400);
  }

  @Test
  void keepsTenantsApart() {
    started("ours");
    as("eve").get("/workflows/ours").then().statusCode(404);
    as("eve").get("/workflows/ours/history").then().statusCode(404);
    as("eve").get("/workflows").then().body("workflows.workflowId", not(hasItem("ours")));
    as("ada").get("/workflows/ours").then().statusCode(200);
  }

  @Test
  void takesAStartFromItsTopic() {
    World.send(World.TOPICS.starts(), "event", kafkaStart("event", "greeting", "{\"text\":\"x\"}"));

    awaitStatus("event", "running");
  }

  @Test
  void leavesAnAuditEventOfARefusedStart() {
    World.send(World.TOPICS.starts(), "refused", kafkaStart("refused", "greeting", "{}"));

    awaitStatus("refused", "refused");
    as("mia")
        .get("/workflows/refused/history")
        .then()
        .body("events[0].type", equalTo("WorkflowRefused"))
        .body("events[0].body.violations", hasItem(containsString("text")));
  }

  @Test
  void putsAStartUnderAForeignKeyAside() {
    World.send(World.TOPICS.starts(), "key", kafkaStart("another", "greeting", "{}"));

    assertThat(reason("key")).contains("the record's key is 'key'", "'another'");
  }

  @Test
  void putsAnUnreadableStartAsideAndGoesOn() {
    World.send(World.TOPICS.starts(), "junk", "junk".getBytes(StandardCharsets.UTF_8));
    World.send(
        World.TOPICS.starts(), "behind", kafkaStart("behind", "greeting", "{\"text\":\"x\"}"));

    assertThat(reason("junk")).contains("not in the registry's wire format");
    awaitStatus("behind", "running");
  }

  @Test
  void answersAnUnknownAddressWithAProblem() {
    as("ada")
        .get("/nowhere")
        .then()
        .statusCode(404)
        .contentType(containsString("application/problem+json"));
  }

  private static String reason(String key) {
    return CloudEvents.text(
        World.awaitRecord(World.TOPICS.deadLetters(), key).headers(), DeadLetters.REASON);
  }

  private static WorkflowStart kafkaStart(String id, String definition, String input) {
    return WorkflowStart.newBuilder()
        .setWorkflowId(id)
        .setDefinition(definition)
        .setInput(Payloads.of("application/json", input.getBytes(StandardCharsets.UTF_8)))
        .setRequester("kay")
        .build();
  }
}
