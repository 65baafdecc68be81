package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ligature.schemas.definition.Definition.BudgetRule;
import io.ligature.schemas.definition.Definition.CatchUp;
import io.ligature.schemas.definition.Definition.OnExceeded;
import io.ligature.schemas.definition.Definition.Overlap;
import io.ligature.schemas.definition.Definition.Schedule;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the model from a tree of the right shape; what makes no sense is told as a problem. */
final class DefinitionBuilder {

  private static final int DEFAULT_PRIORITY = 5;

  private final TemplateReader templates;
  private final DefinitionLimits limits;
  private final List<Problem> problems = new ArrayList<>();
  private final Values values;

  DefinitionBuilder(LocatedDocument document, CelExpressions expressions, DefinitionLimits limits) {
    this.templates = new TemplateReader(document, expressions, problems, Set.of());
    this.limits = limits;
    this.values = new Values(document, problems);
  }

  List<Problem> problems() {
    return problems;
  }

  Definition build(JsonNode root) {
    int count = count(root);
    if (count > limits.tasks()) {
      values.problem(
          "/tasks",
          "there are " + count + " tasks, more than " + limits.tasks(),
          "split the workflow, or raise ligature.definitions.max-tasks");
    }
    TaskBuilder builder = new TaskBuilder(values, limits);
    Map<String, TaskDefinition> tasks = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> task : root.get("tasks").properties()) {
      String place = LocatedDocument.child("/tasks", task.getKey());
      tasks.put(task.getKey(), builder.task(task.getKey(), task.getValue(), place, templates));
    }
    JsonNode output = root.get("output");
    return new Definition(
        root.get("name").textValue(),
        root.path("input").get("schema"),
        budget(root.path("budget")),
        values.duration(root, "deadline", ""),
        root.path("priority").asInt(DEFAULT_PRIORITY),
        tasks,
        output == null ? null : templates.template(output, "/output"),
        variables(root.path("variables")),
        schedule(root.path("schedule")));
  }

  /** Tasks in all, those inside of others too. */
  private static int count(JsonNode node) {
    int count = 0;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode value = field.getValue();
      if (field.getKey().equals("tasks")) {
        count += value.size();
        for (JsonNode task : value) {
          count += count(task);
        }
      } else if (field.getKey().equals("do")) {
        count += 1 + count(value);
      } else if (field.getKey().equals("forEach") || field.getKey().equals("repeat")) {
        count += count(value);
      } else if (field.getKey().equals("choose")) {
        for (JsonNode branch : value) {
          count += count(branch);
        }
      }
    }
    return count;
  }

  private @Nullable BudgetRule budget(JsonNode budget) {
    if (budget.isMissingNode()) {
      return null;
    }
    OnExceeded onExceeded =
        budget.has("onExceeded")
            ? TaskBuilder.onExceeded(budget.get("onExceeded"))
            : OnExceeded.FAIL;
    return new BudgetRule(values.money(budget.get("maxCost"), "/budget/maxCost"), onExceeded);
  }

  private Map<String, Template> variables(JsonNode variables) {
    if (variables.size() > limits.variables()) {
      values.problem(
          "/variables",
          "there are " + variables.size() + " variables, more than " + limits.variables(),
          "put several into one, or raise ligature.definitions.max-variables");
    }
    Map<String, Template> first = new LinkedHashMap<>();
    variables
        .properties()
        .forEach(
            variable ->
                first.put(
                    variable.getKey(),
                    templates.template(
                        variable.getValue(),
                        LocatedDocument.child("/variables", variable.getKey()))));
    return first;
  }

  private @Nullable Schedule schedule(JsonNode schedule) {
    if (schedule.isMissingNode()) {
      return null;
    }
    CronCheck.check(schedule.get("cron").textValue(), "/schedule/cron", values);
    JsonNode input = schedule.get("input");
    return new Schedule(
        schedule.get("cron").textValue(),
        zone(schedule),
        Overlap.valueOf(schedule.path("overlap").asText("skip").toUpperCase(Locale.ROOT)),
        CatchUp.valueOf(schedule.path("catchUp").asText("none").toUpperCase(Locale.ROOT)),
        input == null ? JsonNodeFactory.instance.objectNode() : input);
  }

  private ZoneId zone(JsonNode schedule) {
    String name = schedule.path("timeZone").asText("UTC");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      values.problem(
          "/schedule/timeZone",
          "there is no time zone '" + name + "'",
          "use a name such as Europe/Berlin or UTC");
      return ZoneOffset.UTC;
    }
  }
}
