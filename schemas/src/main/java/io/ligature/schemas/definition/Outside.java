package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.OnParentEnd;
import io.ligature.schemas.definition.TaskDefinition.Wait;

/** Makes tasks that wait for something outside: a child workflow, a time, a signal. */
final class Outside {

  private Outside() {}

  static ChildWorkflow child(JsonNode workflow, String place, TemplateReader templates) {
    JsonNode input = workflow.get("input");
    return new ChildWorkflow(
        workflow.get("name").textValue(),
        workflow.has("version") ? workflow.get("version").intValue() : null,
        templates.template(input == null ? TextNode.valueOf("${input}") : input, place + "/input"),
        workflow.path("onParentEnd").asText("cancel").equals("abandon")
            ? OnParentEnd.ABANDON
            : OnParentEnd.CANCEL);
  }

  static Wait waiting(JsonNode wait, String place, TemplateReader templates) {
    if (wait.isTextual()) {
      return new Wait(templates.template(wait, place), null);
    }
    return wait.has("until")
        ? new Wait(null, templates.template(wait.get("until"), place + "/until"))
        : new Wait(templates.template(wait.path("for"), place + "/for"), null);
  }

  static AwaitSignal signal(JsonNode signal, String place, TemplateReader templates) {
    return new AwaitSignal(
        signal.get("name").textValue(),
        signal.has("correlation")
            ? templates.template(signal.get("correlation"), place + "/correlation")
            : null,
        signal.get("schema"));
  }
}
