package io.ligature.state.stream;

import io.ligature.avro.Payload;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Plan;
import io.ligature.state.engine.Slot;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.TaskState;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads workflows out of the store while it is being written. What it gives is the newest there is,
 * also of a transaction that has not been committed yet.
 */
public final class WorkflowQueries {

  private final Supplier<@Nullable KafkaStreams> streams;
  private final RecordCodec codec;
  private final PlanCache plans;
  private final Optional<HostInfo> own;
  private final Turns turns;

  /** The store cannot be read now: it is being started, restored, or moved. */
  public static final class NotReadyException extends RuntimeException {
    NotReadyException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Another instance has the workflow. */
  public static final class ElsewhereException extends RuntimeException {
    private final HostInfo host;

    ElsewhereException(HostInfo host) {
      super("the workflow is kept by " + host.host() + ":" + host.port());
      this.host = host;
    }

    public HostInfo host() {
      return host;
    }
  }

  /**
   * A workflow with its definition's own tasks, and not those inside of them.
   *
   * @param plan null when it never had a definition; then there are no tasks
   * @param tasks by name, in the definition's order; one that has no row is pending
   * @param payloads the input, the result, the tasks' outputs, and the subjects of open reviews
   */
  public record Found(
      WorkflowRow workflow,
      @Nullable Plan plan,
      Map<String, TaskRow> tasks,
      Map<Slot, Payload> payloads) {}

  /**
   * Tasks that have a row, in the order of their paths; a pending one need not have any.
   *
   * @param next path of the last, behind which the next page begins; null: there are no more
   */
  public record TaskPage(List<TaskRow> tasks, @Nullable String next) {}

  /**
   * Children of one workflow, in the order of their ids.
   *
   * @param next id behind which the next page begins; null: there are no more
   */
  public record ChildPage(List<WorkflowRow> children, @Nullable String next) {}

  /**
   * A page of a workflow's tasks.
   *
   * @param plan null when it never had a definition
   */
  public record FoundPage(@Nullable Plan plan, TaskPage page) {}

  /**
   * @param next position behind the last entry; null: there are no more
   */
  public record Page(List<WorkflowRow> workflows, @Nullable Bytes next) {}

  /**
   * What a page holds.
   *
   * @param after position behind which it begins; null: the newest workflow
   * @param limit most entries
   * @param maxScan most index rows looked at; a page may then be short and still have a next one
   */
  public record Question(
      Set<WorkflowStatus> statuses,
      Predicate<WorkflowRow> filter,
      @Nullable Bytes after,
      int limit,
      int maxScan) {}

  public WorkflowQueries(
      Supplier<@Nullable KafkaStreams> streams,
      RecordCodec codec,
      PlanCache plans,
      Optional<HostInfo> own,
      Turns turns) {
    this.streams = streams;
    this.codec = codec;
    this.plans = plans;
    this.own = own;
    this.turns = turns;
  }

  /**
   * @throws NotReadyException when the store cannot be read now
   * @throws ElsewhereException when another instance has it
   */
  public Optional<WorkflowRow> header(String workflowId) {
    return Optional.ofNullable(rowsOf(workflowId).workflow(workflowId));
  }

  /**
   * @throws NotReadyException when the store cannot be read now
   * @throws ElsewhereException when another instance has it
   */
  public Optional<Found> find(String workflowId) {
    WorkflowRows rows = rowsOf(workflowId);
    return turns.read(
        workflowId, () -> Optional.ofNullable(found(rows, workflowId, ref -> plan(rows, ref))));
  }

  static @Nullable Found found(
      WorkflowRows rows, String workflowId, Function<DefinitionRef, @Nullable Plan> plans) {
    WorkflowRow workflow = rows.workflow(workflowId);
    if (workflow == null) {
      return null;
    }
    Plan plan = plans.apply(workflow.definition());
    Map<Slot, Payload> payloads = new HashMap<>();
    keep(rows, workflowId, Slot.INPUT, payloads);
    keep(rows, workflowId, Slot.RESULT, payloads);
    Map<String, TaskRow> tasks = new LinkedHashMap<>();
    Set<String> names = plan == null ? Set.of() : plan.definition().tasks().keySet();
    for (String name : names) {
      TaskRow row = rows.task(workflowId, name);
      tasks.put(name, row == null ? TaskRow.pending(workflowId, name) : row);
      if (row != null) {
        keep(rows, workflowId, Slot.output(name), payloads);
        if (row.state() instanceof TaskState.WaitingForReview) {
          keep(rows, workflowId, Slot.subject(name), payloads);
        }
      }
    }
    return new Found(workflow, plan, tasks, payloads);
  }

  private static void keep(
      WorkflowRows rows, String workflowId, Slot slot, Map<Slot, Payload> payloads) {
    Payload payload = rows.payload(workflowId, slot);
    if (payload != null) {
      payloads.put(slot, payload);
    }
  }

  /**
   * So many rows of the workflow's tasks, also of those inside of others.
   *
   * @param after path of the task behind which the page begins; null: the first
   * @throws NotReadyException when the store cannot be read now
   * @throws ElsewhereException when another instance has it
   */
  public Optional<FoundPage> tasks(String workflowId, @Nullable String after, int limit) {
    WorkflowRows rows = rowsOf(workflowId);
    return turns.read(
        workflowId,
        () ->
            Optional.ofNullable(rows.workflow(workflowId))
                .map(
                    workflow ->
                        new FoundPage(
                            plan(rows, workflow.definition()),
                            rows.tasks(workflowId, after, limit))));
  }

  /**
   * Its own children; those of its children are found under theirs.
   *
   * @param after id of the child behind which the page begins; null: the first
   * @param maxScan most descendants looked at; a page may then be short and still have a next one
   * @throws NotReadyException when the store cannot be read now
   * @throws ElsewhereException when another instance has it
   */
  public ChildPage children(String workflowId, @Nullable String after, int limit, int maxScan) {
    return rowsOf(workflowId).children(workflowId, after, limit, maxScan);
  }

  /** Newest first, over the partitions of this instance. */
  public Page list(Question question) {
    List<Cursor> cursors = new ArrayList<>();
    try {
      for (int partition : partitions()) {
        ReadOnlyKeyValueStore<Bytes, byte[]> store = store(partition);
        for (WorkflowStatus status : question.statuses()) {
          cursors.add(new Cursor(store, status, question.after()));
        }
      }
      return merge(cursors, question);
    } finally {
      cursors.forEach(Cursor::close);
    }
  }

  private Page merge(List<Cursor> cursors, Question question) {
    PriorityQueue<Cursor> heads = new PriorityQueue<>(Comparator.comparing(Cursor::position));
    cursors.stream().filter(Cursor::advance).forEach(heads::add);
    List<WorkflowRow> found = new ArrayList<>();
    Bytes last = null;
    for (int scanned = 0; !heads.isEmpty(); scanned++) {
      if (found.size() == question.limit() || scanned == question.maxScan()) {
        return new Page(found, last);
      }
      Cursor head = heads.remove();
      last = head.position();
      WorkflowRow row = new WorkflowRows(head.store, codec).workflow(head.workflowId());
      // The index row may be older than the header while both are being written.
      if (row != null && question.filter().test(row)) {
        found.add(row);
      }
      if (head.advance()) {
        heads.add(head);
      }
    }
    return new Page(found, null);
  }

  private @Nullable Plan plan(WorkflowRows rows, DefinitionRef ref) {
    return ref.version() == 0
        ? null
        : plans.plan(
            ref,
            () ->
                rows.definition(ref)
                    .orElseThrow(() -> new IllegalStateException("no definition " + ref)));
  }

  /** A tree of workflows is in one partition: that of its root. */
  private WorkflowRows rowsOf(String workflowId) {
    KafkaStreams client = client();
    String root = ChildId.rootOf(workflowId);
    try {
      KeyQueryMetadata at =
          client.queryMetadataForKey(StateTopology.STORE, root, new StringSerializer());
      if (at == null || at.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
        throw new NotReadyException("the partitions are being moved", null);
      }
      if (own.isPresent() && !at.activeHost().equals(own.get())) {
        throw new ElsewhereException(at.activeHost());
      }
      return new WorkflowRows(store(at.partition()), codec);
    } catch (StreamsNotStartedException | IllegalStateException e) {
      throw new NotReadyException("the store is not open: " + e.getMessage(), e);
    }
  }

  private Set<Integer> partitions() {
    Set<Integer> partitions = new TreeSet<>();
    try {
      client()
          .metadataForLocalThreads()
          .forEach(
              thread ->
                  thread.activeTasks().forEach(task -> partitions.add(task.taskId().partition())));
    } catch (IllegalStateException e) {
      throw new NotReadyException("the store is not open: " + e.getMessage(), e);
    }
    return partitions;
  }

  private ReadOnlyKeyValueStore<Bytes, byte[]> store(int partition) {
    try {
      return client()
          .store(
              StoreQueryParameters.fromNameAndType(
                      StateTopology.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                  .withPartition(partition));
    } catch (InvalidStateStoreException e) {
      throw new NotReadyException("the store is not open: " + e.getMessage(), e);
    }
  }

  private KafkaStreams client() {
    KafkaStreams client = streams.get();
    if (client == null) {
      throw new NotReadyException("the streams have not started yet", null);
    }
    return client;
  }

  /** The index rows of one status in one partition, from a position on. */
  private static final class Cursor implements AutoCloseable {

    final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final KeyValueIterator<Bytes, byte[]> rows;
    private final Bytes prefix;
    private Bytes position = Bytes.wrap(new byte[0]);
    private String workflowId = "";

    Cursor(
        ReadOnlyKeyValueStore<Bytes, byte[]> store, WorkflowStatus status, @Nullable Bytes after) {
      this.store = store;
      this.prefix = RowKeys.allOfStatus(status);
      this.rows = store.range(after == null ? prefix : RowKeys.behind(prefix, after), null);
    }

    boolean advance() {
      if (!rows.hasNext()) {
        return false;
      }
      Bytes key = rows.next().key;
      if (!RowKeys.begins(key, prefix)) {
        return false;
      }
      position = RowKeys.statusPosition(key);
      workflowId = RowKeys.statusWorkflow(key);
      return true;
    }

    String workflowId() {
      return workflowId;
    }

    Bytes position() {
      return position;
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
