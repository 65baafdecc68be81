package io.ligature.state.stream;

import io.ligature.avro.Failure;
import io.ligature.avro.ParentLink;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.Money;
import io.ligature.state.engine.Cause;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Effect;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One command for one workflow, made when its turn comes: what it is made of may be missing, and
 * then that workflow alone is quarantined.
 */
record Step(String workflowId, Cause cause, Supplier<Command> command) {

  static final String OF_CHILD = "ChildWorkflow";
  static final String OF_PARENT = Cause.OF_PARENT;

  private static final String ENGINE = "engine";

  static Step of(Command command) {
    return new Step(command.workflowId(), command.cause(), () -> command);
  }

  /**
   * What an effect asks of another workflow of the same tree; null when it asks nothing of one.
   *
   * @param cause of the transition that made the effect
   * @param definitions the kept texts; throws for one that is not there
   */
  static @Nullable Step of(
      Effect effect, Cause cause, Function<DefinitionRef, WorkflowDefinition> definitions) {
    return switch (effect) {
      case Effect.StartChild child -> start(child, cause, definitions);
      case Effect.CancelChild(String child, String reason, boolean compensate) -> {
        Cause own = cause(cause, OF_PARENT, child);
        yield of(new Command.CancelWorkflow(child, reason, compensate, own));
      }
      case Effect.PauseChild(String child, String reason) ->
          of(new Command.PauseWorkflow(child, reason, cause(cause, OF_PARENT, child)));
      case Effect.ResumeChild(String child, String reason) ->
          of(new Command.ResumeWorkflow(child, reason, cause(cause, OF_PARENT, child)));
      case Effect.ReportToParent report -> {
        Cause own = cause(cause, OF_CHILD, report.childWorkflowId());
        yield of(
            new Command.ReportChild(
                report.parent(),
                report.childWorkflowId(),
                report.status(),
                report.output(),
                report.failure(),
                report.spent(),
                own));
      }
      case Effect.DispatchTask e -> null;
      case Effect.CancelTask e -> null;
      case Effect.RequestReview e -> null;
      case Effect.WithdrawReview e -> null;
      case Effect.SetTimer e -> null;
      case Effect.ClearTimer e -> null;
    };
  }

  /** Tells the parent of a quarantined workflow; empty when it has none. */
  static Optional<Step> quarantined(String workflowId, Cause cause, String reason, Money spent) {
    return ChildId.parse(workflowId)
        .map(
            child ->
                of(
                    new Command.ReportChild(
                        new ParentLink(
                            child.parent(),
                            ChildId.rootOf(workflowId),
                            child.task(),
                            child.attempt(),
                            child.depth()),
                        workflowId,
                        "failed",
                        null,
                        new Failure("quarantined", reason, null, false),
                        spent,
                        cause(cause, OF_CHILD, workflowId))));
  }

  private static Step start(
      Effect.StartChild child,
      Cause cause,
      Function<DefinitionRef, WorkflowDefinition> definitions) {
    String id = child.start().getWorkflowId();
    Cause own = cause(cause, OF_CHILD, id);
    return new Step(
        id,
        own,
        () ->
            new Command.StartWorkflow(
                new StartAccepted(
                    child.start(),
                    definitions.apply(child.definition()),
                    own.at(),
                    child.pins(),
                    List.of(),
                    child.parent(),
                    null),
                own));
  }

  private static Cause cause(Cause before, String input, String childWorkflowId) {
    return new Cause(before.at(), ENGINE, input, childWorkflowId);
  }
}
