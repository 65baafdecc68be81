package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.TaskDefinition.Action;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Compensation;
import io.ligature.schemas.definition.TaskDefinition.Limits;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Share;
import io.ligature.schemas.definition.TaskDefinition.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a task of a tree of the right shape. */
final class TaskBuilder {

  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  /** What a task may do; each has exactly one of them. */
  static final List<String> ACTIONS =
      List.of(
          "capability",
          "review",
          "workflow",
          "wait",
          "signal",
          "forEach",
          "repeat",
          "choose",
          "tasks");

  private final Values values;
  private final LadderBuilder ladders;
  private final CompositeBuilder composites;
  private final HandlingBuilder handling;

  TaskBuilder(Values values, DefinitionLimits limits) {
    this.values = values;
    this.ladders = new LadderBuilder(values);
    this.composites = new CompositeBuilder(values, this, limits);
    this.handling = new HandlingBuilder(values);
  }

  TaskDefinition task(String name, JsonNode task, String place, TemplateReader templates) {
    return task(name, task, place, templates, 0);
  }

  /**
   * @param level how many tasks it is inside of
   */
  TaskDefinition task(
      String name, JsonNode task, String place, TemplateReader templates, int level) {
    Map<ErrorKind, List<Step>> onError = ladders.ladders(task, place, whole(task));
    handling.checkPin(task, place, onError.values());
    return new TaskDefinition(
        name,
        action(name, task, place, templates, level),
        needs(task.path("needs")),
        task.has("when") ? templates.condition(task.get("when"), place + "/when") : null,
        onError,
        task.has("priority") ? task.get("priority").intValue() : null,
        values.duration(task, "timeout", place),
        share(task.path("budget"), place + "/budget"),
        compensation(task.path("compensate"), place + "/compensate", templates),
        set(task.path("set"), place + "/set", templates.with("output")));
  }

  /** The action of a task that is not done again as a whole; null: it is. */
  private static @Nullable String whole(JsonNode task) {
    return ACTIONS.stream()
        .filter(action -> task.has(action) && !FieldsOfActions.isRetried(action))
        .findFirst()
        .orElse(null);
  }

  private Action action(
      String name, JsonNode task, String place, TemplateReader templates, int level) {
    List<String> actions = ACTIONS.stream().filter(task::has).toList();
    if (actions.size() != 1) {
      String which = name.isEmpty() ? "the task here" : "task '" + name + "'";
      values.problem(
          place,
          actions.isEmpty()
              ? which + " does nothing"
              : which + " does several things: " + String.join(", ", actions),
          "give it exactly one of " + String.join(", ", ACTIONS));
    }
    String action = actions.isEmpty() ? "capability" : actions.getFirst();
    FieldsOfActions.check(action, task, place, values);
    JsonNode body = task.path(action);
    String inside = place + "/" + action;
    return switch (action) {
      case "review" -> new ReviewBuilder(values).gate(body, inside, templates);
      case "workflow" -> Outside.child(body, inside, templates);
      case "wait" -> Outside.waiting(body, inside, templates, values);
      case "signal" -> Outside.signal(body, inside, templates);
      case "forEach" -> composites.forEach(body, inside, templates, level);
      case "repeat" -> composites.repeat(body, inside, templates, level);
      case "choose" -> composites.choose(body, inside, templates, level);
      case "tasks" -> composites.block(task, place, templates, level);
      default -> work(task, place, templates, TextNode.valueOf("${input}"));
    };
  }

  private AgentWork work(JsonNode task, String place, TemplateReader templates, JsonNode usual) {
    JsonNode constraints = task.path("constraints");
    Duration timeout = values.duration(constraints, "timeout", place + "/constraints");
    JsonNode input = task.get("input");
    return new AgentWork(
        task.path("capability").asText(),
        templates.template(input == null ? usual : input, place + "/input"),
        new Limits(
            constraints.has("maxCost")
                ? values.money(constraints.get("maxCost"), place + "/constraints/maxCost")
                : null,
            timeout == null ? DEFAULT_TIMEOUT : timeout,
            constraints.has("qualityThreshold")
                ? (Double) constraints.get("qualityThreshold").doubleValue()
                : null),
        handling.handling(task, place),
        handling.validation(task.path("validate"), place + "/validate", templates));
  }

  private @Nullable Compensation compensation(
      JsonNode compensate, String place, TemplateReader templates) {
    if (compensate.isMissingNode()) {
      return null;
    }
    return new Compensation(
        work(compensate, place, templates.with("output"), TextNode.valueOf("${output}")),
        ladders.ladders(compensate, place, null));
  }

  private Map<String, Template> set(JsonNode set, String place, TemplateReader templates) {
    Map<String, Template> written = new LinkedHashMap<>();
    set.properties()
        .forEach(
            field ->
                written.put(
                    field.getKey(),
                    templates.template(
                        field.getValue(), LocatedDocument.child(place, field.getKey()))));
    return written;
  }

  private @Nullable Share share(JsonNode budget, String place) {
    if (budget.isMissingNode()) {
      return null;
    }
    return new Share(
        values.money(budget.get("maxCost"), place + "/maxCost"),
        budget.has("onExceeded") ? onExceeded(budget.get("onExceeded")) : null);
  }

  static Definition.OnExceeded onExceeded(JsonNode word) {
    return switch (word.asText()) {
      case "review" -> Definition.OnExceeded.REVIEW;
      case "degrade" -> Definition.OnExceeded.DEGRADE;
      default -> Definition.OnExceeded.FAIL;
    };
  }

  private static Needs needs(JsonNode needs) {
    if (needs.isMissingNode()) {
      return Needs.NONE;
    }
    if (needs.isArray()) {
      return join(Needs.Join.ALL, 0, needs);
    }
    if (needs.has("any")) {
      return join(Needs.Join.ANY, 1, needs.get("any"));
    }
    if (needs.has("ended")) {
      return join(Needs.Join.ENDED, 0, needs.get("ended"));
    }
    if (needs.has("atLeast")) {
      return join(Needs.Join.AT_LEAST, needs.get("atLeast").intValue(), needs.get("of"));
    }
    return join(Needs.Join.ALL, 0, needs.get("all"));
  }

  private static Needs join(Needs.Join join, int atLeast, JsonNode names) {
    List<String> tasks = new ArrayList<>();
    names.forEach(name -> tasks.add(name.textValue()));
    boolean all = join == Needs.Join.ALL || join == Needs.Join.ENDED;
    return new Needs(join, all ? tasks.size() : atLeast, List.copyOf(tasks));
  }
}
