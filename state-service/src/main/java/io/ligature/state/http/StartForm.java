package io.ligature.state.http;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /workflows}. */
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

  private final JsonForm form;

  private StartForm(JsonForm form) {
    this.form = form;
  }

  /**
   * @throws ApiProblem naming everything that is wrong
   */
  static WorkflowStart read(String text, Caller caller) {
    JsonForm form = new JsonForm("a start", text, FIELDS);
    WorkflowStart start = new StartForm(form).start(caller);
    form.check();
    return start;
  }

  private WorkflowStart start(Caller caller) {
    String given = form.text("workflowId");
    String definition = form.text("definition");
    if (definition == null) {
      form.wrong("definition: is missing; give the name of a definition");
    }
    JsonNode input = form.value("input");
    return new WorkflowStart(
        given == null ? UUID.randomUUID().toString() : given,
        definition == null ? "" : definition,
        form.whole("version"),
        Payloads.json(input == null ? NullNode.getInstance() : input),
        caller.name(),
        caller.tenant(),
        form.whole("priority"),
        budget(),
        deadline(),
        labels());
  }

  private @Nullable Budget budget() {
    JsonNode budget = form.value("budget");
    if (budget == null) {
      return null;
    }
    if (!budget.isObject()) {
      form.wrong("budget: give an object with maxCost and, if you like, onExceeded");
      return null;
    }
    form.only("budget.", budget, BUDGET_FIELDS, "a budget");
    Money maxCost = form.amount("budget.maxCost", budget.get("maxCost"));
    OnExceeded onExceeded = onExceeded(budget.get("onExceeded"));
    return maxCost == null ? null : new Budget(maxCost.toDecimal(), onExceeded);
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
    form.wrong("budget.onExceeded: '" + node.asText() + "' is none of fail, review, degrade");
    return OnExceeded.fail;
  }

  private @Nullable Instant deadline() {
    String text = form.text("deadline");
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      form.wrong("deadline: '" + text + "' is no instant such as 2027-01-31T12:00:00Z");
      return null;
    }
  }

  private Map<String, String> labels() {
    JsonNode labels = form.value("labels");
    Map<String, String> found = new HashMap<>();
    if (labels == null) {
      return found;
    }
    if (!labels.isObject()) {
      form.wrong("labels: give an object of texts");
      return found;
    }
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      if (label.getValue().isTextual()) {
        found.put(label.getKey(), label.getValue().asText());
      } else {
        form.wrong("labels." + label.getKey() + ": give a text");
      }
    }
    return found;
  }
}
