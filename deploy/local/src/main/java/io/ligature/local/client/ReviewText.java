package io.ligature.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;

/** A review in words: what is asked, what is known, what follows. */
final class ReviewText {

  private ReviewText() {}

  static String of(JsonNode review) {
    StringBuilder text = new StringBuilder();
    JsonNode rule = review.path("rule");
    line(text, review.path("reviewId").asText() + "  " + review.path("status").asText());
    line(text, "why:          " + review.path("reason").asText());
    line(text, "who decides:  " + deciders(review));
    if (rule.path("quorum").asInt(1) > 1 || rule.path("rejections").asInt(1) > 1) {
      line(text, "needed:       " + needed(review));
    }
    JsonNode claim = review.path("claim");
    if (claim.isObject()) {
      line(
          text,
          "who has it:   " + claim.path("who").asText() + " until " + claim.path("until").asText());
    }
    if (review.hasNonNull("expiresAt")) {
      line(text, "expires:      " + review.get("expiresAt").asText());
    }
    line(text, "on approval:  " + list(review.path("onApproval")));
    line(text, "on rejection: " + list(review.path("onRejection")));
    JsonNode budget = review.path("budget");
    line(
        text,
        "spent:        "
            + budget.path("spent").asText()
            + " "
            + budget.path("currency").asText()
            + (budget.hasNonNull("remaining")
                ? ", left " + budget.get("remaining").asText()
                : ", no budget set"));
    if (review.path("decision").isObject()) {
      line(text, "decision:     " + Api.decision(review.get("decision")));
    }
    if (!review.path("consequences").isEmpty()) {
      text.append("\nwhat can follow:\n").append(consequences(review));
    }
    text.append("\nwhat came before:\n").append(evidence(review.path("evidence")));
    text.append("\nwhat is under review")
        .append(rule.path("edit").asBoolean() ? " (may be edited):\n" : ":\n");
    return text.append(pretty(review.path("subject"))).append('\n').toString();
  }

  /** Also those who came to it by an escalation. */
  private static String deciders(JsonNode review) {
    JsonNode rule = review.path("rule");
    List<String> words = new ArrayList<>();
    JsonNode roles = review.path("decidableBy");
    if (roles.isEmpty()) {
      words.add("role " + rule.path("role").asText());
    }
    roles.forEach(role -> words.add("role " + role.asText()));
    rule.path("users").forEach(user -> words.add(user.asText()));
    return String.join(", ", words)
        + (rule.path("fourEyes").asBoolean()
            ? ", not " + review.path("requester").asText() + ", who started it"
            : "")
        + (rule.path("otherThanBefore").asBoolean() ? ", not who decided before" : "")
        + (review.path("mayDecide").asBoolean() ? " (you may)" : " (you may not)");
  }

  private static String needed(JsonNode review) {
    JsonNode rule = review.path("rule");
    return "%d of %d approvals, or %d of %d rejections"
        .formatted(
            review.path("approvals").asInt(),
            rule.path("quorum").asInt(1),
            review.path("rejections").asInt(),
            rule.path("rejections").asInt(1));
  }

  private static String consequences(JsonNode review) {
    Table table = new Table("ON", "TASK", "WHAT", "ATTEMPTS", "AT WORST");
    for (JsonNode task : review.path("consequences")) {
      table.row(
          task.path("path").asText(),
          task.path("task").asText() + (task.path("conditional").asBoolean() ? " (perhaps)" : ""),
          WorkflowText.text(task, task.hasNonNull("capability") ? "capability" : "what"),
          WorkflowText.text(task, "attempts"),
          cost(task));
    }
    review
        .path("worstCase")
        .forEachEntry(
            (way, worst) ->
                table.row(
                    way,
                    "all"
                        + (worst.path("more").asInt() > 0
                            ? ", with "
                                + (worst.path("atLeast").asBoolean() ? "at least " : "")
                                + worst.path("more").asInt()
                                + " more"
                            : ""),
                    "",
                    "",
                    cost(worst)));
    return table.toString();
  }

  private static String cost(JsonNode of) {
    return of.hasNonNull("maxCost") ? of.get("maxCost").asText() : "not known";
  }

  private static String evidence(JsonNode evidence) {
    Table table = new Table("TASK", "AGENT", "MODEL", "CONFIDENCE", "COST", "EARLIER ATTEMPTS");
    for (JsonNode task : evidence) {
      table.row(
          WorkflowText.text(task, "task"),
          WorkflowText.text(task, "agent"),
          WorkflowText.text(task, "model"),
          WorkflowText.confidence(task),
          WorkflowText.text(task, "cost"),
          earlier(task.path("earlierAttempts")));
    }
    return table.toString();
  }

  private static String earlier(JsonNode attempts) {
    List<String> words = new ArrayList<>();
    for (JsonNode attempt : attempts) {
      words.add(
          WorkflowText.text(attempt, "agent")
              + ": "
              + WorkflowText.text(attempt.path("failure"), "kind"));
    }
    return String.join(", ", words);
  }

  private static String list(JsonNode names) {
    List<String> words = new ArrayList<>();
    names.forEach(name -> words.add(name.asText()));
    return words.isEmpty() ? "nothing more" : String.join(", ", words);
  }

  private static String pretty(JsonNode value) {
    try {
      return Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always writable", e);
    }
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
