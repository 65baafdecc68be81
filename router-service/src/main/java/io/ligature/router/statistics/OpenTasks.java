package io.ligature.router.statistics;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What later events of tasks that have not ended do not tell again: the capability, who was called,
 * and what became of the last attempt. Bounded; the oldest are forgotten first.
 */
final class OpenTasks {

  /** How an attempt ended that people may still decide about. */
  enum Stand {
    /** Nothing has come yet. */
    NONE,
    /** There is no result, or none that counts. */
    FAILED,
    /** A critic is to judge the result. */
    ANSWERED,
    /** The agent asked for a review. */
    ASKS,
    /** A person does the task. */
    BY_A_PERSON,
    TOO_UNSURE,
    FOUND_WRONG,
    REJECTED;

    /** As what the result was counted; null: it was not, or is none. */
    @Nullable Count count() {
      return switch (this) {
        case TOO_UNSURE -> Count.REJECTED_BY_THRESHOLD;
        case FOUND_WRONG -> Count.REJECTED_BY_VALIDATOR;
        case REJECTED -> Count.REJECTED_BY_REVIEWER;
        case NONE, FAILED, ANSWERED, ASKS, BY_A_PERSON -> null;
      };
    }

    /** There is a result whose worth a reviewer may decide about. */
    boolean isReviewable() {
      return this == ANSWERED || this == ASKS || count() != null;
    }
  }

  /** A result that a gate asks about. */
  record Subject(String agent, String capability, @Nullable Double confidence, Instant at) {}

  /** One task. */
  static final class Open {
    final long since;
    private final String workflow;
    private final String task;
    final @Nullable String capability;

    /** At a gate: what it is about. */
    List<Subject> subjects = List.of();

    @Nullable String called;
    @Nullable String agent;
    @Nullable Double confidence;
    Instant at = Instant.EPOCH;
    Stand stand = Stand.NONE;

    /** The verdict that was counted for the last result; null: none. */
    @Nullable Boolean stood;

    private Open(long since, String workflow, String task, @Nullable String capability) {
      this.since = since;
      this.workflow = workflow;
      this.task = task;
      this.capability = capability;
    }
  }

  private final int most;
  private final Map<String, Map<String, Open>> byWorkflow = new HashMap<>();
  private final TreeMap<Long, Open> byOffset = new TreeMap<>();
  private final LinkedHashMap<String, String> ended = new LinkedHashMap<>();

  OpenTasks(int most) {
    this.most = most;
  }

  Open begin(String workflow, String task, @Nullable String capability, long offset) {
    end(workflow, task);
    Open open = new Open(offset, workflow, task, capability);
    byWorkflow.computeIfAbsent(workflow, any -> new HashMap<>()).put(task, open);
    byOffset.put(offset, open);
    if (byOffset.size() > most) {
      Open oldest = byOffset.firstEntry().getValue();
      end(oldest.workflow, oldest.task);
    }
    return open;
  }

  @Nullable Open get(String workflow, String task) {
    return byWorkflow.getOrDefault(workflow, Map.of()).get(task);
  }

  void end(String workflow, String task) {
    Map<String, Open> tasks = byWorkflow.get(workflow);
    Open open = tasks == null ? null : tasks.remove(task);
    if (tasks == null || open == null) {
      return;
    }
    forget(open);
    if (tasks.isEmpty()) {
      byWorkflow.remove(workflow);
    }
  }

  void end(String workflow) {
    Map<String, Open> tasks = byWorkflow.remove(workflow);
    if (tasks != null) {
      tasks.values().forEach(this::forget);
    }
  }

  /** Also of a task that has ended, for what comes late; null: not known any more. */
  @Nullable String capabilityOf(String workflow, String task) {
    Open known = get(workflow, task);
    return known == null ? ended.get(key(workflow, task)) : known.capability;
  }

  private void forget(Open open) {
    byOffset.remove(open.since);
    if (open.capability != null) {
      ended.put(key(open.workflow, open.task), open.capability);
      if (ended.size() > most) {
        ended.remove(ended.firstEntry().getKey());
      }
    }
  }

  private static String key(String workflow, String task) {
    return workflow + "/" + task;
  }

  /** Offset of the oldest that is still open; the given one without any. */
  long oldest(long otherwise) {
    return byOffset.isEmpty() ? otherwise : Math.min(otherwise, byOffset.firstKey());
  }

  int size() {
    return byOffset.size();
  }
}
