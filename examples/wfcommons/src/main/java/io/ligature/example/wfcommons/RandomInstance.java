package io.ligature.example.wfcommons;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes an instance of any size in WfFormat 1.5; the same seed makes the same one.
 *
 * <p>Tasks come in levels of random width. Each has one to three parents, mostly of the level
 * before and now and then of an older one, and runs for up to a minute.
 *
 * @param tasks how many
 * @param seed of all that is random
 */
record RandomInstance(int tasks, long seed) {

  private static final int MOST_TASKS = 1_000_000;
  private static final int MOST_PARENTS = 3;
  private static final int MOST_MILLIS = 60_000;

  RandomInstance {
    if (tasks < 1 || tasks > MOST_TASKS) {
      throw new IllegalArgumentException("an instance has 1 to " + MOST_TASKS + " tasks");
    }
  }

  String write() {
    List<Set<Integer>> parents = parents();
    List<List<Integer>> children = new ArrayList<>();
    parents.forEach(_ -> children.add(new ArrayList<>()));
    for (int i = 0; i < tasks; i++) {
      int child = i;
      parents.get(i).forEach(parent -> children.get(parent).add(child));
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("name", "random-" + tasks + "-" + seed);
      json.writeStringField("schemaVersion", "1.5");
      json.writeObjectFieldStart("workflow");
      specification(json, parents, children);
      execution(json);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory is always writable", e);
    }
    return text.append("\n").toString();
  }

  private List<Set<Integer>> parents() {
    Random random = new Random(seed);
    List<Set<Integer>> parents = new ArrayList<>();
    int before = 0;
    int level = 0;
    int widest = Math.max(1, (int) (2 * Math.sqrt(tasks)));
    while (parents.size() < tasks) {
      int begin = parents.size();
      int end = Math.min(tasks, begin + 1 + random.nextInt(widest));
      for (int i = begin; i < end; i++) {
        Set<Integer> of = new HashSet<>();
        for (int n = 1 + random.nextInt(MOST_PARENTS); n > 0 && level > 0; n--) {
          boolean older = random.nextInt(10) == 0;
          of.add(older ? random.nextInt(begin) : before + random.nextInt(begin - before));
        }
        parents.add(of);
      }
      before = begin;
      level++;
    }
    return parents;
  }

  private static void specification(
      JsonGenerator json, List<Set<Integer>> parents, List<List<Integer>> children)
      throws IOException {
    json.writeObjectFieldStart("specification");
    json.writeArrayFieldStart("tasks");
    for (int i = 0; i < parents.size(); i++) {
      json.writeStartObject();
      json.writeStringField("name", "work");
      json.writeStringField("id", id(i));
      ids(json, "parents", List.copyOf(parents.get(i)));
      ids(json, "children", children.get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void ids(JsonGenerator json, String field, List<Integer> tasks)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (int task : tasks) {
      json.writeString(id(task));
    }
    json.writeEndArray();
  }

  private void execution(JsonGenerator json) throws IOException {
    Random random = new Random(~seed);
    json.writeObjectFieldStart("execution");
    json.writeNumberField("makespanInSeconds", 0);
    json.writeStringField("executedAt", "2026-01-01T00:00:00Z");
    json.writeArrayFieldStart("tasks");
    for (int i = 0; i < tasks; i++) {
      json.writeStartObject();
      json.writeStringField("id", id(i));
      json.writeNumberField(
          "runtimeInSeconds", BigDecimal.valueOf(1 + random.nextInt(MOST_MILLIS), 3));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String id(int task) {
    return "work_ID%07d".formatted(task + 1);
  }
}
