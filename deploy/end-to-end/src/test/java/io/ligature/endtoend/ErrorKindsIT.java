package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.endtoend.UnrulyAgents.Call;
import io.ligature.endtoend.UnrulyAgents.Reply;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each kind of failure gets its own treatment, on the real services, by agents that really fail.
 */
class ErrorKindsIT {

  private static final String GOOD = "{\"text\": \"fine\"}";

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
  void waitsAsLongAsARateLimitedAgentAsks() {
    agent("limited", "0.01", "", firstThen(limited(Map.of("Retry-After", "2"))));
    task("limited", "");

    JsonNode end = run("limited");

    assertThat(kinds(end)).containsExactly("rate_limited", "");
    List<Call> calls = agents.calls("limited");
    assertThat(Duration.between(calls.get(0).begunAt(), calls.get(1).begunAt()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void backsOffWhenARateLimitedAgentDoesNotSayForHowLong() {
    agent("silent", "0.01", "", firstThen(limited(Map.of())));
    task("silent", "");

    JsonNode end = run("silent");

    assertThat(kinds(end)).containsExactly("rate_limited", "");
    List<Call> calls = agents.calls("silent");
    assertThat(Duration.between(calls.get(0).begunAt(), calls.get(1).begunAt()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void goesToAnotherAgentWhenTheFirstStaysLimited() {
    agent("busy", "0.01", "", request -> limited(Map.of("Retry-After", "3600")));
    agent("busy-2", "busy", "0.02", "", request -> Reply.output(GOOD));
    task("busy", "");

    JsonNode end = run("busy");

    assertThat(kinds(end)).containsExactly("rate_limited", "");
    assertThat(agentsOf(end)).containsExactly("busy", "busy-2");
  }

  @Test
  void triesAnotherAgentAfterModelErrors() {
    agent("broken", "0.01", "", request -> error("model_error", "no answer came to mind"));
    agent("broken-2", "broken", "0.02", "", request -> Reply.output(GOOD));
    task("broken", "");

    JsonNode end = run("broken");

    assertThat(kinds(end)).containsExactly("model_error", "model_error", "");
    assertThat(agentsOf(end)).containsExactly("broken", "broken", "broken-2");
  }

  @Test
  void hangsUpOnASlowAgentAtItsTimeoutAndTriesElsewhere() {
    agent("slow", "0.01", "", request -> new Reply.Endless());
    agent("slow-2", "slow", "0.02", "", request -> Reply.output(GOOD));
    task("slow", "constraints: { timeout: PT1S, maxCost: 0.10 }");

    JsonNode end = run("slow");

    assertThat(kinds(end)).startsWith("timeout").endsWith("");
    assertThat(agentsOf(end)).last().isEqualTo("slow-2");
    Awaitility.await("the slow call's end")
        .atMost(Scene.PATIENCE)
        .until(() -> agents.calls("slow").stream().anyMatch(Call::hungUp));
  }

  @Test
  void repairsWhatIsJsonBelowItsWrapping() {
    agent(
        "wrapped",
        "0.01",
        "",
        request -> Reply.output("\"Here it is:\\n```json\\n{\\\"text\\\": \\\"fine\\\",}\\n```\""));
    task("wrapped", "");

    JsonNode end = run("wrapped");

    assertThat(kinds(end)).containsExactly("");
    assertThat(end.at("/output/text").asText()).isEqualTo("fine");
    assertThat(only(end).path("grade").asText()).isEqualTo("repaired");
  }

  @Test
  void tellsTheAgentWhatWasWrongWithItsOutput() {
    agent(
        "misshapen",
        "0.01",
        "",
        request ->
            request.at("/context/earlierAttempts/0/failure/message").asText().contains("text")
                ? Reply.output(GOOD)
                : Reply.output("{\"prose\": \"fine\"}"));
    task("misshapen", "");

    JsonNode end = run("misshapen");

    assertThat(kinds(end)).containsExactly("schema_mismatch", "");
    assertThat(agentsOf(end)).containsExactly("misshapen", "misshapen");
  }

  @Test
  void givesTheCritiqueOfAWrongAnswerToTheNextAttempt() {
    agent(
        "writer",
        "0.01",
        "",
        request ->
            request.at("/context/earlierAttempts/0/failure/message").asText().contains("1889")
                ? Reply.output("{\"text\": \"The tower was opened in 1889.\"}")
                : Reply.output("{\"text\": \"The tower was opened in 1925.\"}"));
    register(
        "critic",
        "writer.check",
        "0.005",
        "",
        request ->
            request.at("/input/output/text").asText().contains("1889")
                ? Reply.output("{\"score\": 0.9, \"critique\": \"right\"}", 1, "0.005")
                : Reply.output("{\"score\": 0.1, \"critique\": \"it was 1889\"}", 1, "0.005"),
        "{ type: object, required: [score] }");
    task("writer", "validate: { capability: errors.writer.check, minScore: 0.7, maxCost: 0.05 }");

    JsonNode end = run("writer");

    assertThat(kinds(end)).containsExactly("rejected_by_validator", "");
    assertThat(end.at("/output/text").asText()).contains("1889");
    assertThat(new BigDecimal(end.at("/budget/spent").asText())).isEqualByComparingTo("0.03");
    assertThat(new BigDecimal(end.at("/budget/held").asText())).isZero();
  }

  @Test
  void passesOverAnAgentThatIsDown() throws IOException {
    String nowhere;
    try (ServerSocket free = new ServerSocket(0)) {
      nowhere = "http://127.0.0.1:" + free.getLocalPort() + "/";
    }
    scene.register("down", yaml("down", "0.01", "", nowhere, null));
    agent("down-2", "down", "0.02", "", request -> Reply.output(GOOD));
    task("down", "");

    JsonNode end = run("down");

    assertThat(kinds(end)).contains("upstream_unavailable").endsWith("");
    assertThat(agentsOf(end)).last().isEqualTo("down-2");
    assertThat(agents.calls("down")).hasSize(1);
  }

  @Test
  void goesToALargerWindowWhenTheContextOverflows() {
    agent("small", "0.01", "contextWindow: 1000", request -> Reply.status(413));
    agent("tiny", "small", "0.001", "contextWindow: 900", request -> Reply.status(413));
    agent("large", "small", "0.05", "contextWindow: 2000", request -> Reply.output(GOOD));
    task("small", "");

    JsonNode end = run("small");

    assertThat(kinds(end)).startsWith("context_overflow").endsWith("");
    assertThat(agentsOf(end)).last().isEqualTo("large");
  }

  @Test
  void asksAnotherModelAndThenAPersonWhenConfidenceIsLow() {
    agent("unsure", "0.01", "", request -> Reply.output(GOOD, 0.3, "0.01"));
    agent("unsure-2", "unsure", "0.02", "", request -> Reply.output(GOOD, 0.4, "0.02"));
    task(
        "unsure",
        """
        constraints: { qualityThreshold: 0.8, maxCost: 0.10 }
            onError:
              low_confidence: [ { retry: { max: 1, agent: different } }, { review: { role: editor } } ]
        """);
    begin("unsure");

    String review = scene.awaitReview("unsure");
    scene.decide(Scene.EDITOR, review, "approve", "good enough").ok();
    JsonNode end = scene.awaitEnd("unsure");

    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    assertThat(agentsOf(end)).containsExactly("unsure", "unsure-2");
    assertThat(new BigDecimal(end.at("/budget/spent").asText())).isEqualByComparingTo("0.03");
  }

  @Test
  void neverSpendsMoreThanTheBudgetThoughManyCallsRunAtOnce() {
    agent("costly", "0.10", "", request -> Reply.output(GOOD, 1, "0.10"));
    scene.define(
        "errors-edge",
        """
        name: errors-edge
        budget: { maxCost: 0.55, onExceeded: fail }
        tasks:
          many:
            forEach:
              in: "${input.items}"
              as: item
              mode: collect
              do:
                capability: errors.costly
                input: { item: "${item}" }
                constraints: { maxCost: 0.10 }
        """);
    var input = Payloads.JSON.createObjectNode();
    IntStream.range(0, 20).forEach(input.putArray("items")::add);
    scene.start("edge", "errors-edge", input).ok();

    JsonNode end = scene.awaitEnd("edge");

    assertThat(agents.calls("edge")).hasSize(5);
    assertThat(new BigDecimal(end.at("/budget/spent").asText())).isEqualByComparingTo("0.50");
    assertThat(new BigDecimal(end.at("/budget/held").asText())).isZero();
    assertThat(scene.wholeHistory(end).toString()).contains("budget_exceeded");
  }

  @Test
  void saysThatAPriceIsUnknownInsteadOfGuessingOne() {
    agent("unpriced", null, "", request -> Reply.output(GOOD));
    task("unpriced", "");
    begin("unpriced");

    JsonNode waiting =
        scene.await(
            "unpriced",
            "waiting for an agent",
            view -> only(view).path("status").asText().equals("waiting_for_agent"));
    scene.register("unpriced", yaml("unpriced", "0", "", agents.url("unpriced"), null));
    JsonNode end = scene.awaitEnd("unpriced");

    assertThat(only(waiting).path("reason").asText()).contains("price unknown");
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    assertThat(agents.calls("unpriced")).hasSize(1);
  }

  private static JsonNode run(String name) {
    begin(name);
    JsonNode end = scene.awaitEnd(name);
    assertThat(end.path("status").asText()).as(end.toString()).isEqualTo("completed");
    scene.wholeHistory(end);
    return end;
  }

  private static void begin(String name) {
    scene.start(name, "errors-" + name, Payloads.JSON.createObjectNode()).ok();
  }

  /** A definition with one task, {@code only}, that needs the capability of that name. */
  private static void task(String name, String fields) {
    scene.define(
        "errors-" + name,
        """
        name: errors-%s
        budget: { maxCost: 1.00, onExceeded: fail }
        deadline: PT10M
        tasks:
          only:
            capability: errors.%s
            input: { question: "%s" }
            %s
        output: "${tasks.only.output}"
        """
            .formatted(name, name, "why? ".repeat(20), fields));
  }

  private static void agent(
      String id, String price, String fields, Function<JsonNode, Reply> answer) {
    agent(id, id, price, fields, answer);
  }

  private static void agent(
      String id, String capability, String price, String fields, Function<JsonNode, Reply> answer) {
    register(id, capability, price, fields, answer, "{ type: object, required: [text] }");
  }

  private static void register(
      String id,
      String capability,
      String price,
      String fields,
      Function<JsonNode, Reply> answer,
      String outputSchema) {
    agents.put(id, answer);
    scene.register(id, yaml(capability, price, fields, agents.url(id), outputSchema));
  }

  private static String yaml(
      String capability, String price, String fields, String url, String outputSchema) {
    return """
    version: "1"
    capabilities: [ { name: errors.%s, outputSchema: %s } ]
    adapter: http
    settings: { url: "%s" }
    price: %s
    %s
    """
        .formatted(
            capability,
            outputSchema == null ? "{ type: object }" : outputSchema,
            url,
            price == null ? "{}" : "{ perCall: \"" + price + "\" }",
            fields);
  }

  /** Answers the first call like that, and every later one well. */
  private static Function<JsonNode, Reply> firstThen(Reply first) {
    AtomicInteger calls = new AtomicInteger();
    return request -> calls.incrementAndGet() == 1 ? first : Reply.output(GOOD);
  }

  private static Reply limited(Map<String, String> headers) {
    return new Reply.Body(429, headers, "{}");
  }

  private static Reply error(String kind, String message) {
    return new Reply.Body(
        200,
        Map.of(),
        "{\"status\": \"failure\", \"error\": {\"kind\": \"%s\", \"message\": \"%s\"}}"
            .formatted(kind, message));
  }

  private static JsonNode only(JsonNode view) {
    return Scene.task(view, "only");
  }

  /** The kind of each attempt's failure; empty for one that did not fail. */
  private static List<String> kinds(JsonNode view) {
    return only(view)
        .path("attempts")
        .valueStream()
        .map(attempt -> attempt.at("/failure/kind").asText())
        .toList();
  }

  private static List<String> agentsOf(JsonNode view) {
    return only(view)
        .path("attempts")
        .valueStream()
        .map(attempt -> attempt.path("agent").asText())
        .toList();
  }
}
