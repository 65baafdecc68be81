package io.ligature.state.stream;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.Money;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Effect;
import io.ligature.state.engine.Outcome;
import io.ligature.state.engine.Plans;
import io.ligature.state.engine.Timer;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands through the engine in one partition: load, decide, encode, and only then write.
 *
 * <p>What a transition asks of another workflow of its tree (start a child, end one, tell the
 * parent) is a command for that workflow, taken in the same call after the writes of the transition
 * that asked, first come first served. All workflows of a tree are in one partition, so they are
 * one transaction.
 *
 * <p>Nothing of a transition is written before the last line that can throw, so a fault of the
 * engine leaves no trace but the quarantine of its workflow. A fault of the store or of Kafka is
 * not caught: it ends the thread, and the transaction with it.
 */
final class Fold {

  private static final Logger LOG = Logger.getLogger(Fold.class);
  private static final int MOST_REASON = 2_000;

  private final Shell shell;
  private final Outgoing outgoing;
  private final ProcessorContext<byte[], byte[]> context;
  private final KeyValueStore<Bytes, byte[]> store;
  private final WorkflowRows rows;
  private final TimerRows timers;
  private final Plans plans;
  private List<WorkflowDefinition> arriving = List.of();
  private long open;

  /**
   * What goes with a command and all that follows from it.
   *
   * @param root key of all records of the tree
   * @param place where the input is, in words
   */
  record Origin(String root, String place, @Nullable String traceparent) {}

  /** A tree of workflows asks more of itself at once than {@link Shell#maxTransitions} allows. */
  private static final class EndlessException extends RuntimeException {
    EndlessException(int most) {
      super(
          "one input led to more than "
              + most
              + " transitions in its tree of workflows (ligature.state.engine.max-transitions)",
          null,
          false,
          false);
    }
  }

  Fold(
      Shell shell,
      ProcessorContext<byte[], byte[]> context,
      KeyValueStore<Bytes, byte[]> store,
      TimerRows timers) {
    this.shell = shell;
    this.outgoing = new Outgoing(shell.codec(), shell.maxRecordBytes());
    this.context = context;
    this.store = store;
    this.rows = new WorkflowRows(store, shell.codec());
    this.timers = timers;
    this.plans = ref -> shell.plans().plan(ref, () -> kept(ref));
    count(rows.countOpen());
  }

  /** The partition is another's now. */
  void close() {
    count(-open);
  }

  private void count(long more) {
    open += more;
    shell.metrics().opened(more);
  }

  @Nullable WorkflowRow workflow(String workflowId) {
    return rows.workflow(workflowId);
  }

  boolean isQuarantined(String workflowId) {
    WorkflowRow row = rows.workflow(workflowId);
    return row != null && row.status() == WorkflowStatus.QUARANTINED;
  }

  /** Why not even a quarantine was possible; empty when all is well. */
  Optional<String> take(Command command, Origin origin) {
    Deque<Step> waiting = new ArrayDeque<>();
    Optional<String> refused = transition(Step.of(command), origin, waiting);
    int taken = 1;
    for (Step step = waiting.poll(); step != null; step = waiting.poll()) {
      Optional<String> fault = follow(step, origin, waiting, taken++);
      String workflowId = step.workflowId();
      fault.ifPresent(
          reason -> LOG.errorf("transition dropped workflowId=%s reason=%s", workflowId, reason));
    }
    return refused;
  }

  private Optional<String> follow(Step step, Origin origin, Deque<Step> waiting, int taken) {
    if (isQuarantined(step.workflowId())) {
      LOG.warnf(
          "nothing is done in a quarantined workflow workflowId=%s input=%s inputId=%s",
          step.workflowId(), step.cause().input(), step.cause().inputId());
      return Optional.empty();
    }
    return taken < shell.maxTransitions()
        ? transition(step, origin, waiting)
        : quarantine(step, origin, waiting, new EndlessException(shell.maxTransitions()));
  }

  private Optional<String> transition(Step step, Origin origin, Deque<Step> waiting) {
    try (Tracing.Step span =
        shell.tracing().begin(step.cause().input(), step.workflowId(), origin.traceparent)) {
      WorkflowRow before = rows.workflow(step.workflowId());
      Command command;
      Outcome outcome;
      List<Outgoing.Sent> records;
      try {
        command = step.command().get();
        makeKnown(command);
        outcome = shell.core().decide(rows, plans, command);
        records = outgoing.of(outcome, origin.root, command.cause().at(), span.traceparent());
      } catch (KafkaException fault) {
        throw fault;
      } catch (RuntimeException fault) {
        return quarantine(step, origin, waiting, fault);
      }
      keepDefinitions(command, outcome);
      write(origin.root, outcome, records, before);
      shell.metrics().transition(command, outcome, before);
      log(command, outcome);
      watch(command, outcome);
      queue(outcome, step, waiting);
      return Optional.empty();
    }
  }

  private Optional<String> quarantine(
      Step step, Origin origin, Deque<Step> waiting, RuntimeException fault) {
    LOG.errorf(
        fault,
        "workflow quarantined workflowId=%s input=%s inputId=%s origin=%s",
        step.workflowId(),
        step.cause().input(),
        step.cause().inputId(),
        origin.place);
    String reason = reason(fault);
    WorkflowRow before = rows.workflow(step.workflowId());
    Outcome outcome;
    List<Outgoing.Sent> records;
    try {
      outcome =
          shell
              .core()
              .quarantine(rows, plans, step.workflowId(), step.cause(), reason, origin.place);
      records = outgoing.of(outcome, origin.root, step.cause().at(), origin.traceparent);
    } catch (KafkaException broken) {
      throw broken;
    } catch (RuntimeException second) {
      LOG.errorf(second, "quarantine failed workflowId=%s", step.workflowId());
      Step.quarantined(step.workflowId(), step.cause(), reason, spent(before))
          .ifPresent(waiting::add);
      return Optional.of("the workflow could not even be quarantined: " + reason(second));
    }
    write(origin.root, outcome, records, before);
    queue(outcome, step, waiting);
    if (outcome.ignored() == null) {
      shell.metrics().quarantined();
      tellParent(outcome, step, reason, waiting);
    }
    return Optional.empty();
  }

  /** A parent must not wait for ever for a child that nobody touches any more. */
  private void tellParent(Outcome outcome, Step step, String reason, Deque<Step> waiting) {
    boolean told =
        outcome.effects().stream().anyMatch(effect -> effect instanceof Effect.ReportToParent);
    if (!told) {
      Money spent = spent(rows.workflow(step.workflowId()));
      Step.quarantined(step.workflowId(), step.cause(), reason, spent).ifPresent(waiting::add);
    }
  }

  private void queue(Outcome outcome, Step step, Deque<Step> waiting) {
    for (Effect effect : outcome.effects()) {
      Step next = Step.of(effect, step.cause(), this::kept);
      if (next != null) {
        waiting.add(next);
      }
    }
  }

  /** The first line that changes anything; all that can be refused has been by now. */
  private void write(
      String root, Outcome outcome, List<Outgoing.Sent> records, @Nullable WorkflowRow before) {
    shell.turns().write(root, () -> WorkflowRows.write(store, outcome.changes(), before));
    boolean was = before != null && before.isOpen();
    for (WorkflowRow row : outcome.changes().workflows()) {
      count((row.isOpen() ? 1 : 0) - (was ? 1 : 0));
    }
    for (Effect effect : outcome.effects()) {
      switch (effect) {
        case Effect.SetTimer(Timer timer, Instant replaces) -> {
          if (replaces != null) {
            timers.remove(new Timer(timer.workflowId(), timer.task(), replaces));
          }
          timers.set(timer);
        }
        case Effect.ClearTimer(Timer timer) -> timers.remove(timer);
        case Effect.StartChild e -> {}
        case Effect.CancelChild e -> {}
        case Effect.PauseChild e -> {}
        case Effect.ResumeChild e -> {}
        case Effect.ReportToParent e -> {}
        case Effect.DispatchTask e -> shell.metrics().effect(Sink.READY);
        case Effect.CancelTask e -> shell.metrics().effect(Sink.CANCELLED);
        case Effect.RequestReview e -> shell.metrics().effect(Sink.REVIEWS);
        case Effect.WithdrawReview e -> shell.metrics().effect(Sink.REVIEWS);
      }
    }
    for (Outgoing.Sent sent : records) {
      context.forward(sent.record(), sent.sink().node());
    }
  }

  /** The engine asks for plans that a start brings before their texts are in the store. */
  private void makeKnown(Command command) {
    arriving = List.of();
    if (command instanceof Command.StartWorkflow start) {
      List<WorkflowDefinition> brought = new ArrayList<>(start.accepted().getChildren());
      brought.add(start.accepted().getDefinition());
      arriving = brought;
    }
  }

  /** A root brings the definitions of its whole tree. */
  private void keepDefinitions(Command command, Outcome outcome) {
    if (command instanceof Command.StartWorkflow start && outcome.ignored() == null) {
      WorkflowRows.keepDefinition(store, start.accepted().getDefinition(), shell.codec());
      for (WorkflowDefinition child : start.accepted().getChildren()) {
        WorkflowRows.keepDefinition(store, child, shell.codec());
      }
    }
  }

  private WorkflowDefinition kept(DefinitionRef ref) {
    for (WorkflowDefinition definition : arriving) {
      if (WorkflowRows.ref(definition).equals(ref)) {
        return definition;
      }
    }
    return rows.definition(ref)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "definition "
                        + ref.name()
                        + " version "
                        + ref.version()
                        + " is not in the store"));
  }

  private void log(Command command, Outcome outcome) {
    if (LOG.isDebugEnabled()) {
      LOG.debugf(
          "transition workflowId=%s input=%s inputId=%s events=%d effects=%d ignored=%s",
          command.workflowId(),
          command.cause().input(),
          command.cause().inputId(),
          outcome.events().size(),
          outcome.effects().size(),
          outcome.ignored());
    }
  }

  private void watch(Command command, Outcome outcome) {
    if (outcome.stuck()) {
      shell.metrics().stuck();
      LOG.errorf(
          "workflow is stuck: nothing it waits for is left workflowId=%s input=%s inputId=%s",
          command.workflowId(), command.cause().input(), command.cause().inputId());
    }
  }

  private static Money spent(@Nullable WorkflowRow row) {
    return row == null ? Money.ZERO : row.ledger().spent();
  }

  private static String reason(RuntimeException fault) {
    String text =
        fault instanceof EndlessException ? String.valueOf(fault.getMessage()) : fault.toString();
    return text.length() <= MOST_REASON ? text : text.substring(0, MOST_REASON);
  }
}
