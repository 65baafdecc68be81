package io.ligature.schemas.definition;

import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Definition.OnExceeded;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Share;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what tasks may cost fits into what they are paid from: one attempt of each, the share
 * of each, and all that is surely held at once when a budget or a share is opened.
 */
final class BudgetChecks {

  private final Findings findings;
  private final OnExceeded usual;

  BudgetChecks(Findings findings, @Nullable OnExceeded usual) {
    this.findings = findings;
    this.usual = Objects.requireNonNullElse(usual, OnExceeded.FAIL);
  }

  /**
   * Money that tasks are paid from.
   *
   * @param kind budget or share
   * @param what it is called in messages
   * @param place of its amount
   */
  private record Purse(String kind, String what, Money most, OnExceeded onExceeded, String place) {
    boolean covers(Money amount) {
      return amount.compareTo(most) <= 0;
    }
  }

  void check(Definition definition) {
    Definition.BudgetRule budget = definition.budget();
    Purse purse =
        budget == null
            ? null
            : new Purse(
                "budget",
                "the whole budget of " + budget.maxCost(),
                budget.maxCost(),
                budget.onExceeded(),
                "/budget/maxCost");
    if (purse != null) {
      checkStart(FirstHolds.of(definition.tasks().values()), purse);
    }
    checkBlock(definition.tasks(), "", purse);
  }

  private void checkBlock(Map<String, TaskDefinition> tasks, String place, @Nullable Purse purse) {
    tasks.forEach(
        (name, task) -> check(task, name, LocatedDocument.child(place + "/tasks", name), purse));
  }

  /**
   * @param name of the task, or of the nearest one around it that has one
   */
  private void check(TaskDefinition task, String name, String place, @Nullable Purse purse) {
    Purse inside = purse;
    Share share = task.budget();
    if (share != null) {
      String amount = place + "/budget/maxCost";
      checkFits(
          "the share of '" + name + "' is " + share.maxCost(), share.maxCost(), purse, amount);
      inside =
          new Purse(
              "share",
              "the share of '" + name + "', " + share.maxCost(),
              share.maxCost(),
              Objects.requireNonNullElse(share.onExceeded(), usual),
              amount);
      checkStart(FirstHolds.inside(task), inside);
    }
    switch (task.action()) {
      case AgentWork work -> checkWork(work, name, place, purse);
      case ForEach each -> check(each.body(), name, place + "/forEach/do", inside);
      case Repeat repeat -> check(repeat.body(), name, place + "/repeat/do", inside);
      case Choose choose -> {
        for (int i = 0; i < choose.branches().size(); i++) {
          check(choose.branches().get(i).body(), name, place + "/choose/" + i + "/do", inside);
        }
      }
      case Block block -> checkBlock(block.tasks(), place, inside);
      case TaskDefinition.ReviewGate _,
          TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _ -> {}
    }
  }

  /** A result is paid when its critic is asked: both must fit together. */
  private void checkWork(AgentWork work, String name, String place, @Nullable Purse purse) {
    Money most = work.limits().maxCost();
    if (most != null) {
      checkFits(
          "one attempt of '" + name + "' may cost " + most,
          most,
          purse,
          place + "/constraints/maxCost");
    }
    TaskDefinition.Validation validation = work.validation();
    Money judged = validation == null ? null : validation.critic().limits().maxCost();
    if (judged != null && (most == null || purse == null || purse.covers(most))) {
      Money together = most == null ? judged : most.plus(judged);
      checkFits(
          "one attempt of '" + name + "' and its critic may cost " + together,
          together,
          purse,
          place + "/validate/maxCost");
    }
  }

  private void checkFits(String what, Money amount, @Nullable Purse purse, String place) {
    if (purse != null && !purse.covers(amount)) {
      findings.add(
          place, what + ", more than " + purse.what(), "lower it, or raise the " + purse.kind());
    }
  }

  /** A purse that lets people decide or gives less is never too small for the start. */
  private void checkStart(List<FirstHolds.Hold> all, Purse purse) {
    List<FirstHolds.Hold> holds = all.stream().filter(hold -> purse.covers(hold.amount())).toList();
    Money together = holds.stream().map(FirstHolds.Hold::amount).reduce(Money.ZERO, Money::plus);
    if (purse.onExceeded() == OnExceeded.FAIL && !purse.covers(together)) {
      findings.add(
          purse.place(),
          "what begins together may cost "
              + together
              + ", more than "
              + purse.what()
              + ": "
              + holds.stream()
                  .map(hold -> "'" + hold.task() + "' " + hold.amount())
                  .collect(Collectors.joining(", ")),
          "raise it, lower what they may cost, or let one need the other");
    }
  }
}
