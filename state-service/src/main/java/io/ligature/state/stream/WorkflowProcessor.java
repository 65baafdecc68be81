package io.ligature.state.stream;

import io.ligature.schemas.ChildId;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Timer;
import io.ligature.state.engine.codec.Commands;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
 * Reads the inbox of one partition and fires its timers; {@link Fold} does what they lead to. An
 * input that no workflow can take is put aside, inside the transaction.
 */
final class WorkflowProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Logger LOG = Logger.getLogger(WorkflowProcessor.class);
  private static final String SERVICE = "state-service";

  private final Shell shell;
  private @Nullable Assigned assigned;

  /** What belongs to the partition this processor was given. */
  private record Assigned(
      ProcessorContext<byte[], byte[]> context, Fold fold, TimerRows timers, CatchUp catchUp) {}

  WorkflowProcessor(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    close();
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(StateTopology.STORE);
    TimerRows timers = new TimerRows(store);
    assigned =
        new Assigned(context, new Fold(shell, context, store, timers), timers, catchUp(context));
    context.schedule(
        shell.timers().interval(), PunctuationType.WALL_CLOCK_TIME, now -> fireTimers(now));
  }

  @Override
  public void close() {
    Assigned own = assigned;
    if (own != null) {
      own.fold.close();
      assigned = null;
    }
  }

  private CatchUp catchUp(ProcessorContext<byte[], byte[]> context) {
    return new CatchUp(
        shell.timers().backlog().lastWaiting(context.taskId().partition()),
        context.currentSystemTimeMs(),
        shell.timers().catchUpWait(),
        context.taskId().toString());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    own().catchUp.read(metadata().offset());
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
    own()
        .fold
        .take(command, new Fold.Origin(key, place(), traceparent))
        .ifPresent(reason -> deadLetter(record, reason));
  }

  /** Why an input must not reach the engine; null when it may. */
  private @Nullable String refusal(String key, Command command) {
    String root = ChildId.rootOf(command.workflowId());
    if (!key.equals(root)) {
      return "the record's key is '"
          + key
          + "' but that of workflow '"
          + command.workflowId()
          + "' is its root's id '"
          + root
          + "'";
    }
    return own().fold.isQuarantined(command.workflowId())
        ? "workflow " + command.workflowId() + " is quarantined; see its history for the reason"
        : null;
  }

  private void fireTimers(long now) {
    Assigned own = own();
    if (!own.catchUp.isOver(now)) {
      return;
    }
    for (Timer timer : own.timers.due(now, shell.timers().perTick())) {
      own.timers.remove(timer);
      shell.metrics().timerFired(now - timer.due().toEpochMilli());
      if (own.fold.isQuarantined(timer.workflowId())) {
        continue;
      }
      Command fire = Commands.fire(timer, Instant.ofEpochMilli(now));
      String id = fire.cause().inputId();
      String root = ChildId.rootOf(timer.workflowId());
      own.fold
          .take(fire, new Fold.Origin(root, "timer " + id, null))
          .ifPresent(reason -> LOG.errorf("timer dropped timer=%s reason=%s", id, reason));
    }
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
}
