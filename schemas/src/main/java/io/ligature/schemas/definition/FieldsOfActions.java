package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which fields go with which action. */
final class FieldsOfActions {

  private static final Set<String> COMPOSITES = Set.of("forEach", "repeat", "choose", "tasks");
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "input", Set.of("capability"),
          "constraints", Set.of("capability"),
          "validate", Set.of("capability"),
          "route", Set.of("capability"),
          "cache", Set.of("capability"),
          "shareIdenticalCalls", Set.of("capability"),
          "retry", Set.of("capability", "workflow"),
          "compensate", Set.of("capability", "workflow"),
          "budget", Set.of("forEach", "repeat", "choose", "tasks", "workflow"),
          "output", Set.of("tasks"));

  /** In the order in which they are told. */
  private static final List<String> FIELDS =
      List.of(
          "input",
          "constraints",
          "validate",
          "route",
          "cache",
          "shareIdenticalCalls",
          "retry",
          "compensate",
          "budget",
          "output");

  private FieldsOfActions() {}

  static void check(String action, JsonNode task, String place, Values values) {
    for (String field : FIELDS) {
      if (task.has(field) && !allowed(field).contains(action)) {
        values.problem(
            place + "/" + field,
            "a task with '" + action + "' has no '" + field + "'",
            remedy(action, field));
      }
    }
  }

  /** Whether tasks with that action consist of others. */
  static boolean isComposite(String action) {
    return COMPOSITES.contains(action);
  }

  static boolean isRetried(String action) {
    return allowed("retry").contains(action);
  }

  private static Set<String> allowed(String field) {
    return ALLOWED.getOrDefault(field, Set.of());
  }

  private static String remedy(String action, String field) {
    if (action.equals("review") && field.equals("input")) {
      return "use 'subject' under 'review'";
    }
    if (action.equals("workflow") && field.equals("input")) {
      return "put it under 'workflow'";
    }
    if (COMPOSITES.contains(action)) {
      return Set.of("compensate", "output").contains(field)
          ? "remove it, or put it on a task inside of it"
          : "put it on a task inside of it";
    }
    return "remove it";
  }
}
