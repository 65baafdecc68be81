package io.ligature.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.avro.Budget;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /workflows}, read field by field so that every mistake is told at once.
 */
final class StartForm {

  private static final Set<String> FIELDS =
      Set.of(
          "workflowId",
          "definition",
          "version",
          "input",
          "priority",
          "budget",
          "deadline",
          "labels");
  private static final Set<String> BUDGET_FIELDS = Set.of("maxCost", "onExceeded");

  private final JsonNode body;
  private final List<String> violations = new ArrayList<>();

  private StartForm(JsonNode body) {
    this.body = body;
  }

  /**
   * @throws ApiProblem naming everything that is wrong
   */
  static WorkflowStart read(String text, Caller caller) {
    StartForm form = new StartForm(json(text));
    WorkflowStart start = form.start(caller);
    if (!form.violations.isEmpty()) {
      throw ApiProblem.invalid("Not a start", form.violations);
    }
    return start;
  }

  static JsonNode json(String text) {
    try {
      JsonNode body = Payloads.JSON.readTree(text);
      if (body != null && body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      throw ApiProblem.invalid("Not JSON", List.of("body: " + e.getOriginalMessage()));
    }
    throw ApiProblem.invalid("Not a JSON object", List.of("body: send one JSON object"));
  }

  private WorkflowStart start(Caller caller) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                violations.add(name + ": is not a field of a start; there are " + sorted(FIELDS));
              }
            });
    String given = text("workflowId");
    String definition = text("definition");
    if (definition == null) {
      violations.add("definition: is missing; give the name of a definition");
    }
    JsonNode input = body.get("input");
    return new WorkflowStart(
        given == null ? UUID.randomUUID().toString() : given,
        definition == null ? "" : definition,
        whole("version"),
        Payloads.json(input == null ? NullNode.getInstance() : input),
        caller.name(),
        caller.tenant(),
        whole("priority"),
        budget(),
        deadline(),
        labels());
  }

  private @Nullable Budget budget() {
    JsonNode budget = body.get("budget");
    if (budget == null || budget.isNull()) {
      return null;
    }
    if (!budget.isObject()) {
      violations.add("budget: give an object with maxCost and, if you like, onExceeded");
      return null;
    }
    budget
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!BUDGET_FIELDS.contains(name)) {
                violations.add(
                    "budget."
                        + name
                        + ": is not a field of a budget; there are "
                        + sorted(BUDGET_FIELDS));
              }
            });
    Money maxCost = amount(budget.get("maxCost"));
    OnExceeded onExceeded = onExceeded(budget.get("onExceeded"));
    return maxCost == null ? null : new Budget(maxCost.toDecimal(), onExceeded);
  }

  private @Nullable Money amount(@Nullable JsonNode node) {
    try {
      if (node != null && (node.isNumber() || node.isTextual())) {
        return Money.of(node.asText());
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Told below, with the other ways to get it wrong.
    }
    violations.add("budget.maxCost: give an amount such as \"2.50\"");
    return null;
  }

  private OnExceeded onExceeded(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return OnExceeded.fail;
    }
    for (OnExceeded word : OnExceeded.values()) {
      if (word.name().equals(node.asText())) {
        return word;
      }
    }
    violations.add("budget.onExceeded: '" + node.asText() + "' is none of fail, review, degrade");
    return OnExceeded.fail;
  }

  private @Nullable Instant deadline() {
    String text = text("deadline");
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      violations.add("deadline: '" + text + "' is no instant such as 2027-01-31T12:00:00Z");
      return null;
    }
  }

  private Map<String, String> labels() {
    JsonNode labels = body.get("labels");
    Map<String, String> found = new HashMap<>();
    if (labels == null || labels.isNull()) {
      return found;
    }
    if (!labels.isObject()) {
      violations.add("labels: give an object of texts");
      return found;
    }
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      if (label.getValue().isTextual()) {
        found.put(label.getKey(), label.getValue().asText());
      } else {
        violations.add("labels." + label.getKey() + ": give a text");
      }
    }
    return found;
  }

  private @Nullable String text(String field) {
    JsonNode node = body.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual() || node.asText().isBlank()) {
      violations.add(field + ": give a text");
      return null;
    }
    return node.asText();
  }

  private @Nullable Integer whole(String field) {
    JsonNode node = body.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      violations.add(field + ": give a whole number");
      return null;
    }
    return node.intValue();
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
