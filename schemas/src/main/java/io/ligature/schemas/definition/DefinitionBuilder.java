package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Definition.BudgetRule;
import io.ligature.schemas.definition.Definition.OnExceeded;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.Backoff;
import io.ligature.schemas.definition.TaskDefinition.Limits;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import io.ligature.schemas.definition.TaskDefinition.Step;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the model from a tree of the right shape; what makes no sense is told as a problem. */
final class DefinitionBuilder {

  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  static final String WRITE_DURATION = "write it as ISO 8601, for example PT2M or P1DT12H";

  /** Longer than any workflow lives, and short enough to count with. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private static final int DEFAULT_PRIORITY = 5;

  private final LocatedDocument document;
  private final TemplateReader templates;
  private final DefinitionLimits limits;
  private final List<Problem> problems = new ArrayList<>();

  DefinitionBuilder(LocatedDocument document, CelExpressions expressions, DefinitionLimits limits) {
    this.document = document;
    this.templates = new TemplateReader(document, expressions, problems);
    this.limits = limits;
  }

  List<Problem> problems() {
    return problems;
  }

  Definition build(JsonNode root) {
    Map<String, TaskDefinition> tasks = new LinkedHashMap<>();
    if (root.get("tasks").size() > limits.tasks()) {
      problem(
          "/tasks",
          "there are " + root.get("tasks").size() + " tasks, more than " + limits.tasks(),
          "split the workflow, or raise ligature.definitions.max-tasks");
    }
    for (Map.Entry<String, JsonNode> task : root.get("tasks").properties()) {
      tasks.put(task.getKey(), task(task.getKey(), task.getValue()));
    }
    JsonNode output = root.get("output");
    return new Definition(
        root.get("name").textValue(),
        root.path("input").get("schema"),
        budget(root.path("budget"), "/budget"),
        duration(root, "deadline", ""),
        root.path("priority").asInt(DEFAULT_PRIORITY),
        tasks,
        output == null ? null : templates.template(output, "/output"),
        Map.of(),
        null);
  }

  private @Nullable BudgetRule budget(JsonNode budget, String place) {
    if (budget.isMissingNode()) {
      return null;
    }
    OnExceeded onExceeded =
        budget.path("onExceeded").asText("fail").equals("review")
            ? OnExceeded.REVIEW
            : OnExceeded.FAIL;
    return new BudgetRule(money(budget.get("maxCost"), place + "/maxCost"), onExceeded);
  }

  private Money money(JsonNode amount, String place) {
    BigDecimal value = new BigDecimal(amount.asText());
    if (value.stripTrailingZeros().scale() > Money.SCALE) {
      problem(
          place,
          "'" + amount.asText() + "' has more than six digits behind the point",
          "round it to a millionth");
    }
    return Money.of(value);
  }

  private TaskDefinition task(String name, JsonNode task) {
    String place = LocatedDocument.child("/tasks", name);
    boolean work = task.has("capability");
    boolean gate = task.has("review");
    if (work == gate) {
      problem(
          place,
          "task '" + name + "' " + (work ? "has both a capability and a review" : "does nothing"),
          "give it either 'capability' (an agent's work) or 'review' (a gate)");
    }
    if (gate) {
      for (String field : List.of("input", "constraints", "retry")) {
        if (task.has(field)) {
          problem(
              place + "/" + field,
              "a gate has no '" + field + "'",
              field.equals("input")
                  ? "use 'subject' under 'review'"
                  : "remove it; a gate has no attempts");
        }
      }
    }
    return new TaskDefinition(
        name,
        gate ? gate(task.get("review"), place + "/review") : work(task, place),
        needs(task.path("needs")),
        task.has("when") ? templates.condition(task.get("when"), place + "/when") : null,
        ladders(task, place),
        task.has("priority") ? task.get("priority").intValue() : null,
        null,
        null,
        null,
        Map.of());
  }

  private AgentWork work(JsonNode task, String place) {
    JsonNode constraints = task.path("constraints");
    Duration timeout = duration(constraints, "timeout", place + "/constraints");
    JsonNode input = task.get("input");
    return new AgentWork(
        task.path("capability").asText(),
        templates.template(input == null ? TextNode.valueOf("${input}") : input, place + "/input"),
        new Limits(
            constraints.has("maxCost")
                ? money(constraints.get("maxCost"), place + "/constraints/maxCost")
                : null,
            timeout == null ? DEFAULT_TIMEOUT : timeout,
            constraints.has("qualityThreshold")
                ? (Double) constraints.get("qualityThreshold").doubleValue()
                : null));
  }

  private ReviewGate gate(JsonNode review, String place) {
    return new ReviewGate(
        rule(review),
        review.has("subject")
            ? templates.template(review.get("subject"), place + "/subject")
            : null,
        review.has("expire") ? duration(review.get("expire"), "after", place + "/expire") : null);
  }

  private static ReviewRule rule(JsonNode review) {
    return new ReviewRule(
        review.get("role").textValue(),
        review.path("quorum").asInt(1),
        review.path("fourEyes").asBoolean(false),
        review.path("edit").asBoolean(true));
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
    if (needs.has("atLeast")) {
      return join(Needs.Join.AT_LEAST, needs.get("atLeast").intValue(), needs.get("of"));
    }
    return join(Needs.Join.ALL, 0, needs.get("all"));
  }

  private static Needs join(Needs.Join join, int atLeast, JsonNode names) {
    List<String> tasks = new ArrayList<>();
    names.forEach(name -> tasks.add(name.textValue()));
    return new Needs(join, join == Needs.Join.ALL ? tasks.size() : atLeast, List.copyOf(tasks));
  }

  private Map<ErrorKind, List<Step>> ladders(JsonNode task, String place) {
    Map<ErrorKind, List<Step>> ladders = new EnumMap<>(ErrorKind.class);
    if (task.has("retry")) {
      Retry retry = retry(task.get("retry"), place + "/retry");
      for (ErrorKind kind : ErrorKind.values()) {
        if (DefaultLadders.of(kind).getFirst() instanceof Retry) {
          ladders.put(kind, List.of(retry));
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : task.path("onError").properties()) {
      String pointer = LocatedDocument.child(place + "/onError", entry.getKey());
      ErrorKind.ofWireName(entry.getKey())
          .ifPresentOrElse(
              kind -> ladders.put(kind, ladder(entry.getValue(), pointer)),
              () ->
                  problem(
                      pointer,
                      "there is no error kind '" + entry.getKey() + "'",
                      "use one of "
                          + Arrays.stream(ErrorKind.values())
                              .map(ErrorKind::wireName)
                              .collect(Collectors.joining(", "))));
    }
    return ladders;
  }

  private List<Step> ladder(JsonNode ladder, String place) {
    if (!ladder.isArray()) {
      return List.of(step(ladder, place));
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < ladder.size(); i++) {
      if (i > 0 && !(steps.getLast() instanceof Retry)) {
        problem(
            place + "/" + i,
            "this step is never reached",
            "remove it, or put it before the one that ends the ladder");
      }
      steps.add(step(ladder.get(i), place + "/" + i));
    }
    return List.copyOf(steps);
  }

  private Step step(JsonNode step, String place) {
    if (step.isTextual()) {
      return step.textValue().equals("skip")
          ? new TaskDefinition.Skip()
          : new TaskDefinition.Fail();
    }
    if (step.has("review")) {
      return new AskForReview(rule(step.get("review")));
    }
    return retry(step.get("retry"), place + "/retry");
  }

  private Retry retry(JsonNode retry, String place) {
    return new Retry(
        retry.get("max").intValue(),
        backoff(retry.path("backoff"), place + "/backoff"),
        retry.path("agent").asText("any").equals("different")
            ? AgentChoice.DIFFERENT
            : AgentChoice.ANY);
  }

  private Backoff backoff(JsonNode backoff, String place) {
    if (!backoff.isObject()) {
      return switch (backoff.asText("exponential")) {
        case "none" -> DefaultLadders.AT_ONCE;
        case "fixed" -> DefaultLadders.FIXED;
        default -> DefaultLadders.EXPONENTIAL;
      };
    }
    Duration initial = duration(backoff, "initial", place);
    Duration most = duration(backoff, "max", place);
    Duration first = initial == null ? DefaultLadders.EXPONENTIAL.initial() : initial;
    Duration longest = most == null ? DefaultLadders.EXPONENTIAL.most() : most;
    if (longest.compareTo(first) < 0) {
      problem(
          place, "the longest wait is shorter than the first", "raise 'max' or lower 'initial'");
    }
    return new Backoff(first, backoff.path("factor").asDouble(2), longest);
  }

  private @Nullable Duration duration(JsonNode parent, String field, String place) {
    JsonNode value = parent.get(field);
    if (value == null) {
      return null;
    }
    String pointer = place + "/" + field;
    try {
      Duration duration = Duration.parse(value.textValue());
      if (duration.toMillis() == 0) {
        problem(
            pointer,
            "'" + value.textValue() + "' is no time at all",
            "give at least a millisecond");
      } else if (duration.compareTo(LONGEST) > 0) {
        problem(
            pointer,
            "'" + value.textValue() + "' is too long",
            "give at most " + LONGEST.toDays() + " days");
      }
      return duration;
    } catch (DateTimeParseException | ArithmeticException e) {
      problem(pointer, "'" + value.textValue() + "' is not a duration", WRITE_DURATION);
      return null;
    }
  }

  private void problem(String pointer, String message, String remedy) {
    problems.add(document.problemAt(pointer, message, remedy));
  }
}
