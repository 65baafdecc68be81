package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Handling;
import io.ligature.schemas.definition.TaskDefinition.Limits;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.Routing;
import io.ligature.schemas.definition.TaskDefinition.Step;
import io.ligature.schemas.definition.TaskDefinition.Validation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what an agent's work says about who does it, who judges it and what it may share. */
final class HandlingBuilder {

  private final Values values;

  HandlingBuilder(Values values) {
    this.values = values;
  }

  Handling handling(JsonNode task, String place) {
    return new Handling(
        routing(task.path("route"), place + "/route"),
        values.duration(task.path("cache"), "maxAge", place + "/cache"),
        task.path("shareIdenticalCalls").asBoolean(false));
  }

  private Routing routing(JsonNode route, String place) {
    if (route.isMissingNode()) {
      return Routing.ANY;
    }
    List<String> prefer = names(route.path("prefer"));
    List<String> avoid = names(route.path("avoid"));
    String pin = route.has("pin") ? route.get("pin").textValue() : null;
    for (String agent : prefer) {
      if (avoid.contains(agent)) {
        values.problem(
            place + "/avoid",
            "'" + agent + "' is both preferred and avoided",
            "take it out of 'prefer' or out of 'avoid'");
      }
    }
    if (pin != null && (!prefer.isEmpty() || !avoid.isEmpty())) {
      values.problem(
          place + "/pin",
          "nobody but '" + pin + "' may get the task, so 'prefer' and 'avoid' say nothing",
          "remove them, or put '" + pin + "' first under 'prefer'");
    }
    return new Routing(prefer, avoid, pin, route.path("sticky").asBoolean(false));
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.textValue()));
    return List.copyOf(names);
  }

  /** A retry by another agent can never come about where there is only one. */
  void checkPin(JsonNode task, String place, Collection<List<Step>> ladders) {
    JsonNode pin = task.path("route").path("pin");
    boolean different =
        ladders.stream()
            .flatMap(List::stream)
            .anyMatch(step -> step instanceof Retry r && r.agent() == AgentChoice.DIFFERENT);
    if (pin.isTextual() && different) {
      values.problem(
          place + "/route/pin",
          "nobody but '"
              + pin.textValue()
              + "' may get the task, but a retry asks for another agent",
          "remove 'agent: different', or put '" + pin.textValue() + "' first under 'prefer'");
    }
  }

  /** Null when nobody judges. */
  @Nullable Validation validation(JsonNode validate, String place, TemplateReader templates) {
    if (validate.isMissingNode()) {
      return null;
    }
    boolean ownInput = validate.has("input");
    if (ownInput && validate.has("criteria")) {
      values.problem(
          place + "/criteria",
          "'criteria' is a part of the usual input, which 'input' replaces",
          "put it into 'input'");
    }
    String given = ownInput ? "input" : "criteria";
    JsonNode template = validate.has(given) ? validate.get(given) : NullNode.getInstance();
    Duration timeout = values.duration(validate, "timeout", place);
    AgentWork critic =
        new AgentWork(
            validate.get("capability").textValue(),
            templates.with("output").template(template, place + "/" + given),
            new Limits(
                validate.has("maxCost")
                    ? values.money(validate.get("maxCost"), place + "/maxCost")
                    : null,
                timeout == null ? TaskBuilder.DEFAULT_TIMEOUT : timeout,
                null));
    return new Validation(critic, validate.get("minScore").doubleValue(), ownInput);
  }
}
