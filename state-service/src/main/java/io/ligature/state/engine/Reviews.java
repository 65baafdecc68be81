package io.ligature.state.engine;

import io.ligature.avro.BudgetExtended;
import io.ligature.avro.CommandRejected;
import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ReviewDecided;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRequested;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskSucceeded;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.DefaultLadders;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import io.ligature.schemas.definition.TaskDefinition.Step;
import io.ligature.state.engine.TaskState.Purpose;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks people and does what they decide. */
final class Reviews {

  /** The reviewer of a decision that a rule took, because nobody did in time. */
  static final String POLICY = "policy";

  /** End of the id of a decision that silence took. */
  static final String EXPIRED = ":expired";

  private static final String PASSED = ":passed";

  private static final ReviewRule RESULT_RULE = DefaultLadders.REVIEWER;

  private Reviews() {}

  /** A settled attempt that comes with its review; only for results that ask for one. */
  private record Reviewed(
      int attempt,
      @Nullable ResultMetadata metadata,
      @Nullable String agent,
      Money charged,
      boolean known) {
    static final Reviewed NOTHING = new Reviewed(0, null, null, Money.ZERO, true);
  }

  static void openGate(Transition t, String task, ReviewGate gate) {
    ReviewRules.Verdict verdict = ReviewRules.verdict(t, task, gate);
    NeedsReview review =
        Evidences.request(
            t,
            task,
            verdict.rule(),
            verdict.reason(),
            Evidences.subjectOf(t, task, gate),
            ReviewRules.endOf(t, gate),
            null,
            Purpose.GATE,
            SentBack.makerFor(t, task) != null,
            verdict.passed());
    open(t, review, Purpose.GATE, null, Reviewed.NOTHING);
    String passed = verdict.passed();
    if (passed != null) {
      take(
          t,
          task,
          Purpose.GATE,
          byPolicy(t, review.getReviewId(), PASSED, Decision.approve, passed));
    }
  }

  private static ReviewDecision byPolicy(
      Transition t, String reviewId, String ending, Decision decision, String reason) {
    return new ReviewDecision(
        reviewId + ending,
        reviewId,
        t.workflow().workflowId(),
        t.workflow().rootWorkflowId(),
        decision,
        POLICY,
        POLICY,
        reason,
        null,
        t.now());
  }

  static void openForResult(
      Transition t, AttemptId id, TaskResult result, Money charged, boolean known) {
    Failure error = result.getError();
    boolean work = result.getOutput() == null;
    ReviewRule rule = ruleFor(t.definitionOf(id.task()));
    String said = error == null ? null : error.getMessage();
    Purpose purpose = work ? Purpose.WORK : Purpose.RESULT;
    NeedsReview review =
        Evidences.request(
            t,
            id.task(),
            work ? editable(rule) : rule,
            work ? workReason(said) : said == null ? "the agent asks for a review" : said,
            result.getOutput(),
            null,
            result,
            purpose,
            t.definitionOf(id.task()).isRetried(),
            null);
    open(
        t,
        review,
        purpose,
        null,
        new Reviewed(id.number(), result.getMetadata(), result.getAgent(), charged, known));
  }

  /** Whoever does a task gives its output. */
  private static ReviewRule editable(ReviewRule rule) {
    return new ReviewRule(rule.role(), rule.quorum(), rule.fourEyes(), true, rule.terms());
  }

  private static String workReason(@Nullable String said) {
    return "a person does this task" + (said == null ? "" : ": " + said);
  }

  private static ReviewRule ruleFor(TaskDefinition definition) {
    for (Step step : Remedies.ladder(definition, ErrorKind.LOW_CONFIDENCE)) {
      if (step instanceof AskForReview(ReviewRule rule)) {
        return rule;
      }
    }
    return RESULT_RULE;
  }

  static void openForFailure(Transition t, String task, ReviewRule rule, Failure failure) {
    TaskRow row = t.task(task);
    boolean canBegin = row.inner() == null && !(row.state() instanceof TaskState.BeingJudged);
    if (canBegin && failure.getKind().equals(ErrorKind.BUDGET_EXCEEDED.wireName())) {
      openForBudget(t, task, rule, failure.getMessage());
      return;
    }
    NeedsReview review =
        Evidences.request(
            t,
            task,
            rule,
            failure.getKind() + ": " + failure.getMessage(),
            t.state().payload(Slot.subject(task)),
            null,
            null,
            Purpose.RESULT,
            t.definitionOf(task).isRetried(),
            null);
    open(t, review, Purpose.RESULT, failure.getKind(), Reviewed.NOTHING);
  }

  static void openForBudget(Transition t, String task, ReviewRule rule, String message) {
    NeedsReview review =
        Evidences.request(
            t,
            task,
            rule,
            "budget: " + message + "; approving raises the budget by what is missing",
            null,
            null,
            null,
            Purpose.BUDGET,
            false,
            null);
    open(t, review, Purpose.BUDGET, ErrorKind.BUDGET_EXCEEDED.wireName(), Reviewed.NOTHING);
  }

  private static void open(
      Transition t, NeedsReview review, Purpose purpose, @Nullable String kind, Reviewed of) {
    t.emit(
        new Event.ReviewRequested(
            new ReviewRequested(
                review,
                of.metadata(),
                of.agent(),
                of.attempt(),
                of.charged().toDecimal(),
                of.known(),
                purpose.name().toLowerCase(Locale.ROOT),
                kind)));
  }

  static @Nullable String decide(Transition t, ReviewDecision decision) {
    String task = taskOf(t, decision.getReviewId());
    if (task == null) {
      return "a decision on an unknown review: " + decision.getReviewId();
    }
    TaskRow row = t.task(task);
    ReviewRow open = row.review();
    if (!t.isOpen()
        || open == null
        || !open.reviewId().equals(decision.getReviewId())
        || !(row.state() instanceof TaskState.WaitingForReview waiting)) {
      return "nobody waits for review " + decision.getReviewId();
    }
    take(t, task, waiting.purpose(), decision);
    return null;
  }

  private static @Nullable String taskOf(Transition t, String reviewId) {
    String prefix = t.state().workflowId() + ":";
    int last = reviewId.lastIndexOf(':');
    if (!reviewId.startsWith(prefix) || last <= prefix.length()) {
      return null;
    }
    String task = reviewId.substring(prefix.length(), last);
    return t.plan().has(task) ? task : null;
  }

  /** Nobody decided in time, and the approval service did not say so either. */
  static void expire(Transition t, String task) {
    TaskRow row = t.task(task);
    ReviewRow open = row.review();
    if (open == null || !(row.state() instanceof TaskState.WaitingForReview waiting)) {
      throw new IllegalStateException("expected an open review of " + task);
    }
    TaskDefinition.Silence silence = ReviewRules.silenceOf(t.definitionOf(task));
    take(
        t,
        task,
        waiting.purpose(),
        byPolicy(
            t,
            open.reviewId(),
            EXPIRED,
            ReviewRules.decisionOf(silence),
            ReviewRules.meaning(silence)));
  }

  private static void take(Transition t, String task, Purpose purpose, ReviewDecision decision) {
    t.emit(new Event.ReviewDecided(new ReviewDecided(task, decision)));
    switch (decision.getDecision()) {
      case approve -> approve(t, task, purpose);
      case edit_and_approve -> {
        boolean nothing = purpose == Purpose.WORK && decision.getEditedOutput() == null;
        if (purpose == Purpose.BUDGET || nothing) {
          approve(t, task, purpose);
        } else {
          succeed(t, task, decision.getEditedOutput(), Grade.human_edited);
        }
      }
      case reject -> reject(t, task, purpose, decision);
      case request_changes -> requestChanges(t, task, purpose, decision);
      case abort ->
          Ending.cancel(
              t,
              "aborted in review by " + decision.getReviewer() + ": " + decision.getReason(),
              true);
    }
  }

  private static void approve(Transition t, String task, Purpose purpose) {
    switch (purpose) {
      case GATE, RESULT -> {
        Payload subject = t.state().payload(Slot.subject(task));
        AttemptRow last = t.task(task).lastAttempt();
        Grade made = last == null ? null : last.grade();
        Grade grade = subject == null && purpose == Purpose.RESULT ? Grade.degraded : made;
        succeed(t, task, subject, grade == null ? Grade.clean : grade);
      }
      case BUDGET -> {
        Money hold = wantedBy(t.definitionOf(task));
        Money left = Books.ledger(t.state(), task).left();
        if (left != null && hold.compareTo(left) > 0) {
          String scope = Books.scope(t.state(), task);
          t.emit(
              new Event.BudgetExtended(
                  new BudgetExtended(
                      hold.minus(left).toDecimal(),
                      "approved so that " + task + " can go on",
                      scope.isEmpty() ? null : scope)));
        }
        Scheduling.next(t, task);
      }
      case WORK -> refuse(t, task, purpose, "this task is done by a person: give the output");
    }
  }

  static Money wantedBy(TaskDefinition definition) {
    TaskDefinition.Share share = definition.budget();
    if (share != null) {
      return share.maxCost();
    }
    return definition.action() instanceof TaskDefinition.AgentWork work
        ? Attempts.holdOf(work)
        : Money.ZERO;
  }

  private static void succeed(Transition t, String task, @Nullable Payload output, Grade grade) {
    TaskRow row = t.task(task);
    AttemptRow last = row.lastAttempt();
    t.emit(
        new Event.TaskSucceeded(
            new TaskSucceeded(
                task,
                row.attempt(),
                last == null ? null : last.agent(),
                output,
                null,
                grade,
                Money.ZERO.toDecimal(),
                true)));
  }

  private static void reject(Transition t, String task, Purpose purpose, ReviewDecision decision) {
    String who =
        decision.getReviewer().equals(POLICY)
            ? decision.getReason()
            : "rejected by " + decision.getReviewer() + ": " + decision.getReason();
    switch (purpose) {
      case BUDGET ->
          Scheduling.fail(
              t, task, new Failure(ErrorKind.BUDGET_EXCEEDED.wireName(), who, null, false));
      case GATE, RESULT, WORK ->
          Remedies.apply(
              t, task, new Failure(ErrorKind.REJECTED_BY_REVIEWER.wireName(), who, null, false));
    }
  }

  /** A reviewed result is made again, and what a gate is about by the task that made it. */
  private static void requestChanges(
      Transition t, String task, Purpose purpose, ReviewDecision decision) {
    String maker = purpose == Purpose.GATE ? SentBack.makerFor(t, task) : null;
    if (maker != null) {
      SentBack.send(t, task, maker, decision.getReviewer(), decision.getReason());
      return;
    }
    boolean made = purpose == Purpose.RESULT || purpose == Purpose.WORK;
    if (made && t.definitionOf(task).isRetried()) {
      Scheduling.next(t, task);
    } else {
      refuse(
          t,
          task,
          purpose,
          "nothing can be done again for this review: changes can be asked for of a result, and at a"
              + " gate for the output of one agent's task that nothing else has followed from; the"
              + " review is open again: approve, edit or reject it");
    }
  }

  /** The decision cannot be carried out: the question is asked once more. */
  private static void refuse(Transition t, String task, Purpose purpose, String why) {
    t.emit(new Event.CommandRejected(new CommandRejected("ReviewDecision", why)));
    reopen(t, task, purpose);
  }

  private static void reopen(Transition t, String task, Purpose purpose) {
    switch (purpose) {
      case GATE -> Scheduling.next(t, task);
      case BUDGET -> openForBudget(t, task, Attempts.BUDGET_RULE, "the next attempt does not fit");
      case WORK -> {
        ReviewRule rule = editable(ruleFor(t.definitionOf(task)));
        NeedsReview review =
            Evidences.request(
                t,
                task,
                rule,
                workReason("give the output"),
                null,
                null,
                null,
                Purpose.WORK,
                t.definitionOf(task).isRetried(),
                null);
        open(t, review, Purpose.WORK, null, Reviewed.NOTHING);
      }
      case RESULT ->
          openForFailure(
              t,
              task,
              RESULT_RULE,
              new Failure(
                  ErrorKind.REJECTED_BY_REVIEWER.wireName(),
                  "changes cannot be made here: approve, edit or reject what there is",
                  null,
                  false));
    }
  }
}
