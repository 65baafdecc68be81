package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Set;

/** A workflow's view in words: the task table, the budget, the ending. */
final class WorkflowText {

  private static final Set<String> RUNNING = Set.of("running");

  private WorkflowText() {}

  static boolean hasEnded(JsonNode view) {
    return !RUNNING.contains(view.path("status").asText());
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
          text(task, "confidence"),
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
    return failure.isObject()
        ? "failed: " + failure.path("kind").asText() + ": " + failure.path("message").asText()
        : "";
  }

  static String history(JsonNode history) {
    Table table = new Table("#", "AT", "EVENT", "SUBJECT", "BY", "CAUSE");
    for (JsonNode event : events(history)) {
      table.row(
          text(event, "sequence"),
          text(event, "at"),
          text(event, "type"),
          subject(event.path("data")),
          text(event, "actor"),
          text(event, "cause"));
    }
    return table.toString();
  }

  static JsonNode events(JsonNode history) {
    return history.isArray() ? history : history.path("events");
  }

  private static String subject(JsonNode body) {
    for (String field : new String[] {"task", "id", "reviewId", "reason"}) {
      if (body.hasNonNull(field)) {
        return body.get(field).asText();
      }
    }
    JsonNode envelope = body.path("envelope").path("id");
    JsonNode review = body.path("review").path("reviewId");
    return envelope.isTextual() ? envelope.asText() : review.asText("");
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
    String value = text(task, "duration");
    if (value.startsWith("PT")) {
      return Duration.parse(value).toMillis() + " ms";
    }
    return value.isEmpty() ? "" : value + " ms";
  }

  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "" : value.asText();
  }
}
