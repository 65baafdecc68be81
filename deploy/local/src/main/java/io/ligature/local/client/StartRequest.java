package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Budget;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A workflow that is asked for.
 *
 * @param version null: the newest
 * @param budget replaces the definition's; null: it stays
 * @param priority null: the definition's
 */
record StartRequest(
    String workflowId,
    String definition,
    @Nullable Integer version,
    JsonNode input,
    @Nullable Money budget,
    @Nullable Integer priority,
    Map<String, String> labels) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  StartRequest {
    if (!ID.matcher(workflowId).matches()) {
      throw new CommandFailure(
          ExitCodes.USAGE,
          "'"
              + workflowId
              + "' is not a workflow id; begin with a letter or digit, go on with those, '.', '_'"
              + " and '-', at most 128");
    }
    labels = Map.copyOf(labels);
  }

  static StartRequest plain(String workflowId, String definition, JsonNode input) {
    return new StartRequest(workflowId, definition, null, input, null, null, Map.of());
  }

  WorkflowStart event(String requester) {
    return WorkflowStart.newBuilder()
        .setWorkflowId(workflowId)
        .setDefinition(definition)
        .setVersion(version)
        .setInput(Payloads.json(input))
        .setRequester(requester)
        .setPriority(priority)
        .setBudget(budget == null ? null : new Budget(budget.toDecimal(), OnExceeded.fail))
        .setLabels(labels)
        .build();
  }

  ObjectNode body() {
    ObjectNode body = Payloads.JSON.createObjectNode();
    body.put("workflowId", workflowId).put("definition", definition);
    if (version != null) {
      body.put("version", version);
    }
    body.set("input", input);
    if (budget != null) {
      body.putObject("budget").put("maxCost", budget.toString());
    }
    if (priority != null) {
      body.put("priority", priority);
    }
    if (!labels.isEmpty()) {
      labels.forEach(body.putObject("labels")::put);
    }
    return body;
  }
}
