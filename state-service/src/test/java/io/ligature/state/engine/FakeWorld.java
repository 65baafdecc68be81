package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.PinnedDefinition;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  private final Map<String, byte[]> workflows = new TreeMap<>();
  private final Map<Place, byte[]> tasks = new HashMap<>();
  private final Map<SlotOf, byte[]> payloads = new HashMap<>();
  private final Map<DefinitionRef, Plan> children = new LinkedHashMap<>();

  private record Place(String workflowId, String task) {}

  private record SlotOf(String workflowId, Slot slot) {}

  FakeWorld(Definition definition) {
    this(definition, Tuning.DEFAULT);
  }

  FakeWorld(Definition definition, Tuning tuning) {
    this.engine = new Engine(tuning);
    this.plan = Plan.of(new DefinitionRef(definition.name(), 1, "sha"), definition);
  }

  /**
   * @param children definitions of child workflows
   */
  static FakeWorld of(String yaml, String... children) {
    FakeWorld world = new FakeWorld(definition(yaml));
    for (String child : children) {
      Definition definition = definition(child);
      DefinitionRef ref = new DefinitionRef(definition.name(), 1, "sha-" + definition.name());
      world.children.put(ref, Plan.of(ref, definition));
    }
    return world;
  }

  /** All that a transaction covers, as it is now; what was sent meanwhile stays sent. */
  Runnable mark() {
    Map<String, byte[]> workflowsThen = new TreeMap<>(workflows);
    Map<Place, byte[]> tasksThen = new HashMap<>(tasks);
    Map<SlotOf, byte[]> payloadsThen = new HashMap<>(payloads);
    Map<String, Timer> timersThen = new TreeMap<>(timers);
    int eventsThen = events.size();
    return () -> {
      workflows.clear();
      workflows.putAll(workflowsThen);
      tasks.clear();
      tasks.putAll(tasksThen);
      payloads.clear();
      payloads.putAll(payloadsThen);
      timers.clear();
      timers.putAll(timersThen);
      events.subList(eventsThen, events.size()).clear();
    };
  }

  /** Another one of the same definitions in which nothing has happened yet. */
  FakeWorld empty() {
    FakeWorld other = new FakeWorld(plan.definition());
    other.children.putAll(children);
    return other;
  }

  static Definition definition(String yaml) {
    return switch (PARSER.parse(yaml)) {
      case ParsedDefinition.Sound(Definition definition, Integer version) -> definition;
      case ParsedDefinition.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  /** Started with <code>{"topic": "bees"}</code>. */
  static FakeWorld started(String yaml, String... children) {
    FakeWorld world = of(yaml, children);
    world.start();
    return world;
  }

  @Override
  public Plan plan(DefinitionRef ref) {
    if (ref.equals(plan.ref())) {
      return plan;
    }
    assertThat(children).containsKey(ref);
    return children.get(ref);
  }

  @Override
  public @Nullable WorkflowRow workflow(String workflowId) {
    byte[] bytes = workflows.get(workflowId);
    return bytes == null ? null : RowCodec.decodeWorkflow(workflowId, bytes);
  }

  @Override
  public @Nullable TaskRow task(String workflowId, String task) {
    byte[] bytes = tasks.get(new Place(workflowId, task));
    return bytes == null ? null : RowCodec.decodeTask(workflowId, task, bytes);
  }

  @Override
  public @Nullable Payload payload(String workflowId, Slot slot) {
    byte[] bytes = payloads.get(new SlotOf(workflowId, slot));
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
    carryOut(outcome, command);
    last = outcome;
    return outcome;
  }

  /** What workflows of one tree ask of each other, done at once, as the shell does it. */
  private void carryOut(Outcome of, Command command) {
    for (Effect effect : of.effects()) {
      Cause cause =
          new Cause(command.cause().at(), "engine", "ChildWorkflow", command.cause().inputId());
      Command next =
          switch (effect) {
            case Effect.StartChild(var start, var ref, var parent, var pins) ->
                new Command.StartWorkflow(
                    new StartAccepted(
                        start,
                        new WorkflowDefinition(
                            ref.name(),
                            ref.version(),
                            "…",
                            "application/yaml",
                            ref.sha256(),
                            BEGIN,
                            "ann"),
                        cause.at(),
                        pins,
                        List.of(),
                        parent,
                        null),
                    cause);
            case Effect.PauseChild(var id, var reason) ->
                new Command.PauseWorkflow(id, reason, cause);
            case Effect.ResumeChild(var id, var reason) ->
                new Command.ResumeWorkflow(id, reason, cause);
            case Effect.CancelChild(var id, var reason, var compensate) ->
                new Command.CancelWorkflow(
                    id,
                    reason,
                    compensate,
                    new Cause(cause.at(), "engine", "ParentWorkflow", cause.inputId()));
            case Effect.ReportToParent r ->
                new Command.ReportChild(
                    r.parent(),
                    r.childWorkflowId(),
                    r.status(),
                    r.output(),
                    r.failure(),
                    r.spent(),
                    cause);
            case Effect.DispatchTask e -> null;
            case Effect.CancelTask e -> null;
            case Effect.RequestReview e -> null;
            case Effect.WithdrawReview e -> null;
            case Effect.SetTimer e -> null;
            case Effect.ClearTimer e -> null;
          };
      if (next != null) {
        Outcome outcome = engine.decide(this, this, next);
        write(outcome);
        carryOut(outcome, next);
      }
    }
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
        Timer old = timers.put(nameOf(timer), timer);
        assertThat(replaces).isEqualTo(old == null ? replaces : old.due());
      } else if (effect instanceof Effect.ClearTimer(Timer timer)) {
        timers.remove(nameOf(timer), timer);
      }
    }
  }

  private static String nameOf(Timer timer) {
    return timer.workflowId().equals(ID) ? timer.task() : timer.workflowId() + "/" + timer.task();
  }

  void apply(Changes changes) {
    changes.workflows().forEach(row -> workflows.put(row.workflowId(), RowCodec.encode(row)));
    changes
        .tasks()
        .forEach(row -> tasks.put(new Place(row.workflowId(), row.task()), RowCodec.encode(row)));
    changes
        .payloads()
        .forEach(
            change -> {
              if (change.payload() == null) {
                payloads.remove(new SlotOf(change.workflowId(), change.slot()));
              } else {
                payloads.put(
                    new SlotOf(change.workflowId(), change.slot()),
                    RowCodec.encode(change.payload()));
              }
            });
  }

  /** Every row, readable and comparable. */
  Map<String, Object> rows() {
    Map<String, Object> all = new TreeMap<>();
    workflows.forEach((id, bytes) -> all.put("w " + id, RowCodec.decodeWorkflow(id, bytes)));
    tasks.forEach(
        (at, bytes) -> all.put("t " + at, RowCodec.decodeTask(at.workflowId(), at.task(), bytes)));
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
        pins(),
        List.of(),
        null,
        null);
  }

  private List<PinnedDefinition> pins() {
    return children.keySet().stream()
        .map(ref -> new PinnedDefinition(ref.name(), null, ref.version(), ref.sha256()))
        .toList();
  }

  private String workflowOf(String attempt) {
    int slash = attempt.indexOf('/');
    String id = slash < 0 ? ID : attempt.substring(0, slash);
    return workflows.containsKey(id) ? id : ID;
  }

  /** The task's row in another workflow of the tree. */
  TaskRow taskOf(String workflowId, String task) {
    TaskRow row = task(workflowId, task);
    return row == null ? TaskRow.pending(workflowId, task) : row;
  }

  /** Every workflow there is. */
  Set<String> workflowIds() {
    return new TreeSet<>(workflows.keySet());
  }

  /** Paths of the tasks of a workflow that have rows, in order. */
  List<String> paths(String workflowId) {
    return tasks.keySet().stream()
        .filter(at -> at.workflowId().equals(workflowId))
        .map(Place::task)
        .sorted()
        .toList();
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
        workflowOf(id),
        ResultStatus.success,
        json(output),
        metadata(cost, confidence),
        null,
        agent,
        "ex-1",
        now,
        null);
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
        workflowOf(id),
        ResultStatus.failure,
        null,
        metadata(cost, null),
        new Failure(kind, "it went wrong", retryAfter, billed),
        agent,
        "ex-1",
        now,
        null);
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
            now,
            null));
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

  /** The review that people were asked for by the last command. */
  NeedsReview reviewAsked() {
    return last.effects().stream()
        .filter(Effect.RequestReview.class::isInstance)
        .map(e -> ((Effect.RequestReview) e).review())
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  static Money money(String amount) {
    return Money.of(amount);
  }
}
