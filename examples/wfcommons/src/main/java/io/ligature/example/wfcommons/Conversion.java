package io.ligature.example.wfcommons;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes an instance as a definition whose tasks are all {@code simulate.work}: JSON without a
 * needless character or default, but a line for each task, so that problems can be found by line.
 *
 * @param name of the definition
 * @param timeScale simulated seconds for each recorded one
 * @param shortNames whether every task is named by its number
 * @param ids whether a task that is not named by its id has it as its description
 */
record Conversion(String name, BigDecimal timeScale, boolean shortNames, boolean ids) {

  static final String CAPABILITY = "simulate.work";

  /** What the agent sleeps at most; its registration says the same. */
  static final BigDecimal MOST_SECONDS = new BigDecimal(240);

  private static final int MILLISECONDS = 3;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");

  Conversion {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot be a definition's name; use letters, digits, '.', '_' and '-'");
    }
    if (timeScale.signum() < 0) {
      throw new IllegalArgumentException("the time scale " + timeScale + " is negative");
    }
  }

  /**
   * @throws InvalidInstanceException when a task would take longer than the agent allows
   */
  String write(WfInstance instance) throws InvalidInstanceException {
    Map<String, String> names = TaskNames.of(instance.tasks(), shortNames);
    List<String> tooLong = new ArrayList<>();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
      json.setPrettyPrinter(new LineForEachTask());
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeObjectFieldStart("tasks");
      for (WfInstance.Task task : instance.tasks()) {
        BigDecimal seconds = seconds(task);
        if (seconds.compareTo(MOST_SECONDS) > 0) {
          tooLong.add(
              "task '%s' would take %s s, more than %s; use a smaller time scale"
                  .formatted(task.id(), seconds.toPlainString(), MOST_SECONDS));
        }
        task(json, task, names, seconds);
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory is always writable", e);
    }
    if (!tooLong.isEmpty()) {
      throw new InvalidInstanceException(tooLong);
    }
    return text.append("\n").toString();
  }

  private void task(
      JsonGenerator json, WfInstance.Task task, Map<String, String> names, BigDecimal seconds)
      throws IOException {
    String taskName = nameOf(task.id(), names);
    json.writeObjectFieldStart(taskName);
    if (ids && !taskName.equals(task.id())) {
      json.writeStringField("description", task.id());
    }
    json.writeStringField("capability", CAPABILITY);
    if (!task.parents().isEmpty()) {
      json.writeArrayFieldStart("needs");
      for (String parent : task.parents()) {
        json.writeString(nameOf(parent, names));
      }
      json.writeEndArray();
    }
    json.writeObjectFieldStart("input");
    json.writeNumberField("seconds", seconds);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String nameOf(String id, Map<String, String> names) {
    String name = names.get(id);
    if (name == null) {
      throw new IllegalStateException("no name for " + id);
    }
    return name;
  }

  /** Breaks the line before each task and nowhere else. */
  private static final class LineForEachTask extends MinimalPrettyPrinter {

    private static final long serialVersionUID = 1;
    private static final int OF_TASKS = 2;
    private int depth;

    @Override
    public void writeStartObject(JsonGenerator json) throws IOException {
      super.writeStartObject(json);
      depth++;
    }

    @Override
    public void beforeObjectEntries(JsonGenerator json) throws IOException {
      breakAmongTasks(json);
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
      super.writeObjectEntrySeparator(json);
      breakAmongTasks(json);
    }

    @Override
    public void writeEndObject(JsonGenerator json, int entries) throws IOException {
      super.writeEndObject(json, entries);
      depth--;
    }

    private void breakAmongTasks(JsonGenerator json) throws IOException {
      if (depth == OF_TASKS) {
        json.writeRaw('\n');
      }
    }
  }

  private BigDecimal seconds(WfInstance.Task task) {
    BigDecimal recorded = task.seconds();
    if (recorded == null || recorded.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal scaled = recorded.multiply(timeScale).setScale(MILLISECONDS, RoundingMode.HALF_UP);
    return scaled.signum() == 0 ? BigDecimal.ZERO : scaled.stripTrailingZeros();
  }
}
