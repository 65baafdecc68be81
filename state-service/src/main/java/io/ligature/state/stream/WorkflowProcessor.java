package io.ligature.state.stream;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Effect;
import io.ligature.state.engine.Engine;
import io.ligature.state.engine.Outcome;
import io.ligature.state.engine.Plan;
import io.ligature.state.engine.Plans;
import io.ligature.state.engine.Timer;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import io.ligature.state.engine.codec.Commands;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Folds the inbox of one partition: load, decide, encode, and only then write rows and records.
 *
 * <p>Nothing is written before the last line that can throw, so a fault of the engine leaves no
 * trace but the quarantine of its workflow. A fault of the store or of Kafka is not caught: it ends
 * the thread, and the transaction with it.
 */
final class WorkflowProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Logger LOG = Logger.getLogger(WorkflowProcessor.class);
  private static final String SERVICE = "state-service";
  private static final int MOST_REASON = 2_000;

  private final Shell shell;
  private final Engine engine;
  private final Outgoing outgoing;
  private @Nullable Assigned assigned;

  /** What belongs to the partition this processor was given. */
  private record Assigned(
      ProcessorContext<byte[], byte[]> context,
      KeyValueStore<Bytes, byte[]> store,
      WorkflowRows rows,
      TimerRows timers,
      Plans plans) {}

  /** What goes with one transition beside its command. */
  private record Origin(String key, String place, @Nullable String traceparent) {}

  WorkflowProcessor(Shell shell) {
    this.shell = shell;
    this.engine = new Engine(shell.tuning());
    this.outgoing = new Outgoing(shell.codec(), shell.maxRecordBytes());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(StateTopology.STORE);
    WorkflowRows rows = new WorkflowRows(store, shell.codec());
    assigned = new Assigned(context, store, rows, new TimerRows(store), ref -> plan(rows, ref));
    context.schedule(
        shell.timerInterval(), PunctuationType.WALL_CLOCK_TIME, now -> fireTimers(now));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    byte[] keyBytes = record.key();
    if (keyBytes == null) {
      deadLetter(record, "the record has no key; use the root workflow id");
      return;
    }
    String key = new String(keyBytes, StandardCharsets.UTF_8);
    Command command;
    try {
      command =
          Commands.of(
              shell.codec().decode(record.value()), Instant.ofEpochMilli(record.timestamp()));
    } catch (UnreadableRecordException | IllegalArgumentException e) {
      deadLetter(record, String.valueOf(e.getMessage()));
      return;
    }
    take(record, key, command);
  }

  private void take(Record<byte[], byte[]> record, String key, Command command) {
    String refusal = refusal(key, command);
    if (refusal != null) {
      deadLetter(record, refusal);
      return;
    }
    String traceparent = CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT);
    transition(command, new Origin(key, place(), traceparent))
        .ifPresent(reason -> deadLetter(record, reason));
  }

  /** Why an input must not reach the engine; null when it may. */
  private @Nullable String refusal(String key, Command command) {
    boolean begins =
        command instanceof Command.StartWorkflow || command instanceof Command.RefuseStart;
    if (begins && !key.equals(command.workflowId())) {
      return "the record's key is '"
          + key
          + "' but a start's key is its workflow id '"
          + command.workflowId()
          + "'";
    }
    WorkflowRow row = own().rows.workflow(command.workflowId());
    return row != null && row.status() == WorkflowStatus.QUARANTINED
        ? "workflow " + command.workflowId() + " is quarantined; see its history for the reason"
        : null;
  }

  private void fireTimers(long now) {
    Assigned own = own();
    for (Timer timer : own.timers.due(now, shell.timersPerTick())) {
      own.timers.remove(timer);
      shell.metrics().timerFired(now - timer.due().toEpochMilli());
      WorkflowRow row = own.rows.workflow(timer.workflowId());
      if (row == null || row.status() == WorkflowStatus.QUARANTINED) {
        continue;
      }
      Command fire = Commands.fire(timer, timer.due());
      String id = fire.cause().inputId();
      transition(fire, new Origin(row.rootWorkflowId(), "timer " + id, null))
          .ifPresent(reason -> LOG.errorf("timer dropped timer=%s reason=%s", id, reason));
    }
  }

  /** Why not even a quarantine was possible; empty when all is well. */
  private Optional<String> transition(Command command, Origin origin) {
    Assigned own = own();
    try (Tracing.Step span =
        shell.tracing().begin(command.cause().input(), command.workflowId(), origin.traceparent)) {
      WorkflowRow before = own.rows.workflow(command.workflowId());
      Outcome outcome;
      List<Outgoing.Sent> records;
      try {
        makeKnown(command);
        outcome = engine.decide(own.rows, own.plans, command);
        records = records(outcome, command, origin, span.traceparent());
      } catch (KafkaException fault) {
        throw fault;
      } catch (RuntimeException fault) {
        return quarantine(command, origin, before, fault);
      }
      keepDefinition(command, outcome);
      write(outcome, records, before);
      shell.metrics().transition(command, outcome, before);
      log(command, outcome);
      return Optional.empty();
    }
  }

  private List<Outgoing.Sent> records(
      Outcome outcome, Command command, Origin origin, @Nullable String traceparent) {
    return outgoing.of(outcome, origin.key, command.cause().at(), traceparent);
  }

  private Optional<String> quarantine(
      Command command, Origin origin, @Nullable WorkflowRow before, RuntimeException fault) {
    LOG.errorf(
        fault,
        "workflow quarantined workflowId=%s input=%s inputId=%s origin=%s",
        command.workflowId(),
        command.cause().input(),
        command.cause().inputId(),
        origin.place);
    Outcome outcome;
    List<Outgoing.Sent> records;
    try {
      outcome =
          engine.quarantine(
              own().rows,
              own().plans,
              command.workflowId(),
              command.cause(),
              reason(fault),
              origin.place);
      records = records(outcome, command, origin, origin.traceparent);
    } catch (KafkaException broken) {
      throw broken;
    } catch (RuntimeException second) {
      LOG.errorf(second, "quarantine failed workflowId=%s", command.workflowId());
      return Optional.of("the workflow could not even be quarantined: " + reason(second));
    }
    write(outcome, records, before);
    shell.metrics().quarantined();
    return Optional.empty();
  }

  /** The first line that changes anything; all that can be refused has been by now. */
  private void write(Outcome outcome, List<Outgoing.Sent> records, @Nullable WorkflowRow before) {
    Assigned own = own();
    WorkflowRows.write(own.store, outcome.changes(), before);
    for (Effect effect : outcome.effects()) {
      switch (effect) {
        case Effect.SetTimer(Timer timer, Instant replaces) -> {
          if (replaces != null) {
            own.timers.remove(new Timer(timer.workflowId(), timer.task(), replaces));
          }
          own.timers.set(timer);
        }
        case Effect.ClearTimer(Timer timer) -> own.timers.remove(timer);
        case Effect.StartChild e -> {}
        case Effect.CancelChild e -> {}
        case Effect.ReportToParent e -> {}
        case Effect.DispatchTask e -> shell.metrics().effect(Sink.READY);
        case Effect.CancelTask e -> shell.metrics().effect(Sink.CANCELLED);
        case Effect.RequestReview e -> shell.metrics().effect(Sink.REVIEWS);
        case Effect.WithdrawReview e -> shell.metrics().effect(Sink.REVIEWS);
      }
    }
    for (Outgoing.Sent sent : records) {
      own.context.forward(sent.record(), sent.sink().node());
    }
  }

  /** The engine asks for the plan of a start before its definition is in the store. */
  private void makeKnown(Command command) {
    if (command instanceof Command.StartWorkflow start) {
      WorkflowDefinition definition = start.accepted().getDefinition();
      Plan _ = shell.plans().plan(WorkflowRows.ref(definition), () -> definition);
    }
  }

  private void keepDefinition(Command command, Outcome outcome) {
    if (command instanceof Command.StartWorkflow start && outcome.ignored() == null) {
      WorkflowRows.keepDefinition(own().store, start.accepted().getDefinition(), shell.codec());
    }
  }

  private Plan plan(WorkflowRows rows, DefinitionRef ref) {
    return shell
        .plans()
        .plan(
            ref,
            () ->
                rows.definition(ref)
                    .orElseThrow(
                        () ->
                            new IllegalStateException(
                                "definition "
                                    + ref.name()
                                    + " version "
                                    + ref.version()
                                    + " is not in the store")));
  }

  private void deadLetter(Record<byte[], byte[]> record, String reason) {
    Assigned own = own();
    RecordMetadata at = metadata();
    RecordHeaders headers =
        new RecordHeaders(
            DeadLetters.headers(
                at.topic(), at.partition(), at.offset(), record.timestamp(), reason, SERVICE));
    record.headers().forEach(headers::add);
    byte[] value = record.value();
    boolean fits = value == null || value.length <= shell.maxRecordBytes();
    if (!fits) {
      headers.add(
          "ligature_omitted_bytes",
          Integer.toString(value.length).getBytes(StandardCharsets.UTF_8));
    }
    own.context.forward(
        new Record<>(record.key(), fits ? value : null, record.timestamp(), headers),
        Sink.DEAD_LETTERS.node());
    shell.metrics().deadLetter();
    LOG.warnf("input put aside origin=%s reason=%s", place(), reason);
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

  private String place() {
    RecordMetadata at = metadata();
    return at.topic() + "-" + at.partition() + "@" + at.offset();
  }

  private RecordMetadata metadata() {
    return own()
        .context
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("only a record has a place"));
  }

  private Assigned own() {
    Assigned own = assigned;
    if (own == null) {
      throw new IllegalStateException("init has not been called");
    }
    return own;
  }

  private static String reason(RuntimeException fault) {
    String text = fault.toString();
    return text.length() <= MOST_REASON ? text : text.substring(0, MOST_REASON);
  }
}
