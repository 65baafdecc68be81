package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A workflow's view in words: the task table, the budget, the ending. */
final class WorkflowText {

  /** Statuses of workflows that have not ended. */
  private static final Set<String> OPEN = Set.of("running", "paused", "compensating");

  private WorkflowText() {}

  static boolean hasEnded(JsonNode view) {
    return !OPEN.contains(view.path("status").asText());
  }

  static boolean hasCompleted(JsonNode view) {
    return view.path("status").asText().equals("completed");
  }

  static String tasks(JsonNode view) {
    Table table =
        new Table("TASK", "STATUS", "AGENT", "ATTEMPTS", "CONFIDENCE", "COST", "DURATION", "NOTE");
    for (JsonNode task : view.path("tasks")) {
      table.row(
          text(task, "task"),
          text(task, "status"),
          text(task, "agent"),
          Integer.toString(task.path("attempts").size()),
          confidence(task),
          text(task, "cost"),
          duration(task),
          note(task));
    }
    return table.toString();
  }

  static String headline(JsonNode view) {
    return view.path("workflowId").asText()
        + "  "
        + view.path("definition").asText()
        + " v"
        + view.path("version").asText()
        + "  "
        + view.path("status").asText();
  }

  static String budget(JsonNode view) {
    JsonNode budget = view.path("budget");
    String spent = text(budget, "spent") + " " + text(budget, "currency");
    if (!budget.hasNonNull("maxCost")) {
      return "spent " + spent + ", no budget set";
    }
    return "spent "
        + spent
        + " of "
        + text(budget, "maxCost")
        + ", held "
        + text(budget, "held")
        + ", left "
        + text(budget, "remaining");
  }

  static String ending(JsonNode view) {
    JsonNode failure = view.path("failure");
    if (!failure.isObject()) {
      return "";
    }
    String task = text(failure, "task");
    return view.path("status").asText()
        + (task.isEmpty() ? "" : " in " + task)
        + ": "
        + failure.path("kind").asText()
        + ": "
        + failure.path("message").asText();
  }

  /** Everything but outputs and history. */
  static String summary(JsonNode view) {
    String ending = ending(view);
    String tasks = view.path("tasks").isEmpty() ? "" : tasks(view) + budget(view) + "\n";
    return headline(view) + "\n" + tasks + (ending.isEmpty() ? "" : ending + "\n");
  }

  static String history(JsonNode history) {
    Table table = new Table("#", "AT", "EVENT", "SUBJECT", "BY", "CAUSE");
    for (JsonNode event : history.path("events")) {
      table.row(
          text(event, "sequence"),
          text(event, "at"),
          text(event, "type"),
          subject(event.path("body")),
          text(event, "actor"),
          text(event, "cause"));
    }
    return history.path("complete").asBoolean(true)
        ? table.toString()
        : table + "The newest events are not committed yet; ask again in a moment.\n";
  }

  /** What an event is about, in its own words. */
  private static String subject(JsonNode data) {
    for (JsonNode found :
        List.of(
            data.path("task"),
            data.path("id"),
            data.path("envelope").path("id"),
            data.path("result").path("id"),
            data.path("reviewId"),
            data.path("review").path("reviewId"),
            data.path("decision").path("reviewId"),
            data.path("reason"))) {
      if (found.isTextual()) {
        return found.textValue();
      }
    }
    return "";
  }

  private static String note(JsonNode task) {
    JsonNode review = task.path("review");
    if (review.hasNonNull("decision")) {
      return text(review, "decision") + " by " + text(review, "reviewer");
    }
    if (review.hasNonNull("reviewId")) {
      return "waits for role " + text(review, "role") + ": " + text(review, "reviewId");
    }
    return text(task, "reason");
  }

  private static String duration(JsonNode task) {
    if (!task.hasNonNull("duration")) {
      return "";
    }
    long millis = Duration.parse(task.get("duration").asText()).toMillis();
    return millis < 10_000
        ? millis + " ms"
        : Duration.ofSeconds(millis / 1000).toString().substring(2).toLowerCase(Locale.ROOT);
  }

  static String confidence(JsonNode task) {
    return task.hasNonNull("confidence")
        ? String.format(Locale.ROOT, "%.2f", task.get("confidence").asDouble())
        : "";
  }

  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "" : value.asText();
  }
}
