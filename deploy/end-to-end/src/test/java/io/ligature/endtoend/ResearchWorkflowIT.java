package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The research workflow with each thing an editor can do at its gate. */
class ResearchWorkflowIT {

  private static Scene scene;
  private static Research research;

  @BeforeAll
  static void start() throws Exception {
    scene = Scene.shared();
    research = Research.in(scene);
  }

  @Test
  void writesTheReportAfterApproval() {
    String review = begin("approved");

    Rest.Answer decision = scene.decide(Scene.EDITOR, review, "approve", "checked");
    JsonNode view = scene.awaitEnd("approved");

    assertThat(decision.status()).isEqualTo(200);
    assertThat(view.path("status").asText()).as(view.toString()).isEqualTo("completed");
    assertThat(view.at("/output/markdown").asText()).startsWith("# ");
    assertThat(statuses(view))
        .containsExactlyInAnyOrder(
            "research succeeded",
            "summarise succeeded",
            "check-claims succeeded",
            "editorial-review succeeded",
            "report succeeded");
    JsonNode gate = Scene.task(view, "editorial-review").path("review");
    assertThat(gate.path("decision").asText()).isEqualTo("approve");
    assertThat(gate.path("reviewer").asText()).isEqualTo(Scene.EDITOR);
    assertThat(gate.path("reason").asText()).isEqualTo("checked");
    scene.wholeHistory(view);
  }

  @Test
  void booksWhatEachAttemptCost() {
    String review = begin("costs");
    scene.decide(Scene.EDITOR, review, "approve", "checked").ok();
    JsonNode view = scene.awaitEnd("costs");

    BigDecimal ofAttempts = BigDecimal.ZERO;
    for (JsonNode task : view.path("tasks")) {
      for (JsonNode attempt : task.path("attempts")) {
        ofAttempts = ofAttempts.add(new BigDecimal(attempt.path("cost").asText("0")));
      }
    }
    JsonNode budget = view.path("budget");
    assertThat(ofAttempts).isPositive();
    assertThat(new BigDecimal(budget.path("spent").asText())).isEqualByComparingTo(ofAttempts);
    assertThat(new BigDecimal(budget.path("held").asText())).isZero();
    assertThat(new BigDecimal(budget.path("remaining").asText()))
        .isEqualByComparingTo(new BigDecimal("0.50").subtract(ofAttempts));
  }

  @Test
  void asksEachAgentOnce() {
    String review = begin("once");
    scene.decide(Scene.EDITOR, review, "approve", "checked").ok();
    scene.awaitEnd("once");

    List<String> work =
        research.work().stream().filter(line -> line.contains(" once/")).sorted().toList();
    assertThat(work).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void failsWhenTheEditorRejects() {
    String review = begin("rejected");

    scene.decide(Scene.EDITOR, review, "reject", "wrong topic").ok();
    JsonNode view = scene.awaitEnd("rejected");

    assertThat(view.path("status").asText()).isEqualTo("failed");
    assertThat(view.at("/failure/kind").asText()).isEqualTo("rejected_by_reviewer");
    assertThat(view.at("/failure/message").asText()).contains("wrong topic");
    assertThat(Scene.task(view, "report").path("status").asText())
        .isIn("cancelled", "skipped", "pending");
    assertThat(research.work()).noneMatch(line -> line.contains(" rejected/report#"));
    scene.wholeHistory(view);
  }

  @Test
  void writesTheReportFromWhatTheEditorMadeOfIt() {
    String review = begin("edited");
    String path = "/reviews/" + Rest.segment(review);
    JsonNode subject = subject(scene.approval(Scene.EDITOR).get(path).ok());
    ObjectNode edited = subject.deepCopy();
    ObjectNode summary = (ObjectNode) edited.path("summary");
    summary.put("summary", "An editor wrote this sentence about heat pumps.");
    ObjectNode body = Payloads.JSON.createObjectNode().put("reason", "clearer");
    body.set("output", edited);

    scene.approval(Scene.EDITOR).post(path + "/edit-and-approve", body).ok();
    JsonNode view = scene.awaitEnd("edited");

    assertThat(view.path("status").asText()).as(view.toString()).isEqualTo("completed");
    JsonNode gate = Scene.task(view, "editorial-review");
    assertThat(gate.at("/review/decision").asText()).isEqualTo("edit_and_approve");
    assertThat(gate.path("grade").asText()).isEqualTo("human_edited");
    assertThat(gate.path("output")).isEqualTo(edited);
    assertThat(view.at("/output/markdown").asText())
        .contains("An editor wrote this sentence about heat pumps.");
    scene.wholeHistory(view);
  }

  @Test
  void letsOnlyTheNamedRoleDecideAndOnlyOnce() {
    String review = begin("guarded");

    Rest.Answer stranger = scene.decide(Scene.LAWYER, review, "approve", "not mine");
    Rest.Answer first = scene.decide(Scene.EDITOR, review, "reject", "no");
    Rest.Answer second = scene.decide(Scene.EDITOR, review, "approve", "yes");

    assertThat(stranger.status()).isEqualTo(403);
    assertThat(stranger.body().toString()).contains("editor");
    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.body().toString()).contains("reject");
  }

  private static String begin(String id) {
    assertThat(scene.start(id, Research.DEFINITION, research.input()).status()).isEqualTo(202);
    return scene.awaitReview(id);
  }

  private static JsonNode subject(JsonNode review) {
    JsonNode subject = review.path("subject");
    assertThat(subject.isObject()).as(review.toString()).isTrue();
    return subject;
  }

  private static List<String> statuses(JsonNode view) {
    return view.path("tasks")
        .valueStream()
        .map(task -> task.path("task").asText() + " " + task.path("status").asText())
        .toList();
  }
}
