package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people and programs get wrong is told to them, and stops nobody else. */
class BadInputIT {

  static final String BROKEN = "name: broken\ntasks:\n  a:\n    needs: [b]\n";

  private static Scene scene;
  private static CountingAgent agent;
  private static Steps steps;
  private static Starts starts;

  @BeforeAll
  static void start() throws Exception {
    agent = new CountingAgent(Duration.ofMillis(1));
    scene = Scene.shared();
    steps = Steps.in(scene, "bad", agent);
    starts = new Starts(scene);
  }

  @AfterAll
  static void stop() {
    if (starts != null) {
      starts.close();
    }
    agent.close();
  }

  @Test
  void putsAnUnreadableStartAsideAndGoesOnWithThePartition() throws Exception {
    byte[] garbage = "not a record".getBytes(StandardCharsets.UTF_8);

    starts.sendBytes("after-garbage", garbage);
    starts.send("after-garbage", steps.definition(), number(1));
    ConsumerRecord<byte[], byte[]> letter = starts.awaitDeadLetter("after-garbage");
    JsonNode view = steps.approveAndAwait(List.of("after-garbage")).getFirst();

    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(Starts.origin(letter)).isEqualTo("ligature.starts");
    assertThat(Starts.reason(letter)).isNotBlank();
    assertThat(view.path("status").asText()).isEqualTo("completed");
  }

  @Test
  void refusesAStartThatDoesNotMeetTheInputSchema() {
    Rest.Answer answer =
        scene.start("refused-request", steps.definition(), Payloads.JSON.createObjectNode());

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.body().path("violations").toString()).contains("number");
    assertThat(scene.view("refused-request").map(each -> each.path("status").asText()).orElse(""))
        .isIn("", "refused");
  }

  @Test
  void leavesARefusedStartEventInTheAuditTrail() throws Exception {
    starts.send("refused-event", steps.definition(), Payloads.JSON.createObjectNode());

    JsonNode view = scene.awaitEnd("refused-event");

    assertThat(view.path("status").asText()).isEqualTo("refused");
    assertThat(scene.wholeHistory(view).toString()).contains("WorkflowRefused").contains("number");
  }

  @Test
  void refusesADefinitionWithPlaceAndRemedy() {
    ObjectNode nothing = Payloads.JSON.createObjectNode();
    Rest.Answer answer = scene.state(Scene.OPERATOR).putYaml("/definitions/broken", BROKEN);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.body().path("violations").toString())
        .contains("broken:3:3: task 'a' does nothing")
        .contains("broken:4:5: there is no task 'b'");
    assertThat(scene.start("of-broken", "broken", nothing).status()).isEqualTo(404);
  }

  @Test
  void waitsWithAReasonUntilAnAgentOffersTheCapability() {
    scene.define("later", unserved("later", "PT1H", "test.later"));
    scene.start("waits", "later", Payloads.JSON.createObjectNode()).ok();

    JsonNode waiting = scene.await("waits", "waiting for an agent", BadInputIT::waitsForAgent);
    scene.register("latecomer", Steps.agent("test.later", agent));
    JsonNode end = scene.awaitEnd("waits");

    assertThat(Scene.task(waiting, "only").path("reason").asText()).contains("test.later");
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
  }

  @Test
  void givesUpAtTheDeadlineWhenNobodyOffersTheCapability() {
    scene.define("never", unserved("never", "PT6S", "test.never"));
    scene.start("gives-up", "never", Payloads.JSON.createObjectNode()).ok();

    scene.await("gives-up", "waiting for an agent", BadInputIT::waitsForAgent);
    JsonNode end = scene.awaitEnd("gives-up");

    assertThat(end.path("status").asText()).as(end.toString()).isIn("failed", "cancelled");
    scene.wholeHistory(end);
  }

  static String unserved(String name, String deadline, String capability) {
    return """
      name: %s
      deadline: %s
      tasks:
        only:
          capability: %s
          input: { number: 1, step: "only" }
          constraints: { timeout: PT30S }
      output: "${tasks.only.output}"
      """
        .formatted(name, deadline, capability);
  }

  private static boolean waitsForAgent(JsonNode view) {
    JsonNode task = Scene.task(view, "only");
    return task.path("status").asText().equals("waiting_for_agent")
        && !task.path("reason").asText().isBlank();
  }

  private static ObjectNode number(int number) {
    return Payloads.JSON.createObjectNode().put("number", number);
  }
}
