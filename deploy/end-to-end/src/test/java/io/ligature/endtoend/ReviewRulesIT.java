package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.endtoend.UnrulyAgents.Call;
import io.ligature.endtoend.UnrulyAgents.Reply;
import io.ligature.local.client.ClientCommands;
import io.ligature.schemas.wire.Payloads;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Who decides, how many, when, and what silence means, on the real services. */
class ReviewRulesIT {

  private static final String DRAFT = "{\"text\": \"a draft\"}";

  private static Scene scene;
  private static UnrulyAgents agents;

  @BeforeAll
  static void start() throws Exception {
    agents = new UnrulyAgents();
    scene = Scene.shared();
  }

  @AfterAll
  static void stop() {
    agents.close();
  }

  @Test
  void takesTwoOfThreeThatDidNotStartItAndCountsAnewAfterAnEdit(@TempDir Path folder)
      throws Exception {
    String review =
        gate(
            "rules-quorum",
            "{ role: reviewer, roles: [operator], quorum: 2, fourEyes: true, edit: true }");

    assertThat(act(Scene.OPERATOR, review, "approve").status()).isEqualTo(403);
    JsonNode first = act(Scene.EDITOR, review, "approve").ok();
    assertThat(first.path("status").asText()).isEqualTo("open");
    assertThat(act(Scene.EDITOR, review, "approve").status()).isEqualTo(409);
    post(Scene.EDITOR, review, "delegate", body().put("to", Scene.LAWYER)).ok();
    ObjectNode edit = body().put("reason", "clearer");
    edit.putObject("output").put("text", "an edited draft");
    JsonNode edited = post(Scene.LAWYER, review, "edit-and-approve", edit).ok();
    assertThat(edited.path("status").asText()).isEqualTo("open");
    JsonNode shown = get(review);
    assertThat(shown.path("approvals").asInt()).isEqualTo(1);
    assertThat(shown.path("diff").toString()).contains("an edited draft");
    JsonNode decided = act(Scene.EDITOR, review, "approve").ok();
    assertThat(decided.path("decision").asText()).isEqualTo("edit_and_approve");

    JsonNode end = scene.awaitEnd("rules-quorum");
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    assertThat(end.at("/output/text").asText()).isEqualTo("an edited draft");
    assertThat(Scene.task(end, "check").path("grade").asText()).isEqualTo("human_edited");

    Rest.Answer late = act(Scene.LAWYER, review, "reject");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body().at("/winner/reviewer").asText()).isEqualTo(Scene.EDITOR);
    provesTheTrail(review, folder);
  }

  /** The trail tells it all, is whole, and is no longer when one letter of it is another. */
  private static void provesTheTrail(String review, Path folder) throws Exception {
    assertThat(ligature("reviews", "verify", review, data()).exitCode()).isZero();
    String trail = ligature("reviews", "trail", review, data()).out();
    assertThat(trail.lines().map(ReviewRulesIT::kind))
        .containsSubsequence("opened", "voted", "delegated", "voted", "voted", "decided")
        .last()
        .isEqualTo("refused");

    Path export = Files.writeString(folder.resolve("trail.jsonl"), trail);
    assertThat(ligature("reviews", "verify", "--file=" + export).exitCode()).isZero();
    Files.writeString(export, trail.replaceFirst("clearer", "clearest"));
    Run forged = ligature("reviews", "verify", "--file=" + export);
    assertThat(forged.exitCode()).isEqualTo(1);
    assertThat(forged.out()).contains("is not what its hash was made of");
  }

  @Test
  void doesAResultAgainWithTheReviewersWishesAsOftenAsTheRuleAllows() {
    agent("rules-unsure", request -> Reply.output(DRAFT, 0.3, "0.01"));
    define(
        "rules-unsure",
        """
        name: rules-unsure
        tasks:
          draft:
            capability: rules-unsure.write
            constraints: { qualityThreshold: 0.8, maxCost: 0.10 }
            onError: { low_confidence: { review: { role: editor, maxChanges: 1 } } }
        output: "${tasks.draft.output}"
        """);
    begin("rules-unsure");
    String first = scene.awaitReview("rules-unsure");

    decide(first, "request-changes", "name the sources").ok();
    String second = nextReview("rules-unsure", first);

    List<Call> calls = agents.calls("rules-unsure");
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).request().at("/context/reviewFeedback")).isEmpty();
    assertThat(calls.get(1).request().at("/context/reviewFeedback/0").asText())
        .isEqualTo("name the sources");
    assertThat(get(second).path("purpose").asText()).isEqualTo("result");
    Rest.Answer more = decide(second, "request-changes", "and the years");
    assertThat(more.status()).isEqualTo(422);
    assertThat(more.body().toString()).contains("as often as the definition allows");
    decide(second, "approve", "good enough").ok();
    assertThat(scene.awaitEnd("rules-unsure").path("status").asText()).isEqualTo("completed");
  }

  @Test
  void sendsWhatAGateIsAboutBackToTheTaskThatMadeIt() {
    agent(
        "rules-back",
        request ->
            Reply.output(
                request.at("/context/reviewFeedback").isEmpty()
                    ? DRAFT
                    : "{\"text\": \"a draft with sources\"}"));
    define("rules-back", gated("rules-back", "{ role: editor }"));
    begin("rules-back");
    String first = scene.awaitReview("rules-back");
    JsonNode shown = get(first);
    assertThat(shown.path("mayChange").asBoolean()).isTrue();
    assertThat(shown.at("/consequences/0/task").asText()).isEqualTo("after");
    assertThat(shown.at("/consequences/0/attemptCost").asText()).isEqualTo("0.10");
    assertThat(shown.at("/worstCase/approval/maxCost").asText()).isEqualTo("0.99");

    decide(first, "request-changes", "name the sources").ok();
    String second = nextReview("rules-back", first);
    assertThat(get(second).at("/subject/text").asText()).isEqualTo("a draft with sources");
    decide(second, "approve", "now it is right").ok();

    JsonNode end = scene.awaitEnd("rules-back");
    assertThat(end.at("/output/text").asText()).isEqualTo("a draft with sources");
    assertThat(scene.wholeHistory(end).toString()).contains("sent back by rita at check");
  }

  @Test
  void letsSilenceApproveOnlyWhereTheDefinitionSaysSoAndSignsThatAsPolicy() {
    beginGated("rules-silence", "{ role: editor, expire: { after: PT1S, then: approve } }");

    JsonNode end = scene.awaitEnd("rules-silence");

    String review = Scene.task(end, "check").path("review").path("reviewId").asText();
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    JsonNode decision = get(review).path("decision");
    assertThat(decision.path("reviewer").asText()).isEqualTo("policy");
    assertThat(decision.path("decision").asText()).isEqualTo("approve");
    assertThat(decision.path("reason").asText()).startsWith("nobody decided in time");
    assertThat(decide(review, "reject", "too late").status()).isEqualTo(409);
  }

  @Test
  void letsOthersDecideWhenItHasWaitedTooLong() {
    String review =
        gate("rules-ladder", "{ role: legal, escalate: [ { after: PT6S, to: editor } ] }");

    assertThat(act(Scene.EDITOR, review, "approve").status()).isEqualTo(403);
    Awaitility.await("the escalation")
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(() -> get(review).path("decidableBy").toString().contains("editor"));
    JsonNode decision = act(Scene.EDITOR, review, "approve").ok();

    assertThat(decision.path("role").asText()).isEqualTo("editor");
    assertThat(scene.awaitEnd("rules-ladder").path("status").asText()).isEqualTo("completed");
  }

  @Test
  void letsPassWhatItsRiskAllowsAndRecordsWhy() {
    agent("rules-risk", request -> Reply.output(DRAFT, 0.95, "0.01"));
    define(
        "rules-risk",
        gated(
            "rules-risk",
            """
            { role: editor, risk: [
              { when: "${tasks.draft.confidence > 0.9 && tasks.draft.cost < 0.05}",
                pass: true, reason: small and sure } ] }
            """
                .strip()
                .replace("\n", " ")));
    begin("rules-risk");

    JsonNode end = scene.awaitEnd("rules-risk");

    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    JsonNode review = Scene.task(end, "check").path("review");
    assertThat(review.path("reviewer").asText()).isEqualTo("policy");
    assertThat(scene.wholeHistory(end).toString()).contains("ReviewDecided", "small and sure");
    String id = review.path("reviewId").asText();
    assertThat(scene.approval(Scene.EDITOR).get("/reviews/" + Rest.segment(id)).status())
        .isEqualTo(404);
  }

  @Test
  void asksWhomTheDeploymentWantsWhateverTheDefinitionSays() {
    String review = gate(Scene.FOR_THE_LAWYER, "{ role: editor }");

    assertThat(act(Scene.EDITOR, review, "approve").status()).isEqualTo(403);
    assertThat(get(review).path("reason").asText()).contains("the deployment's rule: legal asks");
    act(Scene.LAWYER, review, "approve").ok();

    assertThat(scene.awaitEnd(Scene.FOR_THE_LAWYER).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void letsPassWhatTheDeploymentAllowsWhereTheDefinitionLeavesItOpen() {
    beginGated(Scene.FOR_NOBODY, "{ role: editor }");

    JsonNode end = scene.awaitEnd(Scene.FOR_NOBODY);

    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    JsonNode review = Scene.task(end, "check").path("review");
    assertThat(review.path("reviewer").asText()).isEqualTo("policy");
    assertThat(review.path("reason").asText()).isEqualTo("the deployment's rule: cheap enough");
  }

  @Test
  void cancelsTheWorkflowWhenAReviewerAborts() {
    String review = gate("rules-abort", "{ role: editor }");

    decide(review, "abort", "the request is a trap").ok();

    JsonNode end = scene.awaitEnd("rules-abort");
    assertThat(end.path("status").asText()).isEqualTo("cancelled");
    assertThat(end.toString()).contains("the request is a trap");
    assertThat(agents.calls("rules-abort")).hasSize(1);
  }

  @Test
  void asksAPersonWhenTheAgentWantsOne() {
    agent(
        "rules-asks",
        request ->
            new Reply.Body(
                200,
                Map.of(),
                "{\"status\": \"needs_review\", \"output\": "
                    + DRAFT
                    + ", \"error\": {\"kind\": \"low_confidence\", \"message\": \"two readings\"}}"));
    define(
        "rules-asks",
        """
        name: rules-asks
        tasks:
          draft: { capability: rules-asks.write, constraints: { maxCost: 0.10 } }
        """);
    begin("rules-asks");

    String review = scene.awaitReview("rules-asks");

    JsonNode shown = get(review);
    assertThat(shown.path("purpose").asText()).isEqualTo("result");
    assertThat(shown.path("reason").asText()).isEqualTo("two readings");
    decide(review, "approve", "the first one").ok();
    assertThat(scene.awaitEnd("rules-asks").path("status").asText()).isEqualTo("completed");
  }

  /** Starts a workflow whose gate has that rule; returns the gate's review. */
  private static String gate(String name, String rule) {
    beginGated(name, rule);
    return scene.awaitReview(name);
  }

  private static void beginGated(String name, String rule) {
    agent(name, request -> Reply.output(DRAFT));
    define(name, gated(name, rule));
    begin(name);
  }

  private static String gated(String name, String rule) {
    return """
    name: %s
    budget: { maxCost: 1.00, onExceeded: fail }
    tasks:
      draft: { capability: %s.write, constraints: { maxCost: 0.10 } }
      check: { needs: [draft], review: %s }
      after:
        needs: [check]
        capability: %s.write
        input: "${tasks.check.output}"
        constraints: { maxCost: 0.10 }
    output: "${tasks.check.output}"
    """
        .formatted(name, name, rule, name);
  }

  private static void agent(String name, Function<JsonNode, Reply> answer) {
    agents.put(name, answer);
    scene.register(
        name,
        """
        version: "1"
        capabilities: [ { name: %s.write, outputSchema: { type: object, required: [text] } } ]
        adapter: http
        settings: { url: "%s" }
        price: { perCall: "0.01" }
        """
            .formatted(name, agents.url(name)));
  }

  private static void define(String name, String yaml) {
    scene.define(name, yaml);
  }

  private static void begin(String name) {
    scene.start(name, name, Payloads.JSON.createObjectNode()).ok();
  }

  /** The review that follows on another one of the same workflow. */
  private static String nextReview(String workflow, String before) {
    scene.await(
        workflow,
        "waiting for another review",
        view -> Scene.openReview(view).filter(id -> !id.equals(before)).isPresent());
    return scene.awaitReview(workflow);
  }

  private static ObjectNode body() {
    return Payloads.JSON.createObjectNode();
  }

  private static JsonNode get(String review) {
    return scene.approval(Scene.OPERATOR).get("/reviews/" + Rest.segment(review)).ok();
  }

  private static Rest.Answer decide(String review, String action, String reason) {
    return scene.decide(Scene.EDITOR, review, action, reason);
  }

  private static Rest.Answer act(String user, String review, String action) {
    return scene.decide(user, review, action, "because");
  }

  private static Rest.Answer post(String user, String review, String action, ObjectNode body) {
    return scene.approval(user).post("/reviews/" + Rest.segment(review) + "/" + action, body);
  }

  private static String kind(String line) {
    try {
      return Payloads.JSON.readTree(line).path("kind").asText();
    } catch (java.io.IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private record Run(int exitCode, String out) {}

  @Command(name = "ligature")
  private static final class Root {}

  private static String data() {
    return "--data=" + scene.data();
  }

  private static Run ligature(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new Root());
    ClientCommands.addTo(line);
    line.setOut(new PrintWriter(out, true));
    int exitCode = line.execute(arguments);
    return new Run(exitCode, out.toString());
  }
}
