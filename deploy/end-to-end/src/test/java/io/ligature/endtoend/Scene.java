package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.embedded.KafkaFixture;
import io.ligature.local.platform.LocalDeployment;
import io.ligature.local.platform.LocalFailure;
import io.ligature.local.platform.LocalService;
import io.ligature.local.platform.LocalSettings;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * All services as processes on free ports over a folder of their own, and the people who use them.
 */
final class Scene {

  static final String OPERATOR = "operator";
  static final String VIEWER = "viewer";
  static final String EDITOR = "rita";
  static final String LAWYER = "leo";

  /** A workflow whose gates this deployment has the lawyer decide. */
  static final String FOR_THE_LAWYER = "rules-for-the-lawyer";

  /** A workflow whose gates this deployment lets pass. */
  static final String FOR_NOBODY = "rules-for-nobody";

  private static final Map<String, String> RULES_FOR_ALL_GATES =
      Map.of(
          "ligature.state.review.risks[0].when", "workflow.id == '" + FOR_THE_LAWYER + "'",
          "ligature.state.review.risks[0].role", "legal",
          "ligature.state.review.risks[0].reason", "legal asks for it",
          "ligature.state.review.risks[1].when",
              "workflow.id == '" + FOR_NOBODY + "' && review.cost < 0.05",
          "ligature.state.review.risks[1].pass", "true",
          "ligature.state.review.risks[1].reason", "cheap enough");

  /** Long enough for a start or a takeover on a small and busy machine. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  static final Duration LOOK = Duration.ofMillis(50);

  private static Scene shared;

  private final LocalSettings settings;
  private LocalDeployment deployment;

  private Scene(LocalSettings settings, LocalDeployment deployment) {
    this.settings = settings;
    this.deployment = deployment;
  }

  /** The one scene of this JVM, started at the first use and ended with it. */
  static synchronized Scene shared() throws InterruptedException {
    if (shared == null) {
      shared = start();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "end-scene"));
    }
    return shared;
  }

  private static Scene start() throws InterruptedException {
    LocalSettings settings =
        LocalSettings.ephemeral()
            .withPatience(PATIENCE)
            .with(LocalService.STATE, RULES_FOR_ALL_GATES);
    try {
      return new Scene(settings, LocalDeployment.up(settings, System.out::println));
    } catch (LocalFailure | InterruptedException e) {
      LocalDeployment.find(settings.data()).ifPresent(LocalDeployment::down);
      throw e;
    }
  }

  LocalDeployment deployment() {
    return deployment;
  }

  Path home() {
    return settings.home();
  }

  Path data() {
    return settings.data();
  }

  /** Ends everything and starts it again over the same folder. */
  void restart() throws InterruptedException {
    deployment.down();
    deployment = LocalDeployment.up(settings, System.out::println);
  }

  Rest state(String user) {
    return rest(LocalService.STATE, user);
  }

  Rest router(String user) {
    return rest(LocalService.ROUTER, user);
  }

  Rest approval(String user) {
    return rest(LocalService.APPROVAL, user);
  }

  private Rest rest(LocalService service, String user) {
    return new Rest(deployment.url(service), user, deployment.users().password(user));
  }

  void register(String id, String yaml) {
    router(OPERATOR).putYaml("/agents/" + Rest.segment(id), yaml).ok();
  }

  void define(String name, String yaml) {
    state(OPERATOR).putYaml("/definitions/" + Rest.segment(name), yaml).ok();
  }

  Rest.Answer start(String id, String definition, JsonNode input) {
    ObjectNode body = Payloads.JSON.createObjectNode();
    body.put("workflowId", id).put("definition", definition).set("input", input);
    return state(OPERATOR).post("/workflows", body);
  }

  /** What a user sees; empty while there is no answer. */
  Optional<JsonNode> view(String id) {
    Rest.Answer answer = state(VIEWER).get("/workflows/" + Rest.segment(id));
    return answer.status() == 200 ? Optional.of(answer.body()) : Optional.empty();
  }

  JsonNode await(String id, String what, Predicate<JsonNode> wanted) {
    try {
      return Awaitility.await(id + ": " + what)
          .atMost(PATIENCE)
          .pollInterval(LOOK)
          .until(() -> view(id), view -> view.filter(wanted).isPresent())
          .orElseThrow();
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(id + " is not " + what + " but " + view(id), e);
    }
  }

  JsonNode awaitEnd(String id) {
    return await(id, "at its end", Scene::hasEnded);
  }

  static boolean hasEnded(JsonNode view) {
    return List.of("completed", "failed", "cancelled", "refused", "quarantined")
        .contains(view.path("status").asText());
  }

  /** The id of the review that the workflow waits for, known to the approval service as well. */
  String awaitReview(String id) {
    JsonNode view = await(id, "waiting for a review", each -> openReview(each).isPresent());
    String review = openReview(view).orElseThrow();
    Awaitility.await(review + " open in the approval service")
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> approval(EDITOR).get("/reviews/" + Rest.segment(review)).status() == 200);
    return review;
  }

  static Optional<String> openReview(JsonNode view) {
    for (JsonNode task : view.path("tasks")) {
      if (task.path("status").asText().equals("waiting_for_review")) {
        return Optional.of(task.path("review").path("reviewId").asText());
      }
    }
    return Optional.empty();
  }

  Rest.Answer decide(String user, String review, String action, String reason) {
    return approval(user)
        .post(
            "/reviews/" + Rest.segment(review) + "/" + action,
            Payloads.JSON.createObjectNode().put("reason", reason));
  }

  static JsonNode task(JsonNode view, String name) {
    for (JsonNode task : view.path("tasks")) {
      if (task.path("task").asText().equals(name)) {
        return task;
      }
    }
    throw new AssertionError("no task " + name + " in " + view);
  }

  /**
   * @param what command, such as {@code pause} or {@code tasks/second/retry}
   */
  Rest.Answer command(String id, String what, JsonNode body) {
    return state(OPERATOR).post("/workflows/" + Rest.segment(id) + "/" + what, body);
  }

  /** A workflow's own child workflows, of which there are few. */
  List<JsonNode> children(String id) {
    JsonNode page = state(VIEWER).get("/workflows/" + Rest.segment(id) + "/children").ok();
    return page.path("workflows").valueStream().toList();
  }

  /** All that is committed of the audit trail, page by page. */
  List<JsonNode> history(String id) {
    String path = "/workflows/" + Rest.segment(id) + "/history?after=";
    List<JsonNode> events = new ArrayList<>();
    JsonNode page = state(VIEWER).get(path + 0).ok();
    page.path("events").forEach(events::add);
    while (page.has("next")) {
      page = state(VIEWER).get(path + page.path("next").asLong()).ok();
      page.path("events").forEach(events::add);
    }
    return events;
  }

  /**
   * The audit trail of a workflow that has ended: whole, in order, from 1 to the view's sequence.
   */
  List<JsonNode> wholeHistory(JsonNode view) {
    String id = view.path("workflowId").asText();
    long last = view.path("sequence").asLong();
    List<JsonNode> events =
        Awaitility.await("audit trail of " + id + " up to " + last)
            .atMost(PATIENCE)
            .pollInterval(LOOK)
            .until(() -> history(id), found -> found.size() >= last);
    Assertions.assertThat(events.stream().map(event -> event.path("sequence").asLong()))
        .as("sequence of " + id)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
    return events;
  }

  static String resource(String name) {
    try (var in = Scene.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    deployment.down();
    KafkaFixture.deleteTree(settings.data());
  }
}
