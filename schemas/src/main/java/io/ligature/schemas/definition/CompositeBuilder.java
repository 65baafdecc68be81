package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Branch;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes tasks that consist of others. */
final class CompositeBuilder {

  /** Words that the expressions' language keeps for itself, and names that mean something else. */
  private static final Set<String> TAKEN =
      Set.of(
          "as",
          "break",
          "const",
          "continue",
          "else",
          "false",
          "for",
          "function",
          "if",
          "import",
          "in",
          "index",
          "input",
          "iteration",
          "last",
          "let",
          "loop",
          "namespace",
          "null",
          "output",
          "package",
          "return",
          "tasks",
          "true",
          "type",
          "var",
          "variables",
          "void",
          "while",
          "workflow");

  private final Values values;
  private final TaskBuilder tasks;
  private final DefinitionLimits limits;

  CompositeBuilder(Values values, TaskBuilder tasks, DefinitionLimits limits) {
    this.values = values;
    this.tasks = tasks;
    this.limits = limits;
  }

  ForEach forEach(JsonNode each, String place, TemplateReader templates, int level) {
    String item = each.path("as").asText("item");
    if (TAKEN.contains(item)) {
      values.problem(
          place + "/as",
          "'" + item + "' has a meaning of its own in expressions",
          "choose another name for the item");
    }
    return new ForEach(
        templates.template(each.get("in"), place + "/in"),
        item,
        each.has("concurrency") ? each.get("concurrency").intValue() : null,
        each.path("mode").asText("stopOnFailure").equals("collect"),
        !each.path("aggregate").asText("outputs").equals("none"),
        body(each, place, templates.with(item, "index"), level));
  }

  Repeat repeat(JsonNode repeat, String place, TemplateReader templates, int level) {
    TemplateReader inside = templates.with("last", "iteration");
    Expression until = inside.condition(repeat.get("until"), place + "/until");
    return new Repeat(
        orNever(until),
        repeat.get("max").intValue(),
        repeat.path("onMax").asText("fail").equals("accept"),
        body(repeat, place, inside, level));
  }

  /** The definition is refused anyway when there is a problem with the expression. */
  private static Expression orNever(@Nullable Expression expression) {
    return Objects.requireNonNullElse(expression, NoExpression.NEVER);
  }

  Choose choose(JsonNode choose, String place, TemplateReader templates, int level) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < choose.size(); i++) {
      JsonNode branch = choose.get(i);
      String here = place + "/" + i;
      boolean last = i == choose.size() - 1;
      if (!branch.has("when") && !last) {
        values.problem(
            here,
            "the branches behind this one are never reached",
            "give it a 'when', or put it last");
      }
      branches.add(
          new Branch(
              branch.has("when") ? templates.condition(branch.get("when"), here + "/when") : null,
              body(branch, here, templates, level)));
    }
    return new Choose(List.copyOf(branches));
  }

  Block block(JsonNode task, String place, TemplateReader templates, int level) {
    Map<String, TaskDefinition> members = new LinkedHashMap<>();
    if (deepEnough(place, level)) {
      task.get("tasks")
          .properties()
          .forEach(
              member ->
                  members.put(
                      member.getKey(),
                      tasks.task(
                          member.getKey(),
                          member.getValue(),
                          LocatedDocument.child(place + "/tasks", member.getKey()),
                          templates,
                          level + 1)));
    }
    return new Block(
        members,
        task.has("output") ? templates.template(task.get("output"), place + "/output") : null);
  }

  private TaskDefinition body(JsonNode parent, String place, TemplateReader templates, int level) {
    JsonNode body = parent.get("do");
    if (body.has("needs")) {
      values.problem(
          place + "/do/needs",
          "a task under 'do' has no 'needs'",
          "put the needs on the task around it, or several tasks into a block with 'tasks'");
    }
    return deepEnough(place, level)
        ? tasks.task("", body, place + "/do", templates, level + 1)
        : NoExpression.NOTHING;
  }

  private boolean deepEnough(String place, int level) {
    if (level < limits.nesting()) {
      return true;
    }
    values.problem(
        place,
        "tasks are inside of one another more than " + limits.nesting() + " levels deep",
        "make a workflow of its own of the inner ones, or raise ligature.definitions.max-nesting");
    return false;
  }
}
