package io.ligature.state.stream;

import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Slot;
import io.ligature.state.engine.WorkflowStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of the one store. The first byte says what the row is; the rest is laid out so that rows
 * that are read together stand together, in the order in which they are read.
 *
 * <pre>
 * h workflow                          header
 * k workflow 0 task                   task row
 * p workflow 0 slot(1) task           payload: input, result, a task's output or review subject
 * t due(8) workflow 0 task            timer, earliest first
 * s status(1) ~startedAt(8) workflow  index of workflows by status, newest first
 * d name 0 version 0 sha256           definition
 * </pre>
 *
 * <p>A workflow id has no byte 0, so 0 ends it, and no id is a prefix of another's rows. Instants
 * are milliseconds, big endian with the sign flipped, so that bytes order as time does.
 */
final class RowKeys {

  static final byte HEADER = 'h';
  static final byte TASK = 'k';
  static final byte PAYLOAD = 'p';
  static final byte TIMER = 't';
  static final byte STATUS = 's';
  static final byte DEFINITION = 'd';

  private static final byte END = 0;

  private RowKeys() {}

  static Bytes header(String workflowId) {
    return simple(HEADER, workflowId);
  }

  static Bytes definition(DefinitionRef ref) {
    return ofWorkflow(DEFINITION, ref.name(), ref.version() + "\0" + ref.sha256());
  }

  static Bytes task(String workflowId, String task) {
    return ofWorkflow(TASK, workflowId, task);
  }

  static Bytes payload(String workflowId, Slot slot) {
    char kind =
        switch (slot.kind()) {
          case INPUT -> 'i';
          case RESULT -> 'r';
          case OUTPUT -> 'o';
          case SUBJECT -> 's';
          case ITEM -> 'e';
          case VARIABLE -> 'v';
          case SIGNAL -> 'g';
          case OWN_INPUT -> 'w';
        };
    return ofWorkflow(PAYLOAD, workflowId, kind + slot.task());
  }

  /** What all rows of one kind of one workflow begin with. */
  static Bytes allOf(byte kind, String workflowId) {
    return ofWorkflow(kind, workflowId, "");
  }

  static Bytes timer(Instant due, String workflowId, String task) {
    byte[] workflow = utf8(workflowId);
    byte[] name = utf8(task);
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES + workflow.length + 1 + name.length)
            .put(TIMER)
            .putLong(ordered(due.toEpochMilli()))
            .put(workflow)
            .put(END)
            .put(name)
            .array());
  }

  /** The least key of all timers that are due at this instant or later. */
  static Bytes timersFrom(long epochMillis) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES).put(TIMER).putLong(ordered(epochMillis)).array());
  }

  static Instant timerDue(Bytes key) {
    return Instant.ofEpochMilli(ordered(ByteBuffer.wrap(key.get()).getLong(1)));
  }

  static String timerWorkflow(Bytes key) {
    byte[] bytes = key.get();
    return text(bytes, 1 + Long.BYTES, endOfId(bytes, 1 + Long.BYTES));
  }

  static String timerTask(Bytes key) {
    byte[] bytes = key.get();
    return text(bytes, endOfId(bytes, 1 + Long.BYTES) + 1, bytes.length);
  }

  static Bytes status(WorkflowStatus status, Instant startedAt, String workflowId) {
    byte[] workflow = utf8(workflowId);
    return Bytes.wrap(
        ByteBuffer.allocate(2 + Long.BYTES + workflow.length)
            .put(STATUS)
            .put(code(status))
            .putLong(~ordered(startedAt.toEpochMilli()))
            .put(workflow)
            .array());
  }

  /** What all index rows of one status begin with. */
  static Bytes allOfStatus(WorkflowStatus status) {
    return Bytes.wrap(new byte[] {STATUS, code(status)});
  }

  /** The least key behind a position in the index. */
  static Bytes behind(Bytes prefix, Bytes position) {
    return Bytes.wrap(
        ByteBuffer.allocate(prefix.get().length + position.get().length + 1)
            .put(prefix.get())
            .put(position.get())
            .put(END)
            .array());
  }

  static boolean begins(Bytes key, Bytes prefix) {
    byte[] bytes = key.get();
    int length = prefix.get().length;
    return bytes.length >= length && Arrays.equals(bytes, 0, length, prefix.get(), 0, length);
  }

  /** The part of an index row's key that orders it: time and workflow id, without the status. */
  static Bytes statusPosition(Bytes key) {
    return Bytes.wrap(Arrays.copyOfRange(key.get(), 2, key.get().length));
  }

  static String statusWorkflow(Bytes key) {
    return text(key.get(), 2 + Long.BYTES, key.get().length);
  }

  /** Not the ordinal: rows outlive a change of the order in which the words stand. */
  private static byte code(WorkflowStatus status) {
    return switch (status) {
      case RUNNING -> 'r';
      case PAUSED -> 'p';
      case COMPENSATING -> 'u';
      case COMPLETED -> 'c';
      case FAILED -> 'f';
      case CANCELLED -> 'x';
      case REFUSED -> 'n';
      case QUARANTINED -> 'q';
    };
  }

  private static long ordered(long value) {
    return value ^ Long.MIN_VALUE;
  }

  /** The task of a key that {@link #task} made. */
  static String taskOf(Bytes key) {
    byte[] bytes = key.get();
    return text(bytes, endOfId(bytes, 1) + 1, bytes.length);
  }

  private static int endOfId(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != END) {
      at++;
    }
    return at;
  }

  private static Bytes simple(byte kind, String id) {
    byte[] bytes = utf8(id);
    return Bytes.wrap(ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).array());
  }

  private static Bytes ofWorkflow(byte kind, String workflowId, String rest) {
    byte[] workflow = utf8(workflowId);
    byte[] tail = utf8(rest);
    return Bytes.wrap(
        ByteBuffer.allocate(1 + workflow.length + 1 + tail.length)
            .put(kind)
            .put(workflow)
            .put(END)
            .put(tail)
            .array());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
