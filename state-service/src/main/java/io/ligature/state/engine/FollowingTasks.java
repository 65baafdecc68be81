package io.ligature.state.engine;

import io.ligature.avro.Consequence;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Branch;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Share;
import io.ligature.schemas.definition.TaskDefinition.Step;
import io.ligature.schemas.definition.TaskDefinition.Validation;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A list of tasks that can run, with what each can cost at worst: the hold of one attempt, times
 * the attempts that its ladders allow. Tasks inside of others are listed in their place.
 */
final class FollowingTasks {

  private final Tuning tuning;
  private final String way;
  private final List<Consequence> listed = new ArrayList<>();
  private int more;

  /**
   * @param way of deciding that they follow from
   */
  FollowingTasks(Tuning tuning, String way) {
    this.tuning = tuning;
    this.way = way;
  }

  List<Consequence> listed() {
    return listed;
  }

  /** How many are not listed. */
  int more() {
    return more;
  }

  /**
   * Adds a task that can run.
   *
   * @param times it can, or {@link Cost#UNTOLD}
   * @return what all of it can cost
   */
  Cost add(String path, TaskDefinition task, int times, boolean conditional) {
    boolean maybe = conditional || task.when() != null;
    Share share = task.budget();
    Cost cost =
        switch (task.action()) {
          case AgentWork work ->
              addWork(
                  path,
                  task,
                  "agent",
                  attempts(task, Map.of(), tuning.maxAttempts()),
                  times,
                  maybe);
          case ReviewGate _ -> addFree(path, "review", maybe);
          case Wait _ -> addFree(path, "wait", maybe);
          case AwaitSignal _ -> addFree(path, "signal", maybe);
          case ChildWorkflow _ -> {
            Cost child = Cost.UNKNOWN.atMost(share == null ? null : share.maxCost()).times(times);
            list(new Consequence(path, way, "workflow", null, null, null, child.decimal(), maybe));
            yield child;
          }
          case ForEach each -> add(Paths.indexed(path, 0), each.body(), Cost.UNTOLD, maybe);
          case Repeat repeat ->
              add(Paths.iteration(path, 1), repeat.body(), product(times, repeat.max()), maybe);
          case Choose choose -> addBranches(path, choose.branches(), times);
          case Block block -> {
            Cost all = Cost.NONE;
            for (TaskDefinition inner : block.tasks().values()) {
              all = all.plus(add(Paths.member(path, inner.name()), inner, times, maybe));
            }
            yield all;
          }
        };
    return share == null ? cost : cost.atMost(Cost.of(share.maxCost()).times(times).most());
  }

  private Cost addBranches(String path, List<Branch> branches, int times) {
    Cost worst = Cost.NONE;
    for (int i = 0; i < branches.size(); i++) {
      worst = worst.or(add(Paths.indexed(path, i), branches.get(i).body(), times, true));
    }
    return worst;
  }

  /**
   * Adds an agent's work.
   *
   * @param attempts each time
   */
  Cost addWork(
      String path, TaskDefinition task, String what, int attempts, int times, boolean conditional) {
    if (!(task.action() instanceof AgentWork work)) {
      throw new IllegalArgumentException("'" + path + "' is no agent's work");
    }
    int all = product(times, attempts);
    Money once = work.limits().maxCost();
    Cost cost = ofAttempt(task, work).times(all);
    list(
        new Consequence(
            path,
            way,
            what,
            work.capability(),
            all == Cost.UNTOLD ? null : all,
            once == null ? null : once.toDecimal(),
            cost.decimal(),
            conditional));
    return cost;
  }

  Cost addFree(String path, String what, boolean conditional) {
    list(new Consequence(path, way, what, null, null, null, Cost.NONE.decimal(), conditional));
    return Cost.NONE;
  }

  private void list(Consequence consequence) {
    if (listed.size() < tuning.maxConsequences()) {
      listed.add(consequence);
    } else {
      more++;
    }
  }

  /** With its critic, who may judge each. */
  private Cost ofAttempt(TaskDefinition task, AgentWork work) {
    Cost own = hold(work);
    Validation validation = work.validation();
    if (validation == null) {
      return own;
    }
    TaskDefinition critic = Node.belonging(task, validation.critic(), Map.of());
    int attempts = attempts(critic, Map.of(), tuning.maxAttempts());
    return own.plus(hold(validation.critic()).times(attempts));
  }

  private static Cost hold(AgentWork work) {
    Money most = work.limits().maxCost();
    return most == null ? Cost.UNKNOWN : Cost.of(most);
  }

  /**
   * Attempts that the ladders still allow, at least one. Those that people ask for are not counted.
   *
   * @param failures so far
   */
  static int attempts(TaskDefinition task, Map<ErrorKind, Integer> failures, int most) {
    int attempts = 1;
    for (ErrorKind kind : ErrorKind.values()) {
      attempts += Math.max(0, retries(task, kind) - failures.getOrDefault(kind, 0));
    }
    return Math.max(1, Math.min(most, attempts));
  }

  private static int retries(TaskDefinition task, ErrorKind kind) {
    int retries = 0;
    for (Step step : Remedies.ladder(task, kind)) {
      if (!(step instanceof Retry retry)) {
        return retries;
      }
      retries += retry.max();
    }
    return retries;
  }

  private static int product(int times, int number) {
    return times == Cost.UNTOLD || number == Cost.UNTOLD ? Cost.UNTOLD : saturated(times, number);
  }

  private static int saturated(int a, int b) {
    return (int) Math.min(Integer.MAX_VALUE, (long) a * b);
  }
}
