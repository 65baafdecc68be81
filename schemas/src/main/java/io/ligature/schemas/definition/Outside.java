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

  static Wait waiting(JsonNode wait, String place, TemplateReader templates, Values values) {
    if (wait.has("until")) {
      JsonTemplate until = templates.template(wait.get("until"), place + "/until");
      JsonNode fixed = until.constant();
      if (fixed != null) {
        values.checkInstant(fixed.asText(), place + "/until");
      }
      return new Wait(null, until);
    }
    String from = wait.isTextual() ? place : place + "/for";
    JsonTemplate time = templates.template(wait.isTextual() ? wait : wait.path("for"), from);
    JsonNode fixed = time.constant();
    if (fixed != null) {
      values.duration(fixed.asText(), from);
    }
    return new Wait(time, null);
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
