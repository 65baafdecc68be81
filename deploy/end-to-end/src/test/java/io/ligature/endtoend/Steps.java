package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;

/** Runs of the definition {@code steps}: two calls, a gate, two calls. */
final class Steps {

  static final int CALLS_BEFORE_GATE = 2;
  static final int CALLS = 4;

  private final Scene scene;
  private final String definition;

  private Steps(Scene scene, String definition) {
    this.scene = scene;
    this.definition = definition;
  }

  /**
   * @param of keeps the definition, its capability and its agent apart from those of others
   */
  static Steps in(Scene scene, String of, CountingAgent agent) {
    String definition = of + "-steps";
    scene.register(of + "-stepper", agent(of + ".step", agent));
    scene.define(definition, definition(definition, of + ".step"));
    return new Steps(scene, definition);
  }

  static String agent(String capability, CountingAgent agent) {
    return Scene.resource("step-agent.yaml")
        .replace("${CAPABILITY}", capability)
        .replace("${URL}", agent.url());
  }

  static String definition(String name, String capability) {
    return Scene.resource("steps.yaml").replace("@NAME@", name).replace("@CAPABILITY@", capability);
  }

  String definition() {
    return definition;
  }

  /** Starts that many workflows; returns their ids. */
  List<String> start(String prefix, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String id = prefix + "-" + i;
      assertThat(
              scene
                  .start(id, definition, Payloads.JSON.createObjectNode().put("number", i))
                  .status())
          .isEqualTo(202);
      ids.add(id);
    }
    return ids;
  }

  /** Approves each workflow's gate once, when it opens, until all have ended. */
  List<JsonNode> approveAndAwait(List<String> ids) {
    Set<String> open = new LinkedHashSet<>(ids);
    List<JsonNode> ended = new ArrayList<>();
    Awaitility.await("the end of " + ids)
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(
            () -> {
              for (String id : List.copyOf(open)) {
                Optional<JsonNode> view = scene.view(id);
                view.flatMap(Scene::openReview).ifPresent(this::approve);
                view.filter(Scene::hasEnded)
                    .ifPresent(
                        each -> {
                          open.remove(id);
                          ended.add(each);
                        });
              }
              return open.isEmpty();
            });
    return ended;
  }

  /** Refused while the approval service does not know the review yet; then it is asked again. */
  private void approve(String review) {
    Rest.Answer answer = scene.decide(Scene.EDITOR, review, "approve", "go on");
    assertThat(answer.status()).as(answer.toString()).isIn(0, 200, 404, 409, 503);
  }

  /** Every call that a completed workflow needs, by attempt id. */
  static List<String> firstAttempts(List<String> ids) {
    return ids.stream()
        .flatMap(
            id ->
                List.of("first", "second", "third", "fourth").stream()
                    .map(task -> id + "/" + task + "#1"))
        .toList();
  }
}
