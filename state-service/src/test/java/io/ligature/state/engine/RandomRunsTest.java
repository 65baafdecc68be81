package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.Candidate;
import io.ligature.avro.Decision;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.SkipTask;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.AttemptId;
import io.ligature.state.engine.codec.Commands;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The laws under random definitions, results, duplicates, late and reordered reports, timers and
 * commands. A failure names the seed; {@code -Dligature.seed=N} runs that one alone, {@code
 * -Dligature.runs=4000} more of them.
 */
class RandomRunsTest {

  private static final int RUNS = Integer.getInteger("ligature.runs", 400);
  private static final int STEPS = 60;
  private static final String GOOD = "{\"n\":4,\"score\":1,\"critique\":\"\"}";
  private static final List<String> KINDS =
      List.of(
          "model_error",
          "timeout",
          "rate_limited",
          "auth",
          "schema_mismatch",
          "context_overflow",
          "new_kind");

  @Test
  void everyLawHoldsInEveryRun() {
    Long only = Long.getLong("ligature.seed");
    int ended = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      if (only == null || only == seed) {
        try {
          ended += new Run(seed).toTheEnd() ? 1 : 0;
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
      }
    }
    assertThat(only != null || ended == RUNS).as("runs that ended: " + ended).isTrue();
  }

  /** One workflow under random input. */
  private static final class Run {
    private final Random random;
    private final FakeWorld world;
    private final Laws laws;
    private final TreeSet<String> attempts = new TreeSet<>();
    private final List<ReviewDecision> decisions = new ArrayList<>();
    private int commands;

    Run(long seed) {
      this.random = new Random(seed);
      this.world = FakeWorld.of(RandomDefinitions.sound(random), RandomDefinitions.CHILD);
      this.laws = new Laws(world);
    }

    boolean toTheEnd() {
      take(Commands.of(world.startRecord("{\"topic\":\"bees\"}"), world.now));
      for (int i = 0; i < STEPS; i++) {
        world.pass(Duration.ofMillis(random.nextInt(20_000)));
        Command command = any();
        if (command != null) {
          if (random.nextInt(12) == 0 && !(command instanceof Command.FireTimer)) {
            crash(command);
          }
          take(command);
        }
      }
      for (int i = 0; i < 500 && world.workflow().isOpen(); i++) {
        take(last());
      }
      laws.replayEqualsLive();
      return !world.workflow().isOpen();
    }

    /**
     * The shell dies before it commits: rows, timers and events are as before, but attempts that
     * were dispatched are known outside; time passes, and timers that are due by then come first.
     */
    private void crash(Command command) {
      Runnable undo = world.mark();
      take(command);
      undo.run();
      world.pass(Duration.ofSeconds(random.nextInt(90)));
      for (Timer timer : List.copyOf(world.timers.values())) {
        if (!timer.due().isAfter(world.now)) {
          take(fire(timer));
        }
      }
    }

    private void take(Command command) {
      WorkflowRow row = world.workflow(command.workflowId());
      boolean hadEnded = row != null && !row.isOpen();
      Outcome twin = random.nextInt(4) == 0 ? world.engine.decide(world, world, command) : null;
      int before = world.effects.size();
      world.take(command);
      if (twin != null) {
        assertThat(world.last).hasToString(twin.toString());
      }
      world.effects.subList(before, world.effects.size()).stream()
          .filter(Effect.DispatchTask.class::isInstance)
          .forEach(e -> attempts.add(((Effect.DispatchTask) e).envelope().getId()));
      laws.hold(hadEnded);
      Outcome again = world.engine.decide(world, world, command);
      assertThat(again.events()).as("the same input twice: " + command.cause()).isEmpty();
      assertThat(again.changes()).isEqualTo(Changes.NONE);
    }

    private @Nullable Command any() {
      return switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5, 6 -> of(result(attempt()));
        case 7, 8 -> {
          String id = attempt();
          yield of(new TaskStarted(id, workflowOf(id), agent(), executor(), world.now));
        }
        case 9, 10 -> {
          String id = attempt();
          yield of(
              new TaskUnplaced(
                  id,
                  workflowOf(id),
                  "busy " + random.nextInt(2),
                  random.nextBoolean(),
                  candidates(),
                  world.now));
        }
        case 11, 12, 13 -> timer();
        case 14, 15 -> decision();
        case 16 -> oldDecision();
        case 17 -> of(result(later(attempt())));
        case 18 -> random.nextBoolean() ? of(world.startRecord("{}")) : of(shadow(attempt()));
        default -> rare();
      };
    }

    private Command of(org.apache.avro.specific.SpecificRecord record) {
      return Commands.of(record, world.now);
    }

    private Command rare() {
      String id = "c" + commands++;
      return switch (random.nextInt(12)) {
        case 0 ->
            of(
                new CancelWorkflow(
                    id, FakeWorld.ID, "ann", "enough", world.now, random.nextBoolean()));
        case 1, 2 ->
            of(
                new ExtendBudget(
                    id, FakeWorld.ID, new BigDecimal("0.300000"), "ann", "more", world.now));
        case 3 -> of(new PauseWorkflow(id, FakeWorld.ID, "ann", "lunch", world.now));
        case 4, 5 -> of(new ResumeWorkflow(id, FakeWorld.ID, "ann", "back", world.now));
        case 6, 7 -> of(signal(id));
        case 8 -> of(new SkipTask(id, FakeWorld.ID, path(), "ann", "no need", world.now));
        default ->
            of(
                new RetryTask(
                    id,
                    FakeWorld.ID,
                    path(),
                    "ann",
                    "mended",
                    random.nextBoolean() ? null : FakeWorld.json("{\"own\":1}"),
                    world.now));
      };
    }

    private SignalWorkflow signal(String id) {
      return new SignalWorkflow(
          id,
          FakeWorld.ID,
          "ann",
          "go",
          random.nextInt(3) == 0 ? null : "k" + random.nextInt(2),
          random.nextBoolean() ? null : FakeWorld.json("{\"s\":1}"),
          world.now);
    }

    private String path() {
      List<String> paths = world.paths(FakeWorld.ID);
      return paths.isEmpty() ? "t0" : paths.get(random.nextInt(paths.size()));
    }

    private String attempt() {
      List<String> tasks = List.copyOf(world.plan.definition().tasks().keySet());
      if (attempts.isEmpty() || random.nextInt(20) == 0) {
        return FakeWorld.ID + "/" + tasks.get(random.nextInt(tasks.size())) + "#1";
      }
      return List.copyOf(attempts).get(random.nextInt(attempts.size()));
    }

    private static String workflowOf(String attempt) {
      return AttemptId.parse(attempt).workflowId();
    }

    private static String later(String attempt) {
      AttemptId id = AttemptId.parse(attempt);
      return new AttemptId(id.workflowId(), id.task(), id.number() + 1).toString();
    }

    private String agent() {
      return "a" + random.nextInt(3);
    }

    private String executor() {
      return "ex-" + random.nextInt(2);
    }

    private List<Candidate> candidates() {
      List<Candidate> candidates = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        String filter =
            List.of("excluded", "context_window", "unknown_price", "cooldown")
                .get(random.nextInt(4));
        candidates.add(new Candidate(agent(), null, filter, "because"));
      }
      return candidates;
    }

    private ShadowResult shadow(String attempt) {
      TaskResult result = result(attempt);
      return new ShadowResult(
          attempt,
          result.getWorkflowId(),
          agent(),
          executor(),
          result.getStatus(),
          result.getOutput(),
          result.getMetadata(),
          result.getError(),
          world.now);
    }

    private @Nullable String cost() {
      return random.nextInt(4) == 0 ? null : "0.%02d".formatted(random.nextInt(60));
    }

    private TaskResult result(String attempt) {
      return switch (random.nextInt(8)) {
        case 0, 1 ->
            world.failure(
                attempt,
                agent(),
                KINDS.get(random.nextInt(KINDS.size())),
                random.nextBoolean() ? null : cost(),
                random.nextInt(3) == 0 ? 4_000L : null,
                random.nextBoolean());
        case 2 -> world.success(attempt, agent(), output(), cost(), 0.3);
        case 3 -> needsReview(world.success(attempt, agent(), output(), cost(), 0.3));
        case 4 -> random.nextBoolean() ? cached(attempt) : calibrated(attempt);
        default -> world.success(attempt, agent(), output(), cost(), 0.9);
      };
    }

    /** An answer that is a verdict as well, or one that is none. */
    private String output() {
      return random.nextInt(5) == 0
          ? "{\"n\":1}"
          : "{\"n\":2,\"score\":0.%d,\"critique\":\"so\"}".formatted(random.nextInt(10));
    }

    private TaskResult cached(String attempt) {
      TaskResult result = world.success(attempt, agent(), output(), "0", 0.9);
      return TaskResult.newBuilder(result)
          .setMetadata(
              ResultMetadata.newBuilder(result.getMetadata()).setServedFrom("wf-0/t0#1").build())
          .build();
    }

    private TaskResult calibrated(String attempt) {
      TaskResult result = world.success(attempt, agent(), output(), cost(), 0.9);
      return TaskResult.newBuilder(result)
          .setMetadata(
              ResultMetadata.newBuilder(result.getMetadata())
                  .setCalibratedConfidence(random.nextInt(10) / 10.0)
                  .build())
          .build();
    }

    /** Of what the agent made, or of a task that a person does. */
    private TaskResult needsReview(TaskResult result) {
      return TaskResult.newBuilder(result)
          .setStatus(io.ligature.avro.ResultStatus.needs_review)
          .setOutput(random.nextBoolean() ? result.getOutput() : null)
          .setOutputSchema(random.nextBoolean() ? "{}" : null)
          .build();
    }

    private @Nullable Command timer() {
      List<Timer> due = new ArrayList<>(world.timers.values());
      if (due.isEmpty()) {
        return null;
      }
      Timer timer = due.get(random.nextInt(due.size()));
      return fire(timer);
    }

    private Command fire(Timer timer) {
      world.timers.values().remove(timer);
      if (timer.due().isAfter(world.now)) {
        world.now = timer.due();
      }
      return Commands.fire(timer, world.now);
    }

    private @Nullable Command decision() {
      for (String task : world.paths(FakeWorld.ID)) {
        if (world.state(task) instanceof TaskState.WaitingForReview) {
          Decision[] all = Decision.values();
          ReviewDecision decision =
              world.decision(
                  task,
                  random.nextInt(3) > 0 ? Decision.approve : all[random.nextInt(all.length)],
                  "{\"edited\":true}");
          decisions.add(decision);
          return of(decision);
        }
      }
      return null;
    }

    private @Nullable Command oldDecision() {
      return decisions.isEmpty() ? null : of(decisions.get(random.nextInt(decisions.size())));
    }

    /** Something that brings the run nearer to its end. */
    private Command last() {
      for (String task : world.paths(FakeWorld.ID)) {
        if (world.state(task) instanceof TaskState.WaitingForReview) {
          return of(world.decision(task, Decision.edit_and_approve, GOOD));
        }
      }
      if (world.workflow().status() == WorkflowStatus.PAUSED) {
        return of(new ResumeWorkflow("r" + commands++, FakeWorld.ID, "ann", "end", world.now));
      }
      for (String id : world.workflowIds()) {
        for (String task : world.paths(id)) {
          TaskRow row = world.taskOf(id, task);
          if (Results.isInFlight(row.state())) {
            String attempt = new AttemptId(id, task, row.attempt()).toString();
            return of(world.success(attempt, "a1", GOOD, "0.05", 0.9));
          }
        }
      }
      for (var wait : world.workflow().signals().waits()) {
        return of(
            new SignalWorkflow(
                "s" + commands++,
                FakeWorld.ID,
                "ann",
                wait.name(),
                wait.correlation(),
                null,
                world.now));
      }
      Command timer = timer();
      return timer != null
          ? timer
          : of(new CancelWorkflow("end", FakeWorld.ID, "ann", "end", world.now, false));
    }
  }
}
