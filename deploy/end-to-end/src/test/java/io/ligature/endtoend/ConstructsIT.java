package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a definition can say and an operator can do, on the real services. */
class ConstructsIT {

  private static Scene scene;
  private static CountingAgent agent;
  private static Constructs constructs;

  @BeforeAll
  static void start() throws Exception {
    agent = new CountingAgent(Duration.ofMillis(20));
    scene = Scene.shared();
    constructs = Constructs.in(scene, "constructs", agent);
  }

  @AfterEach
  void releaseHeldCalls() {
    agent.release();
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  @Test
  void completesAFanOutOverLoopsAndBlocksWithItsOutputsInOrder() {
    List<Integer> numbers = Constructs.descending(200);

    constructs.start("wide", Constructs.NESTED, Constructs.numbers(numbers));
    JsonNode view = scene.awaitEnd("wide");

    assertCompleted(view);
    assertThat(view.path("output").valueStream().map(JsonNode::toString))
        .containsExactlyElementsOf(
            numbers.stream().map("{\"number\":%d,\"drafts\":2}"::formatted).toList());
    assertThat(Scene.task(view, "write").at("/inner/succeeded").asInt()).isEqualTo(200);
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String item = "write[" + i + "].";
      calls.addAll(
          Constructs.attempts("wide", item + "draft~1", item + "draft~2", item + "polish"));
    }
    assertThat(constructs.calls("wide")).containsExactlyInAnyOrderElementsOf(calls);
  }

  @Test
  void givesAChildWorkflowItsShareAndTakesBackWhatIsLeft() {
    agent.hold();
    constructs.start("family", Constructs.FAMILY, family("first"));

    JsonNode child = awaitHeldCall("family:child:1", "first");
    JsonNode parent = scene.view("family").orElseThrow();
    agent.release();
    JsonNode end = scene.awaitEnd("family");

    assertThat(Scene.task(parent, "child").path("status").asText()).isEqualTo("waiting_for_child");
    assertThat(Scene.task(parent, "child").path("childWorkflowId").asText())
        .isEqualTo("family:child:1");
    assertThat(child.at("/parent/workflowId").asText()).isEqualTo("family");
    assertThat(child.at("/parent/task").asText()).isEqualTo("child");
    assertThat(child.path("rootWorkflowId").asText()).isEqualTo("family");
    assertThat(money(child, "/budget/maxCost")).isEqualByComparingTo("0.20");
    assertThat(money(parent, "/budget/held")).isEqualByComparingTo("0.20");
    assertCompleted(end);
    assertThat(end.path("output").asInt()).isEqualTo(5);
    assertThat(money(end, "/budget/spent")).isEqualByComparingTo("0.04");
    assertThat(money(end, "/budget/held")).isZero();
    assertThat(scene.children("family").stream().map(ConstructsIT::idAndStatus))
        .containsExactly("family:child:1 completed");
    scene.wholeHistory(end);
  }

  @Test
  void cancelsTheChildWithItsRoot() {
    agent.hold();
    constructs.start("orphan", Constructs.FAMILY, family("first"));
    awaitHeldCall("orphan:child:1", "first");

    scene.command("orphan", "cancel", reason()).ok();
    JsonNode child = scene.awaitEnd("orphan:child:1");
    JsonNode root = scene.awaitEnd("orphan");
    agent.release();

    assertThat(List.of(idAndStatus(root), idAndStatus(child)))
        .containsExactly("orphan cancelled", "orphan:child:1 cancelled");
    scene.wholeHistory(root);
    scene.wholeHistory(child);
    assertThat(constructs.calls("orphan:child:1"))
        .isSubsetOf(Constructs.attempts("orphan:child:1", "first"));
  }

  @Test
  void keepsASignalThatComesBeforeItsWait() {
    agent.hold();
    constructs.start("early", Constructs.PAID, order(true));
    awaitHeldCall("early", "order");

    Rest.Answer sent = scene.command("early", "signal", payment(Payloads.JSON.valueToTree(42)));
    agent.release();
    JsonNode end = scene.awaitEnd("early");

    assertThat(sent.status()).as(sent.toString()).isEqualTo(200);
    assertCompleted(end);
    assertThat(end.path("output").asInt()).isEqualTo(42);
    assertThat(types(scene.wholeHistory(end)))
        .containsSubsequence("SignalReceived", "WaitStarted", "SignalAwaited", "SignalTaken");
  }

  @Test
  void refusesASignalWithAWrongPayloadAndWaitsOn() {
    constructs.start("picky", Constructs.PAID, order(false));
    scene.await("picky", "waiting for its signal", view -> is(view, "paid", "waiting_for_signal"));

    Rest.Answer wrong = scene.command("picky", "signal", payment(Payloads.JSON.valueToTree("all")));
    JsonNode after = scene.view("picky").orElseThrow();
    Rest.Answer right = scene.command("picky", "signal", payment(Payloads.JSON.valueToTree(7)));
    JsonNode end = scene.awaitEnd("picky");

    assertThat(wrong.status()).as(wrong.toString()).isEqualTo(409);
    assertThat(wrong.body().toString()).contains("amount").contains("integer");
    assertThat(Scene.task(after, "paid").path("status").asText()).isEqualTo("waiting_for_signal");
    assertThat(right.status()).as(right.toString()).isEqualTo(200);
    assertCompleted(end);
    assertThat(end.path("output").asInt()).isEqualTo(7);
  }

  @Test
  void takesAResultWhilePausedAndGoesOnWhenResumed() {
    agent.hold();
    constructs.start("paused", Constructs.LINE, Constructs.plain(3).put("held", "first"));
    awaitHeldCall("paused", "first");

    scene.command("paused", "pause", reason()).ok();
    agent.release();
    JsonNode paused = scene.await("paused", "done with it", view -> is(view, "first", "succeeded"));
    JsonNode held = scene.await("paused", "held behind it", view -> is(view, "second", "held"));
    scene.command("paused", "resume", reason()).ok();
    JsonNode end = scene.awaitEnd("paused");

    assertThat(paused.path("status").asText()).isEqualTo("paused");
    assertThat(held.path("status").asText()).isEqualTo("paused");
    assertCompleted(end);
    assertThat(constructs.calls("paused"))
        .containsExactlyElementsOf(Constructs.attempts("paused", "first", "second", "third"));
    assertThat(types(scene.wholeHistory(end)))
        .containsSubsequence("WorkflowPaused", "TaskSucceeded", "TaskHeld", "WorkflowResumed");
  }

  @Test
  void completesAFailedWorkflowWhenItsTaskIsRetriedWithAnotherInput() {
    constructs.start("failing", Constructs.LINE, Constructs.plain(3).put("fails", "second"));
    JsonNode failed = scene.awaitEnd("failing");
    ObjectNode retry = reason();
    retry.putObject("input").put("number", 8).put("step", "second");

    scene.command("failing", "tasks/second/retry", retry).ok();
    JsonNode end = scene.await("failing", "completed", view -> hasStatus(view, "completed"));

    assertThat(failed.path("status").asText()).isEqualTo("failed");
    assertThat(failed.at("/failure/task").asText()).isEqualTo("second");
    assertThat(failed.at("/failure/kind").asText()).isEqualTo("invalid_input");
    assertThat(end.path("output").asInt()).isEqualTo(8);
    assertThat(constructs.calls("failing"))
        .containsExactly(
            "failing/first#1", "failing/second#1", "failing/second#2", "failing/third#1");
    scene.wholeHistory(end);
  }

  @Test
  void undoesWhatWasDoneInReverseOrderWhenCancelledWithCompensation() {
    constructs.start("trip", Constructs.SAGA, Payloads.JSON.createObjectNode().put("number", 4));
    scene.await(
        "trip", "waiting for its departure", view -> is(view, "depart", "waiting_for_time"));

    scene.command("trip", "cancel", reason().put("compensate", true)).ok();
    JsonNode end = scene.awaitEnd("trip");

    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("cancelled");
    Stream<String> succeeded =
        scene.wholeHistory(end).stream()
            .filter(event -> event.path("type").asText().equals("TaskSucceeded"))
            .map(event -> event.at("/body/task").asText());
    assertThat(succeeded).containsExactly("flight", "hotel", "car", "car!", "hotel!", "flight!");
    assertThat(constructs.calls("trip"))
        .containsExactlyElementsOf(
            Constructs.attempts("trip", "flight", "hotel", "car", "car!", "hotel!", "flight!"));
  }

  @Test
  void keepsTheEarlierResultsWhenRunAgainFromATask() {
    constructs.start("original", Constructs.LINE, Constructs.plain(6));
    scene.awaitEnd("original");

    ObjectNode body = reason().put("fromTask", "third").put("newWorkflowId", "again");
    JsonNode rerun = scene.command("original", "rerun", body).ok();
    JsonNode end = scene.awaitEnd("again");

    assertThat(rerun.path("kept").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrder("first", "second");
    assertCompleted(end);
    assertThat(end.path("origin").asText()).isEqualTo("original");
    assertThat(end.path("output").asInt()).isEqualTo(6);
    assertThat(constructs.calls("again")).containsExactly("again/third#1");
    scene.wholeHistory(end);
  }

  /** The workflow's view when the agent has the call of that task, which does not end by itself. */
  private static JsonNode awaitHeldCall(String id, String task) {
    String attempt = id + "/" + task + "#1";
    Awaitility.await(attempt + " at the agent")
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(() -> agent.isRunning(attempt));
    return scene.view(id).orElseThrow();
  }

  private static ObjectNode family(String held) {
    return Payloads.JSON.createObjectNode().put("number", 5).put("held", held);
  }

  private static ObjectNode order(boolean held) {
    return Payloads.JSON.createObjectNode().put("number", 1).put("held", held);
  }

  private static ObjectNode payment(JsonNode amount) {
    ObjectNode signal = Payloads.JSON.createObjectNode().put("name", "paid");
    signal.putObject("payload").set("amount", amount);
    return signal;
  }

  private static ObjectNode reason() {
    return Payloads.JSON.createObjectNode().put("reason", "asked for by the customer");
  }

  private static void assertCompleted(JsonNode view) {
    assertThat(view.path("status").asText()).as(view.toString()).isEqualTo("completed");
  }

  private static boolean hasStatus(JsonNode view, String status) {
    return view.path("status").asText().equals(status);
  }

  private static boolean is(JsonNode view, String task, String status) {
    return hasStatus(Scene.task(view, task), status);
  }

  private static BigDecimal money(JsonNode view, String at) {
    return new BigDecimal(view.at(at).asText());
  }

  private static String idAndStatus(JsonNode view) {
    return view.path("workflowId").asText() + " " + view.path("status").asText();
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }
}
