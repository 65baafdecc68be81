package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.TaskUnplaced;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.codec.Commands;
import io.ligature.state.engine.codec.RowCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A shell in memory: keeps rows as bytes, timers and what was sent, and has a clock of its own. */
final class FakeWorld implements Rows, Plans {

  static final String ID = "wf-1";
  static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  final Engine engine;
  final Plan plan;
  final List<EventEntry> events = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  final Map<String, Timer> timers = new TreeMap<>();
  Instant now = BEGIN;
  Outcome last = Outcome.ignored("nothing yet");

  private final Map<String, byte[]> workflows = new HashMap<>();
  private final Map<String, byte[]> tasks = new TreeMap<>();
  private final Map<Slot, byte[]> payloads = new HashMap<>();

  FakeWorld(Definition definition) {
    this(definition, Tuning.DEFAULT);
  }

  FakeWorld(Definition definition, Tuning tuning) {
    this.engine = new Engine(tuning);
    this.plan = Plan.of(new DefinitionRef(definition.name(), 1, "sha"), definition);
  }

  static FakeWorld of(String yaml) {
    return switch (PARSER.parse(yaml)) {
      case ParsedDefinition.Sound(Definition definition, Integer version) ->
          new FakeWorld(definition);
      case ParsedDefinition.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  /** Started with <code>{"topic": "bees"}</code>. */
  static FakeWorld started(String yaml) {
    FakeWorld world = of(yaml);
    world.start();
    return world;
  }

  @Override
  public Plan plan(DefinitionRef ref) {
    assertThat(ref).isEqualTo(plan.ref());
    return plan;
  }

  @Override
  public @Nullable WorkflowRow workflow(String workflowId) {
    byte[] bytes = workflows.get(workflowId);
    return bytes == null ? null : RowCodec.decodeWorkflow(workflowId, bytes);
  }

  @Override
  public @Nullable TaskRow task(String workflowId, String task) {
    byte[] bytes = workflowId.equals(ID) ? tasks.get(task) : null;
    return bytes == null ? null : RowCodec.decodeTask(workflowId, task, bytes);
  }

  @Override
  public @Nullable Payload payload(String workflowId, Slot slot) {
    byte[] bytes = workflowId.equals(ID) ? payloads.get(slot) : null;
    return bytes == null ? null : RowCodec.decodePayload(bytes);
  }

  WorkflowRow workflow() {
    return workflow(ID);
  }

  TaskRow task(String name) {
    TaskRow row = task(ID, name);
    return row == null ? TaskRow.pending(ID, name) : row;
  }

  TaskState state(String task) {
    return task(task).state();
  }

  Ledger ledger() {
    return workflow().ledger();
  }

  String output(String task) {
    Payload payload = payload(ID, Slot.output(task));
    return payload == null ? "" : Payloads.parse(payload).toString();
  }

  /** One command, written as the shell does. */
  Outcome take(Command command) {
    Outcome outcome = engine.decide(this, this, command);
    write(outcome);
    return outcome;
  }

  Outcome take(SpecificRecord record) {
    return take(Commands.of(record, now));
  }

  void write(Outcome outcome) {
    last = outcome;
    events.addAll(outcome.events());
    effects.addAll(outcome.effects());
    apply(outcome.changes());
    for (Effect effect : outcome.effects()) {
      if (effect instanceof Effect.SetTimer(Timer timer, Instant replaces)) {
        Timer old = timers.put(timer.task(), timer);
        assertThat(replaces).isEqualTo(old == null ? replaces : old.due());
      } else if (effect instanceof Effect.ClearTimer(Timer timer)) {
        timers.remove(timer.task(), timer);
      }
    }
  }

  void apply(Changes changes) {
    changes.workflows().forEach(row -> workflows.put(row.workflowId(), RowCodec.encode(row)));
    changes.tasks().forEach(row -> tasks.put(row.task(), RowCodec.encode(row)));
    changes
        .payloads()
        .forEach(
            change -> {
              if (change.payload() == null) {
                payloads.remove(change.slot());
              } else {
                payloads.put(change.slot(), RowCodec.encode(change.payload()));
              }
            });
  }

  /** Every row, readable and comparable. */
  Map<String, Object> rows() {
    Map<String, Object> all = new TreeMap<>();
    workflows.forEach((id, bytes) -> all.put("w " + id, RowCodec.decodeWorkflow(id, bytes)));
    tasks.forEach((task, bytes) -> all.put("t " + task, RowCodec.decodeTask(ID, task, bytes)));
    payloads.forEach((slot, bytes) -> all.put("p " + slot, RowCodec.decodePayload(bytes)));
    return all;
  }

  Outcome start() {
    return take(startRecord("{\"topic\":\"bees\"}"));
  }

  StartAccepted startRecord(String input) {
    return new StartAccepted(
        WorkflowStart.newBuilder()
            .setWorkflowId(ID)
            .setDefinition(plan.definition().name())
            .setInput(json(input))
            .setRequester("ann")
            .build(),
        new WorkflowDefinition(
            plan.definition().name(), 1, "…", "application/yaml", "sha", BEGIN, "ann"),
        now,
        List.of(),
        List.of(),
        null,
        null);
  }

  static Payload json(String text) {
    return Payloads.of(Payloads.JSON_TYPE, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  String attempt(String task) {
    return new AttemptId(ID, task, task(task).attempt()).toString();
  }

  Outcome succeed(String task) {
    return succeed(task, "{\"made\":\"" + task + "\"}", "0.10", 0.9);
  }

  Outcome succeed(String task, String output, String cost, Double confidence) {
    return take(success(attempt(task), "a1", output, cost, confidence));
  }

  TaskResult success(
      String id, String agent, String output, @Nullable String cost, @Nullable Double confidence) {
    return new TaskResult(
        id,
        ID,
        ResultStatus.success,
        json(output),
        metadata(cost, confidence),
        null,
        agent,
        "ex-1",
        now);
  }

  Outcome fail(String task, String kind) {
    return take(failure(attempt(task), "a1", kind, null, null, false));
  }

  TaskResult failure(
      String id,
      String agent,
      String kind,
      @Nullable String cost,
      @Nullable Long retryAfter,
      boolean billed) {
    return new TaskResult(
        id,
        ID,
        ResultStatus.failure,
        null,
        metadata(cost, null),
        new Failure(kind, "it went wrong", retryAfter, billed),
        agent,
        "ex-1",
        now);
  }

  Outcome needsReview(String task, String output) {
    return take(
        new TaskResult(
            attempt(task),
            ID,
            ResultStatus.needs_review,
            json(output),
            metadata("0.10", 0.5),
            new Failure("low_confidence", "please look", null, false),
            "a1",
            "ex-1",
            now));
  }

  static ResultMetadata metadata(@Nullable String cost, @Nullable Double confidence) {
    return ResultMetadata.newBuilder()
        .setCost(cost == null ? null : new BigDecimal(cost).setScale(6))
        .setDuration(120)
        .setModel("m1")
        .setConfidence(confidence)
        .setGrade(Grade.clean)
        .build();
  }

  Outcome claim(String task, String agent) {
    return take(new TaskStarted(attempt(task), ID, agent, "ex-1", now));
  }

  Outcome unplaced(String task, String reason, boolean parked) {
    return take(new TaskUnplaced(attempt(task), ID, reason, parked, List.of(), now));
  }

  ReviewDecision decision(String task, Decision decision, @Nullable String edited) {
    String review = task(task).review().reviewId();
    return new ReviewDecision(
        review + "-d",
        review,
        ID,
        ID,
        decision,
        "rob",
        "editor",
        "because",
        edited == null ? null : json(edited),
        now);
  }

  Outcome decide(String task, Decision decision) {
    return take(decision(task, decision, null));
  }

  /** Fires the task's timer at its time; the empty name is the deadline's. */
  Outcome fire(String task) {
    Timer timer = timers.remove(task);
    assertThat(timer).as("timer of '" + task + "'").isNotNull();
    if (timer.due().isAfter(now)) {
      now = timer.due();
    }
    return take(Commands.fire(timer, now));
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** Names of the events since the last command. */
  List<String> lastEvents() {
    return last.events().stream().map(e -> e.event().getClass().getSimpleName()).toList();
  }

  /** Names of the effects of the last command, timers left out. */
  List<String> lastEffects() {
    return last.effects().stream()
        .filter(e -> !(e instanceof Effect.SetTimer) && !(e instanceof Effect.ClearTimer))
        .map(e -> e.getClass().getSimpleName())
        .toList();
  }

  Optional<TaskEnvelope> lastDispatch() {
    return last.effects().stream()
        .filter(Effect.DispatchTask.class::isInstance)
        .map(e -> ((Effect.DispatchTask) e).envelope())
        .reduce((a, b) -> b);
  }

  static Money money(String amount) {
    return Money.of(amount);
  }
}
