package io.ligature.schemas.wire;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatistics;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.RerunWorkflow;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.ReviewAnswer;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.avro.RouterReport;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.SkipTask;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.StartRefused;
import io.ligature.avro.StatisticsPosition;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskPartial;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.TaskUnplaced;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowStart;
import java.util.List;
import org.apache.avro.Schema;

/** The records that stand on topics by themselves; each is one subject of the registry. */
public final class Records {

  public static final List<Schema> ALL =
      List.of(
          WorkflowStart.getClassSchema(),
          WorkflowDefinition.getClassSchema(),
          StartAccepted.getClassSchema(),
          StartRefused.getClassSchema(),
          TaskEnvelope.getClassSchema(),
          TaskAssignment.getClassSchema(),
          TaskCancel.getClassSchema(),
          TaskResult.getClassSchema(),
          TaskStarted.getClassSchema(),
          TaskProgress.getClassSchema(),
          TaskUnplaced.getClassSchema(),
          TaskPartial.getClassSchema(),
          ShadowResult.getClassSchema(),
          NeedsReview.getClassSchema(),
          ReviewWithdrawn.getClassSchema(),
          ReviewCommand.getClassSchema(),
          ReviewDecision.getClassSchema(),
          ReviewTrailEntry.getClassSchema(),
          ReviewAnswer.getClassSchema(),
          CancelWorkflow.getClassSchema(),
          PauseWorkflow.getClassSchema(),
          ResumeWorkflow.getClassSchema(),
          SignalWorkflow.getClassSchema(),
          RetryTask.getClassSchema(),
          SkipTask.getClassSchema(),
          RerunWorkflow.getClassSchema(),
          ExtendBudget.getClassSchema(),
          AgentRegistration.getClassSchema(),
          AgentStatus.getClassSchema(),
          AgentStatistics.getClassSchema(),
          StatisticsPosition.getClassSchema(),
          RouterReport.getClassSchema(),
          WorkflowEvent.getClassSchema());

  private Records() {}
}
