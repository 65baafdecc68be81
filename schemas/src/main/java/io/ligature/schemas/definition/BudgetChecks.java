package io.ligature.schemas.definition;

import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;

/** Checks that what tasks may cost fits into what they are paid from. */
final class BudgetChecks {

  private final Findings findings;

  BudgetChecks(Findings findings) {
    this.findings = findings;
  }

  void check(Definition definition) {
    Definition.BudgetRule budget = definition.budget();
    if (budget == null) {
      return;
    }
    for (TaskDefinition task : definition.tasks().values()) {
      Money most = task.action() instanceof AgentWork work ? work.limits().maxCost() : null;
      if (most != null && most.compareTo(budget.maxCost()) > 0) {
        findings.add(
            LocatedDocument.child("/tasks", task.name()) + "/constraints/maxCost",
            "one attempt of '"
                + task.name()
                + "' may cost "
                + most
                + ", more than the whole budget of "
                + budget.maxCost(),
            "lower it, or raise the budget");
      }
    }
  }
}
