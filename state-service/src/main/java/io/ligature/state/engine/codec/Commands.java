package io.ligature.state.engine.codec;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.RerunWorkflow;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.SkipTask;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.StartRefused;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.Money;
import io.ligature.state.engine.Cause;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Timer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.avro.specific.SpecificRecord;

/** Makes commands from the records of the inbox. */
public final class Commands {

  private Commands() {}

  /**
   * @param now the command's "now"
   * @throws IllegalArgumentException when such a record does not belong into the inbox
   */
  public static Command of(SpecificRecord record, Instant now) {
    return switch (record) {
      case StartAccepted r ->
          new Command.StartWorkflow(
              r, cause(now, r.getStart().getRequester(), r, r.getStart().getWorkflowId()));
      case StartRefused r ->
          new Command.RefuseStart(
              r, cause(now, r.getStart().getRequester(), r, r.getStart().getWorkflowId()));
      case TaskResult r ->
          new Command.ReportResult(r, cause(now, "executor:" + r.getExecutor(), r, r.getId()));
      case TaskStarted r ->
          new Command.ReportStarted(r, cause(now, "executor:" + r.getExecutor(), r, r.getId()));
      case TaskProgress r ->
          new Command.ReportProgress(r, cause(now, "executor:" + r.getExecutor(), r, r.getId()));
      case ShadowResult r ->
          new Command.ReportShadow(
              r, cause(now, "executor:" + r.getExecutor(), r, r.getId() + "@" + r.getAgent()));
      case TaskUnplaced r -> new Command.ReportUnplaced(r, cause(now, "router", r, r.getId()));
      case ReviewDecision r ->
          new Command.DecideReview(r, cause(now, r.getReviewer(), r, r.getDecisionId()));
      case CancelWorkflow r ->
          new Command.CancelWorkflow(
              r.getWorkflowId(),
              r.getReason(),
              r.getCompensate(),
              cause(now, r.getActor(), r, r.getCommandId()));
      case ExtendBudget r ->
          new Command.ExtendBudget(
              r.getWorkflowId(),
              Money.of(r.getAmount()),
              r.getReason(),
              cause(now, r.getActor(), r, r.getCommandId()));
      case PauseWorkflow r ->
          new Command.PauseWorkflow(
              r.getWorkflowId(), r.getReason(), cause(now, r.getActor(), r, r.getCommandId()));
      case ResumeWorkflow r ->
          new Command.ResumeWorkflow(
              r.getWorkflowId(), r.getReason(), cause(now, r.getActor(), r, r.getCommandId()));
      case SignalWorkflow r ->
          new Command.Signal(
              r.getWorkflowId(),
              r.getName(),
              r.getCorrelation(),
              r.getPayload(),
              cause(now, r.getActor(), r, r.getCommandId()));
      case RetryTask r ->
          new Command.RetryTask(
              r.getWorkflowId(),
              r.getTask(),
              r.getInput(),
              r.getReason(),
              cause(now, r.getActor(), r, r.getCommandId()));
      case SkipTask r ->
          new Command.SkipTask(
              r.getWorkflowId(),
              r.getTask(),
              r.getReason(),
              cause(now, r.getActor(), r, r.getCommandId()));
      case RerunWorkflow r ->
          unsupported(r.getWorkflowId(), cause(now, r.getActor(), r, r.getCommandId()));
      default ->
          throw new IllegalArgumentException(
              "a " + record.getSchema().getFullName() + " does not belong into the inbox");
    };
  }

  /** A timer that is due. */
  public static Command fire(Timer timer, Instant now) {
    String id =
        timer.isDeadline()
            ? timer.workflowId() + "@" + timer.due()
            : timer.workflowId() + "/" + timer.task() + "@" + timer.due();
    return new Command.FireTimer(
        timer, new Cause(now.truncatedTo(ChronoUnit.MILLIS), "timer", "Timer", id));
  }

  private static Command unsupported(String workflowId, Cause cause) {
    return new Command.Unsupported(
        workflowId,
        cause.input() + " is no command for a workflow that runs; ask POST /workflows/{id}/rerun",
        cause);
  }

  private static Cause cause(Instant now, String actor, SpecificRecord record, String id) {
    return new Cause(now.truncatedTo(ChronoUnit.MILLIS), actor, record.getSchema().getName(), id);
  }
}
