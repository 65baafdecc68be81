package io.ligature.state.stream;

import io.ligature.avro.Payload;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.engine.Changes;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Rows;
import io.ligature.state.engine.Slot;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import io.ligature.state.engine.codec.RowCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The engine's rows as bytes in one store; reading for everyone, writing for the one writer. */
final class WorkflowRows implements Rows {

  private static final byte[] NOTHING = new byte[0];

  private final ReadOnlyKeyValueStore<Bytes, byte[]> rows;
  private final RecordCodec records;

  WorkflowRows(ReadOnlyKeyValueStore<Bytes, byte[]> rows, RecordCodec records) {
    this.rows = rows;
    this.records = records;
  }

  @Override
  public @Nullable WorkflowRow workflow(String workflowId) {
    byte[] row = rows.get(RowKeys.header(workflowId));
    return row == null ? null : RowCodec.decodeWorkflow(workflowId, row);
  }

  @Override
  public @Nullable TaskRow task(String workflowId, String task) {
    byte[] row = rows.get(RowKeys.task(workflowId, task));
    return row == null ? null : RowCodec.decodeTask(workflowId, task, row);
  }

  @Override
  public @Nullable Payload payload(String workflowId, Slot slot) {
    byte[] row = rows.get(RowKeys.payload(workflowId, slot));
    return row == null ? null : RowCodec.decodePayload(row);
  }

  /** So many rows of a workflow's tasks, in the order of their paths, behind one. */
  WorkflowQueries.TaskPage tasks(String workflowId, @Nullable String after, int limit) {
    Bytes prefix = RowKeys.allOf(RowKeys.TASK, workflowId);
    Bytes from = after == null ? prefix : behind(RowKeys.task(workflowId, after));
    List<TaskRow> tasks = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = rows.range(from, null)) {
      while (found.hasNext()) {
        KeyValue<Bytes, byte[]> row = found.next();
        if (!RowKeys.begins(row.key, prefix)) {
          break;
        }
        if (tasks.size() == limit) {
          return new WorkflowQueries.TaskPage(tasks, tasks.getLast().task());
        }
        tasks.add(RowCodec.decodeTask(workflowId, RowKeys.taskOf(row.key), row.value));
      }
    }
    return new WorkflowQueries.TaskPage(tasks, null);
  }

  /** Its own children, not those of its children, in the order of their ids. */
  WorkflowQueries.ChildPage children(
      String workflowId, @Nullable String after, int limit, int maxScan) {
    Bytes prefix = RowKeys.header(workflowId + ":");
    Bytes from = after == null ? prefix : behind(RowKeys.header(after));
    List<WorkflowRow> children = new ArrayList<>();
    String last = null;
    try (KeyValueIterator<Bytes, byte[]> found = rows.range(from, null)) {
      for (int scanned = 0; found.hasNext(); scanned++) {
        KeyValue<Bytes, byte[]> row = found.next();
        if (!RowKeys.begins(row.key, prefix)) {
          break;
        }
        if (children.size() == limit || scanned == maxScan) {
          return new WorkflowQueries.ChildPage(children, last);
        }
        String id = headerWorkflow(row.key);
        last = id;
        if (ChildId.parse(id).filter(child -> child.parent().equals(workflowId)).isPresent()) {
          children.add(RowCodec.decodeWorkflow(id, row.value));
        }
      }
    }
    return new WorkflowQueries.ChildPage(children, null);
  }

  /** How many have not ended; looks at the index row of each of those. */
  long countOpen() {
    long open = 0;
    for (WorkflowStatus status : WorkflowStatus.values()) {
      if (status.isOpen()) {
        try (KeyValueIterator<Bytes, byte[]> found =
            rows.prefixScan(RowKeys.allOfStatus(status), new BytesSerializer())) {
          for (; found.hasNext(); found.next()) {
            open++;
          }
        }
      }
    }
    return open;
  }

  Optional<WorkflowDefinition> definition(DefinitionRef ref) {
    byte[] row = rows.get(RowKeys.definition(ref));
    if (row == null) {
      return Optional.empty();
    }
    try {
      return records.decode(row) instanceof WorkflowDefinition definition
          ? Optional.of(definition)
          : Optional.empty();
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException(
          "the kept definition " + ref.name() + ":" + ref.version() + " cannot be read", e);
    }
  }

  /** Writes what a transition changed, and moves the workflow in the index by status. */
  static void write(
      KeyValueStore<Bytes, byte[]> store, Changes changes, @Nullable WorkflowRow before) {
    for (WorkflowRow row : changes.workflows()) {
      store.put(RowKeys.header(row.workflowId()), RowCodec.encode(row));
      boolean same = before != null && before.workflowId().equals(row.workflowId());
      index(store, row, same ? before : null);
    }
    for (TaskRow row : changes.tasks()) {
      store.put(RowKeys.task(row.workflowId(), row.task()), RowCodec.encode(row));
    }
    for (Changes.PayloadChange change : changes.payloads()) {
      Payload payload = change.payload();
      Bytes key = RowKeys.payload(change.workflowId(), change.slot());
      store.put(key, payload == null ? null : RowCodec.encode(payload));
    }
  }

  static void keepDefinition(
      KeyValueStore<Bytes, byte[]> store, WorkflowDefinition definition, RecordCodec records) {
    Bytes key = RowKeys.definition(ref(definition));
    if (store.get(key) == null) {
      store.put(key, records.encode(definition));
    }
  }

  static DefinitionRef ref(WorkflowDefinition definition) {
    return new DefinitionRef(definition.getName(), definition.getVersion(), definition.getSha256());
  }

  private static void index(
      KeyValueStore<Bytes, byte[]> store, WorkflowRow row, @Nullable WorkflowRow before) {
    if (before != null && before.status() == row.status()) {
      return;
    }
    if (before != null) {
      store.delete(RowKeys.status(before.status(), before.startedAt(), before.workflowId()));
    }
    store.put(RowKeys.status(row.status(), row.startedAt(), row.workflowId()), NOTHING);
  }

  /** The least key behind a key. */
  private static Bytes behind(Bytes key) {
    return RowKeys.behind(key, Bytes.wrap(NOTHING));
  }

  private static String headerWorkflow(Bytes key) {
    return new String(key.get(), 1, key.get().length - 1, StandardCharsets.UTF_8);
  }
}
