package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.endtoend.UnrulyAgents.Call;
import io.ligature.endtoend.UnrulyAgents.Reply;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Agents are swapped, split, shadowed and explained, and no workflow notices. */
class SwappedAgentsIT {

  private static final String CHAT =
      """
      {"id": "chatcmpl-1", "object": "chat.completion", "model": "small-1",
       "choices": [{"index": 0, "finish_reason": "stop",
         "message": {"role": "assistant", "content": "{\\"text\\": \\"by a model\\"}"}}],
       "usage": {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25,
         "prompt_tokens_details": {"cached_tokens": 8}}}
      """;

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
  void servesTheSameWorkflowByAnotherKindOfAgent() {
    agent("swap-http", "swap", "price: { perCall: \"0.01\" }", "by a service");
    agents.put("model/chat/completions", request -> new Reply.Body(200, json(), CHAT));
    define("swap", "");

    JsonNode before = run("swap-1", "swap");
    drain("swap-http");
    scene.register(
        "swap-model",
        """
        capabilities: [ { name: swaps.swap, outputSchema: { type: object, required: [text] } } ]
        adapter: openai-compatible
        settings: { model: small, baseUrl: "%s" }
        price:
          perMillionInputTokens: "100"
          perMillionCachedInputTokens: "50"
          perMillionOutputTokens: "200"
        """
            .formatted(agents.url("model")));
    JsonNode after = run("swap-2", "swap");

    assertThat(before.at("/output/text").asText()).isEqualTo("by a service");
    assertThat(after.at("/output/text").asText()).isEqualTo("by a model");
    assertThat(spent(after)).isEqualByComparingTo("0.0026");
    assertThat(attempt(after).path("model").asText()).isEqualTo("small-1");
  }

  @Test
  void letsAPersonDoATaskAndChecksWhatTheyEnter() {
    scene.register(
        "desk",
        """
        capabilities:
          - name: swaps.desk
            outputSchema: { type: object, required: [text], properties: { text: { type: string } } }
        adapter: human
        settings: { instructions: Say it in your own words. }
        price: { perCall: "0.50" }
        """);
    define("desk", "onError: { low_confidence: [ { review: { role: editor } } ] }");
    scene.start("desk", "swaps-desk", Payloads.JSON.createObjectNode()).ok();
    String review = scene.awaitReview("desk");

    Rest.Answer approved = scene.decide(Scene.EDITOR, review, "approve", "seen");
    Rest.Answer wrong = enter(review, "{\"text\": 7}");
    Rest.Answer right = enter(review, "{\"text\": \"by hand\"}");
    JsonNode end = scene.awaitEnd("desk");

    assertThat(approved.status()).as(approved.toString()).isBetween(400, 499);
    assertThat(wrong.status()).as(wrong.toString()).isBetween(400, 499);
    assertThat(wrong.body().toString()).contains("text");
    assertThat(right.status()).as(right.toString()).isEqualTo(200);
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    assertThat(end.at("/output/text").asText()).isEqualTo("by hand");
    assertThat(Scene.task(end, "only").path("grade").asText()).isEqualTo("human_edited");
    assertThat(spent(end)).isEqualByComparingTo("0.50");
  }

  @Test
  void recordsWhatAShadowMakesAndNeverUsesIt() {
    agent("shaded", "shade", "price: { perCall: \"0.02\" }", "for real");
    agent("shadow", "shade", "price: { perCall: \"0.01\" }\nshadowShare: 1.0", "for nobody");
    define("shade", "");

    JsonNode end = run("shade", "shade");
    JsonNode recorded =
        Awaitility.await("the shadow's result")
            .atMost(Scene.PATIENCE)
            .pollInterval(Scene.LOOK)
            .until(
                () ->
                    scene.history("shade").stream()
                        .filter(event -> event.path("type").asText().equals("ShadowRecorded"))
                        .toList(),
                found -> found.size() == 1)
            .getFirst();

    assertThat(end.at("/output/text").asText()).isEqualTo("for real");
    assertThat(spent(end)).isEqualByComparingTo("0.02");
    assertThat(recorded.toString()).contains("shadow").contains("for nobody");
    assertThat(why("shade/only#1").path("shadows").toString()).contains("\"shadow\"");
  }

  @Test
  void servesTheSameQuestionFromTheCacheForNothing() {
    agent("known", "cache", "price: { perCall: \"0.01\" }", "the same");
    define("cache", "cache: { maxAge: PT1H }");

    run("cache-1", "cache");
    JsonNode second = run("cache-2", "cache");

    assertThat(agents.calls("cache-1")).hasSize(1);
    assertThat(agents.calls("cache-2")).isEmpty();
    assertThat(second.at("/output/text").asText()).isEqualTo("the same");
    assertThat(spent(second)).isZero();
    assertThat(attempt(second).path("servedFrom").asText()).isEqualTo("cache-1/only#1");
  }

  @Test
  void splitsTheTasksOfAGroupByWeight() {
    agent("canary-old", "canary", price("0.01") + "\ngroup: canary\nweight: 3", "old");
    agent("canary-new", "canary", price("0.01") + "\ngroup: canary\nweight: 1", "new");
    scene.define(
        "swaps-canary",
        """
        name: swaps-canary
        tasks:
          many:
            forEach:
              in: "${input.items}"
              as: item
              do: { capability: swaps.canary, input: { item: "${item}" } }
        """);
    ObjectNode input = Payloads.JSON.createObjectNode();
    IntStream.range(0, 60).forEach(input.putArray("items")::add);
    scene.start("canary", "swaps-canary", input).ok();

    scene.awaitEnd("canary");
    Map<String, Long> calls =
        agents.calls("canary").stream()
            .collect(Collectors.groupingBy(Call::agent, Collectors.counting()));

    assertThat(calls.get("canary-old")).isBetween(30L, 57L);
    assertThat(calls.get("canary-new")).isBetween(3L, 30L);
    assertThat(agents.calls("canary")).hasSize(60);
  }

  @Test
  void goesToTheAgentThatTheTaskPrefersAndSaysWhy() {
    agent("thrifty", "why", price("0.01"), "thrifty");
    agent("lavish", "why", price("0.20"), "lavish");
    define("why", "route: { prefer: [lavish] }");

    JsonNode end = run("why", "why");
    JsonNode why = why("why/only#1");

    assertThat(end.at("/output/text").asText()).isEqualTo("lavish");
    assertThat(why.path("agent").asText()).isEqualTo("lavish");
    assertThat(
            why.path("candidates")
                .valueStream()
                .map(each -> each.path("agent").asText())
                .collect(Collectors.toList()))
        .containsExactly("lavish", "thrifty");
    assertThat(why.at("/candidates/0/reason").asText()).contains("prefer");
  }

  private static JsonNode run(String id, String name) {
    scene.start(id, "swaps-" + name, Payloads.JSON.createObjectNode()).ok();
    JsonNode end = scene.awaitEnd(id);
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    return end;
  }

  private static void define(String name, String fields) {
    scene.define(
        "swaps-" + name,
        """
        name: swaps-%s
        budget: { maxCost: 1.00, onExceeded: fail }
        deadline: PT10M
        tasks:
          only:
            capability: swaps.%s
            input: { question: why }
            %s
        output: "${tasks.only.output}"
        """
            .formatted(name, name, fields));
  }

  private static void agent(String id, String capability, String fields, String answer) {
    agents.put(id, request -> Reply.output("{\"text\": \"%s\"}".formatted(answer), 0.9, cost(id)));
    scene.register(
        id,
        """
        capabilities: [ { name: swaps.%s, outputSchema: { type: object, required: [text] } } ]
        adapter: http
        settings: { url: "%s" }
        %s
        """
            .formatted(capability, agents.url(id), fields));
  }

  private static String cost(String agent) {
    return switch (agent) {
      case "shaded" -> "0.02";
      case "lavish" -> "0.20";
      default -> "0.01";
    };
  }

  private static String price(String perCall) {
    return "price: { perCall: \"" + perCall + "\" }";
  }

  private static Map<String, String> json() {
    return Map.of("Content-Type", Payloads.JSON_TYPE);
  }

  private static void drain(String agent) {
    scene
        .router(Scene.OPERATOR)
        .post("/agents/" + agent + "/drain", Payloads.JSON.createObjectNode())
        .ok();
  }

  private static Rest.Answer enter(String review, String output) {
    try {
      ObjectNode body = Payloads.JSON.createObjectNode().put("reason", "done");
      body.set("output", Payloads.JSON.readTree(output));
      return scene
          .approval(Scene.EDITOR)
          .post("/reviews/" + Rest.segment(review) + "/edit-and-approve", body);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(output, e);
    }
  }

  private static JsonNode why(String attempt) {
    return scene.router(Scene.VIEWER).get("/assignments/" + Rest.segment(attempt)).ok();
  }

  private static JsonNode attempt(JsonNode view) {
    List<JsonNode> attempts =
        Scene.task(view, "only").path("attempts").valueStream().collect(Collectors.toList());
    return attempts.getLast();
  }

  private static BigDecimal spent(JsonNode view) {
    return new BigDecimal(view.at("/budget/spent").asText());
  }
}
