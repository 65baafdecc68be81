package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Payload;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A workflow of one of the examples, in a world where agents succeed and spend what they may,
 * people approve, signals come and time passes. The first result of each loop is poor, the others
 * are good.
 */
final class ExampleRun {

  static final Path FOLDER = Path.of("..", "examples");

  private static final Map<String, String> DEFINITIONS = new HashMap<>();
  private static final int MOST_STEPS = 1_000;

  static final String INPUT =
      """
      {"topic": "bees", "text": "hello", "thorough": true, "risk": 0.7, "price": 100,
       "order": "o-17", "kind": "bug", "pause": "PT10M", "at": "2026-03-02T09:00:00Z",
       "levels": 3, "languages": ["de", "fr", "it"], "sections": ["b", "a", "c"],
       "documents": [{"pages": 2}, {"pages": 0}, {"pages": 7}]}
      """;
  static final String SIGNAL =
      """
      {"amount": 100, "accepted": true, "kind": "accept", "text": "hello"}
      """;

  final FakeWorld world;
  private int commands;

  private ExampleRun(FakeWorld world) {
    this.world = world;
  }

  /** Of a file below {@code examples}. */
  static ExampleRun started(String file) {
    String text = read(FOLDER.resolve(file));
    FakeWorld world = FakeWorld.of(text, definitions().values().toArray(String[]::new));
    world.take(world.startRecord(INPUT));
    return new ExampleRun(world);
  }

  static List<Path> files(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> definitions() {
    if (DEFINITIONS.isEmpty()) {
      for (String folder : List.of("definitions", "patterns")) {
        for (Path file : files(folder)) {
          String text = read(file);
          String name = FakeWorld.definition(text).name();
          assertThat(DEFINITIONS.put(name, text)).as("another example named " + name).isNull();
        }
      }
    }
    return DEFINITIONS;
  }

  /** Goes on until there is nothing left to do. */
  ExampleRun toTheEnd() {
    for (int i = 0; i < MOST_STEPS && step(); i++) {}
    assertThat(world.workflow().isOpen()).as("is still open: %s", active()).isFalse();
    return this;
  }

  /** Paths of the workflow's tasks that something has to happen to; its children's left out. */
  List<String> active() {
    return rows().stream()
        .filter(row -> row.workflowId().equals(FakeWorld.ID))
        .map(TaskRow::task)
        .toList();
  }

  private List<TaskRow> rows() {
    List<TaskRow> rows = new ArrayList<>();
    for (Object row : world.rows().values()) {
      if (row instanceof TaskRow task
          && task.state() instanceof TaskState.Active
          && !(task.state() instanceof TaskState.Pending)
          && !(task.state() instanceof TaskState.Expanded)
          && !(task.state() instanceof TaskState.BeingJudged)
          && world.workflow(task.workflowId()).isOpen()) {
        rows.add(task);
      }
    }
    return rows;
  }

  private boolean step() {
    for (TaskRow row : rows()) {
      String task = row.task();
      switch (row.state()) {
        case TaskState.Scheduled _, TaskState.Running _, TaskState.WaitingForAgent _ ->
            succeed(row);
        case TaskState.WaitingForReview _ -> world.decide(task, Decision.approve);
        case TaskState.WaitingForTime _, TaskState.WaitingForRetry _ -> world.fire(task);
        case TaskState.WaitingForSignal _ -> signal(task, SIGNAL);
        case TaskState.WaitingForChild _ -> {
          continue;
        }
        case TaskState.Pending _,
            TaskState.Expanded _,
            TaskState.BeingJudged _,
            TaskState.Held _,
            TaskState.Ended _ ->
            throw new IllegalStateException(task + " is " + row.state());
      }
      return true;
    }
    return false;
  }

  /** An agent's good result, or a poor one in the first iteration of a loop. */
  void succeed(String task) {
    succeed(world.task(task));
  }

  private void succeed(TaskRow row) {
    String task = row.task();
    boolean poor = task.contains("~1");
    String made =
        """
        {"text": "by %s", "id": "%s", "left": "l", "right": "r", "findings": ["f"], "kind": "bug",
         "label": "bug", "score": %s, "ok": %s}
        """
            .formatted(task, task, poor ? "0.5" : "0.9", !poor);
    String cost = row.held().micros() == 0 ? "0.01" : row.held().toString();
    String attempt = new AttemptId(row.workflowId(), task, row.attempt()).toString();
    world.take(world.success(attempt, "a1", made, cost, 0.9));
  }

  void signal(String task, String payload) {
    for (var wait : world.workflow().signals().waits()) {
      if (wait.task().equals(task)) {
        send(wait.name(), wait.correlation(), payload);
        return;
      }
    }
    throw new IllegalArgumentException(task + " waits for no signal");
  }

  void send(String name, @Nullable String correlation, String payload) {
    world.take(
        new Command.Signal(
            FakeWorld.ID, name, correlation, FakeWorld.json(payload), cause("SignalWorkflow")));
  }

  void skip(String task) {
    world.take(new Command.SkipTask(FakeWorld.ID, task, "enough", cause("SkipTask")));
  }

  void cancel(boolean compensate) {
    world.take(
        new Command.CancelWorkflow(FakeWorld.ID, "enough", compensate, cause("CancelWorkflow")));
  }

  Cause cause(String input) {
    return new Cause(world.now, "ann", input, "c" + commands++);
  }

  /** Of the newest attempt of an agent's work. */
  String input(String task) {
    return world.effects.stream()
        .filter(Effect.DispatchTask.class::isInstance)
        .map(effect -> ((Effect.DispatchTask) effect).envelope())
        .filter(envelope -> AttemptId.parse(envelope.getId()).task().equals(task))
        .map(envelope -> Payloads.parse(envelope.getInput()).toString())
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  String output() {
    Payload payload = world.payload(FakeWorld.ID, Slot.RESULT);
    return payload == null ? "" : Payloads.parse(payload).toString();
  }
}
