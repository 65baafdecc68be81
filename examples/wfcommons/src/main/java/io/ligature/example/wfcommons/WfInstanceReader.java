package io.ligature.example.wfcommons;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads an instance in WfFormat 1.5 or 1.6.
 *
 * <p>An edge counts when either end names it: as a parent of the one or as a child of the other.
 * What else an instance holds (files, machines, commands, metrics) is passed over, and so is a
 * recorded execution of a task that the specification does not have.
 */
final class WfInstanceReader {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final List<String> problems = new ArrayList<>();
  private final Map<String, Set<String>> parents = new LinkedHashMap<>();

  private WfInstanceReader() {}

  static WfInstance read(String text) throws InvalidInstanceException {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidInstanceException(
          "not JSON: line %d: %s"
              .formatted(
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()));
    }
    return new WfInstanceReader().instance(root);
  }

  private WfInstance instance(JsonNode root) throws InvalidInstanceException {
    JsonNode tasks = specification(root);
    tasks(tasks);
    for (int i = 0; i < tasks.size(); i++) {
      edges(tasks.get(i), "workflow.specification.tasks[" + i + "]");
    }
    Map<String, BigDecimal> seconds = seconds(root.at("/workflow/execution"));
    if (problems.isEmpty()) {
      Cycles.find(parents)
          .ifPresent(
              cycle -> problems.add("the tasks form a cycle: " + String.join(" -> ", cycle)));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInstanceException(problems);
    }
    List<WfInstance.Task> read = new ArrayList<>();
    parents.forEach(
        (id, of) -> read.add(new WfInstance.Task(id, List.copyOf(of), seconds.get(id))));
    return new WfInstance(root.path("name").asText(""), List.copyOf(read));
  }

  private static JsonNode specification(JsonNode root) throws InvalidInstanceException {
    if (!root.path("workflow").isObject()) {
      throw new InvalidInstanceException("'workflow' is missing: this is no WfFormat instance");
    }
    JsonNode tasks = root.at("/workflow/specification/tasks");
    if (tasks.isArray() && !tasks.isEmpty()) {
      return tasks;
    }
    if (root.at("/workflow/tasks").isArray() || root.at("/workflow/jobs").isArray()) {
      throw new InvalidInstanceException(
          "an instance of WfFormat "
              + root.path("schemaVersion").asText("1.4 or older")
              + "; migrate it to 1.5 first (wfcommons-migrate-instance.py of WfFormat)");
    }
    throw new InvalidInstanceException(
        "'workflow.specification.tasks' must be a list of at least one task");
  }

  private void tasks(JsonNode tasks) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      String place = "workflow.specification.tasks[" + i + "]";
      JsonNode id = tasks.get(i).path("id");
      if (!id.isTextual() || id.textValue().isBlank()) {
        problems.add(place + ": 'id' is missing or no text");
        continue;
      }
      Integer before = first.putIfAbsent(id.textValue(), i);
      if (before != null) {
        problems.add(
            place + ": id '" + id.textValue() + "' is that of tasks[" + before + "] already");
      }
      parents.putIfAbsent(id.textValue(), new LinkedHashSet<>());
    }
  }

  private void edges(JsonNode task, String place) {
    String id = task.path("id").asText();
    for (String parent : ids(task, "parents", place)) {
      link(parent, id, place + ": parent '" + parent + "' is no task of this instance");
    }
    for (String child : ids(task, "children", place)) {
      link(id, child, place + ": child '" + child + "' is no task of this instance");
    }
  }

  private void link(String parent, String child, String unknown) {
    Set<String> ofChild = parents.get(child);
    if (ofChild == null || !parents.containsKey(parent)) {
      problems.add(unknown);
    } else {
      ofChild.add(parent);
    }
  }

  private List<String> ids(JsonNode task, String field, String place) {
    JsonNode list = task.path(field);
    List<String> ids = new ArrayList<>();
    if (list.isMissingNode() || list.isNull()) {
      return ids;
    }
    if (!list.isArray()) {
      problems.add(place + ": '" + field + "' must be a list of ids");
      return ids;
    }
    for (JsonNode id : list) {
      if (!id.isTextual()) {
        problems.add(place + ": '" + field + "' holds " + id + ", which is no id");
      } else if (!id.textValue().isEmpty()) { // the format allows an empty one, which says nothing
        ids.add(id.textValue());
      }
    }
    return ids;
  }

  private Map<String, BigDecimal> seconds(JsonNode execution) {
    Map<String, BigDecimal> seconds = new HashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    JsonNode tasks = execution.path("tasks");
    if (!tasks.isArray() && !tasks.isMissingNode() && !tasks.isNull()) {
      problems.add("'workflow.execution.tasks' must be a list");
    }
    for (int i = 0; i < tasks.size(); i++) {
      String place = "workflow.execution.tasks[" + i + "]";
      String id = tasks.path(i).path("id").asText("");
      JsonNode runtime = tasks.path(i).path("runtimeInSeconds");
      if (id.isBlank()) {
        problems.add(place + ": 'id' is missing or no text");
      } else if (!seen.add(id)) {
        problems.add(place + ": task '" + id + "' is recorded twice");
      } else if (runtime.isNumber() && runtime.decimalValue().signum() >= 0) {
        seconds.put(id, runtime.decimalValue());
      } else if (!runtime.isMissingNode() && !runtime.isNull()) {
        problems.add(
            place + ": 'runtimeInSeconds' is " + runtime + "; it must be a number from 0 on");
      }
    }
    return seconds;
  }
}
