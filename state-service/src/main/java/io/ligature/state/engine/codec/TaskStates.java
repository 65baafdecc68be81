package io.ligature.state.engine.codec;

import io.ligature.avro.Grade;
import io.ligature.state.engine.TaskState;

/** Task states as bytes: the name of the state, then its fields. */
final class TaskStates {

  private TaskStates() {}

  static void write(RowWriter w, TaskState state) {
    w.text(state.wireName());
    switch (state) {
      case TaskState.Pending s -> {}
      case TaskState.Scheduled s -> w.instant(s.expiresAt()).number(s.offers());
      case TaskState.Running s ->
          w.text(s.agent())
              .text(s.executor())
              .instant(s.since())
              .instant(s.expiresAt())
              .optional(s.share(), RowWriter::real)
              .optionalText(s.message());
      case TaskState.WaitingForAgent s ->
          w.text(s.reason()).instant(s.due()).flag(s.parked()).number(s.offers());
      case TaskState.WaitingForRetry s ->
          w.instant(s.dueAt()).all(s.excludedAgents(), RowWriter::text).text(s.reason());
      case TaskState.WaitingForReview s ->
          w.text(s.purpose().name()).optionalText(s.kind()).optionalInstant(s.expiresAt());
      case TaskState.Expanded s -> {}
      case TaskState.WaitingForTime s -> w.instant(s.dueAt());
      case TaskState.WaitingForSignal s -> w.text(s.name()).optionalText(s.correlation());
      case TaskState.WaitingForChild s ->
          w.text(s.childWorkflowId()).text(s.definition()).number(s.version());
      case TaskState.BeingJudged s -> w.number(s.attempt()).text(s.critic());
      case TaskState.Held s -> w.text(s.reason());
      case TaskState.Succeeded s -> w.text(s.grade().name());
      case TaskState.Failed s -> RowCodec.failure(w, s.failure());
      case TaskState.Skipped s -> w.text(s.reason());
      case TaskState.Cancelled s -> w.text(s.reason());
    }
  }

  static TaskState read(RowReader in) {
    String name = in.text();
    return switch (name) {
      case "pending" -> new TaskState.Pending();
      case "scheduled" -> new TaskState.Scheduled(in.instant(), in.count());
      case "running" ->
          new TaskState.Running(
              in.text(),
              in.text(),
              in.instant(),
              in.instant(),
              in.optionalReal(),
              in.optionalText());
      case "waiting_for_agent" ->
          new TaskState.WaitingForAgent(in.text(), in.instant(), in.flag(), in.count());
      case "waiting_for_retry" ->
          new TaskState.WaitingForRetry(in.instant(), in.all(RowReader::text), in.text());
      case "waiting_for_review" ->
          new TaskState.WaitingForReview(
              TaskState.Purpose.valueOf(in.text()), in.optionalText(), in.optionalInstant());
      case "expanded" -> new TaskState.Expanded();
      case "waiting_for_time" -> new TaskState.WaitingForTime(in.instant());
      case "waiting_for_signal" -> new TaskState.WaitingForSignal(in.text(), in.optionalText());
      case "waiting_for_child" -> new TaskState.WaitingForChild(in.text(), in.text(), in.count());
      case "being_judged" -> new TaskState.BeingJudged(in.count(), in.text());
      case "held" -> new TaskState.Held(in.text());
      case "succeeded" -> new TaskState.Succeeded(Grade.valueOf(in.text()));
      case "failed" -> new TaskState.Failed(RowCodec.failure(in));
      case "skipped" -> new TaskState.Skipped(in.text());
      case "cancelled" -> new TaskState.Cancelled(in.text());
      default -> throw new IllegalArgumentException("no task state is called '" + name + "'");
    };
  }
}
