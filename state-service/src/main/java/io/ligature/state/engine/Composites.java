package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.Payload;
import io.ligature.avro.TaskExpanded;
import io.ligature.avro.TaskSucceeded;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Expression;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Branch;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.Composite;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Share;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.TaskRow.Inner;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tasks that consist of others: fan-outs, loops, choices and blocks. */
final class Composites {

  private Composites() {}

  static void begin(Transition t, String task, Composite composite) {
    Share share = t.definitionOf(task).budget();
    Money set = share == null ? null : Attempts.affordable(t, task, share.maxCost());
    if (share != null && set == null) {
      Attempts.exceed(t, task, share.maxCost());
      return;
    }
    switch (composite) {
      case ForEach each -> beginItems(t, task, each, set);
      case Repeat repeat -> {
        expand(t, task, repeat.max(), null, null, set);
        Scheduling.start(t, Paths.iteration(task, 1));
      }
      case Choose choose -> beginBranch(t, task, choose.branches(), set);
      case Block block -> {
        expand(t, task, block.tasks().size(), null, null, set);
        Scheduling.startBlock(t, task);
      }
    }
  }

  private static void beginItems(Transition t, String task, ForEach each, @Nullable Money share) {
    JsonNode list = each.list().render(TransitionScope.of(t, task));
    if (!list.isArray()) {
      throw new ExpressionException(
          "forEach.in of " + task + " is no list but " + list.getNodeType());
    }
    if (list.size() > t.tuning().maxItems()) {
      Remedies.withoutRetry(
          t,
          task,
          limit(
              "the list has "
                  + list.size()
                  + " items, more than "
                  + t.tuning().maxItems()
                  + " (ligature.state.engine.max-items)"));
      return;
    }
    if (list.isEmpty()) {
      Payload none = each.aggregate() ? Payloads.json(list) : null;
      succeed(t, task, 0, none, Grade.clean);
      return;
    }
    Payload items = Payloads.json(list);
    Envelopes.checkSize(t, "the list of " + task, items);
    expand(t, task, list.size(), items, null, share);
    fill(t, task, each);
  }

  private static void beginBranch(
      Transition t, String task, List<Branch> branches, @Nullable Money share) {
    for (int i = 0; i < branches.size(); i++) {
      Expression when = branches.get(i).when();
      if (when == null || when.isTrue(TransitionScope.of(t, task))) {
        expand(t, task, 1, null, i, share);
        Scheduling.start(t, Paths.indexed(task, i));
        return;
      }
    }
    Scheduling.skip(t, task, "skipped: the condition of none of its branches is true");
  }

  private static void expand(
      Transition t,
      String task,
      int size,
      @Nullable Payload items,
      @Nullable Integer branch,
      @Nullable Money share) {
    Share asked = t.definitionOf(task).budget();
    var own = asked == null ? null : asked.onExceeded();
    OnExceeded enclosing = Books.ledger(t.state(), task).onExceeded();
    OnExceeded onExceeded = own == null ? enclosing : Openings.onExceeded(own);
    t.emit(
        new Event.TaskExpanded(
            new TaskExpanded(
                task,
                size,
                items,
                branch,
                share == null ? null : share.toDecimal(),
                share == null ? null : onExceeded)));
  }

  /** Begins as many items as may run at once. */
  static void fill(Transition t, String task, ForEach each) {
    Integer asked = each.concurrency();
    int atOnce =
        Math.min(asked == null ? t.tuning().itemsAtOnce() : asked, t.tuning().maxItemsAtOnce());
    while (Scheduling.isLive(t, task)) {
      Inner inner = Ends.innerOf(t.task(task));
      if (inner.started() == inner.size() || inner.started() - inner.ended() >= atOnce) {
        return;
      }
      Scheduling.start(t, Paths.indexed(task, inner.started()));
    }
  }

  /** Begins what a stop kept from beginning, or ends what has nothing left to begin. */
  static void goOn(Transition t, String task) {
    if (task.isEmpty()
        || !Scheduling.isLive(t, task)
        || !(t.definitionOf(task).action() instanceof Composite composite)) {
      return;
    }
    if (composite instanceof ForEach each) {
      fill(t, task, each);
    }
    List<String> begun = Stopping.begun(t, task);
    boolean over = begun.stream().allMatch(inner -> t.task(inner).hasEnded());
    if (begun.isEmpty() || !over || t.hasEndedInside(task)) {
      return;
    }
    switch (composite) {
      case ForEach each -> afterItem(t, begun.getLast(), task);
      case Repeat repeat -> afterIteration(t, begun.getLast(), task);
      case Choose choose -> afterBranch(t, begun.getLast(), task);
      case Block block -> finishBlock(t, task);
    }
  }

  static void afterItem(Transition t, String item, String outer) {
    ForEach each = (ForEach) t.definitionOf(outer).action();
    if (t.task(item).state() instanceof TaskState.Failed(Failure why) && !each.collect()) {
      fail(t, outer, why);
      return;
    }
    if (t.hasEndedInside(outer)) {
      return;
    }
    Inner inner = Ends.innerOf(t.task(outer));
    if (inner.ended() < inner.size()) {
      fill(t, outer, each);
      return;
    }
    boolean worse = each.collect() && inner.failed() > 0;
    Grade grade = worse ? Grade.degraded : orClean(inner.worst());
    try {
      Payload output =
          each.aggregate() ? Aggregates.of(t, outer, inner.size(), each.collect()) : null;
      succeed(t, outer, 0, output, grade);
    } catch (ExpressionException e) {
      Remedies.withoutRetry(t, outer, Scheduling.invalid(e));
    }
  }

  static void afterIteration(Transition t, String iteration, String outer) {
    TaskState state = t.task(iteration).state();
    if (state instanceof TaskState.Failed(Failure why)) {
      fail(t, outer, why);
      return;
    }
    Repeat repeat = (Repeat) t.definitionOf(outer).action();
    int number = Paths.number(iteration);
    Payload output = t.state().payload(Slot.output(iteration));
    Grade grade = state instanceof TaskState.Succeeded(Grade made) ? made : Grade.clean;
    boolean done;
    try {
      done =
          repeat
              .until()
              .isTrue(
                  TransitionScope.of(t, outer)
                      .with(
                          Map.of(
                              "last",
                              t.json(Slot.output(iteration)),
                              "iteration",
                              IntNode.valueOf(number))));
    } catch (ExpressionException e) {
      Remedies.withoutRetry(t, outer, Scheduling.invalid(e));
      return;
    }
    if (done) {
      succeed(t, outer, 0, output, grade);
    } else if (number < repeat.max()) {
      Scheduling.start(t, Paths.iteration(outer, number + 1));
    } else if (repeat.accept()) {
      Grade degraded = grade.compareTo(Grade.degraded) < 0 ? Grade.degraded : grade;
      succeed(t, outer, 0, output, degraded);
    } else {
      Remedies.withoutRetry(
          t,
          outer,
          limit(
              "after " + number + " iterations this is still not true: " + repeat.until().text()));
    }
  }

  static void afterBranch(Transition t, String branch, String outer) {
    switch (t.task(branch).state()) {
      case TaskState.Succeeded(Grade grade) ->
          succeed(t, outer, 0, t.state().payload(Slot.output(branch)), grade);
      case TaskState.Failed(Failure why) -> fail(t, outer, why);
      case TaskState.Skipped(String reason) -> Scheduling.skip(t, outer, reason);
      case TaskState.Cancelled c -> {}
      case TaskState.Active a -> throw new IllegalStateException("not an end: " + a);
    }
  }

  /** Ends a block all of whose tasks have ended. */
  static void finishBlock(Transition t, String task) {
    Inner inner = Ends.innerOf(t.task(task));
    if (inner.ended() < inner.size()) {
      return;
    }
    Template output = ((Block) t.definitionOf(task).action()).output();
    try {
      Payload made =
          output == null
              ? null
              : Envelopes.render(
                  t, output, TransitionScope.inside(t, task), "the output of " + task);
      succeed(t, task, 0, made, orClean(inner.worst()));
    } catch (ExpressionException e) {
      Remedies.withoutRetry(t, task, Scheduling.invalid(e));
    }
  }

  /** It cannot succeed any more: what still runs inside is stopped. */
  static void fail(Transition t, String task, Failure failure) {
    Stopping.inside(t, task, "stopped: another task in " + task + " failed");
    Remedies.withoutRetry(t, task, failure);
  }

  static void succeed(
      Transition t, String task, int attempt, @Nullable Payload output, Grade grade) {
    t.emit(
        new Event.TaskSucceeded(
            new TaskSucceeded(
                task, attempt, null, output, null, grade, Money.ZERO.toDecimal(), true)));
  }

  private static Grade orClean(@Nullable Grade grade) {
    return grade == null ? Grade.clean : grade;
  }

  static Failure limit(String message) {
    return new Failure(ErrorKind.LIMIT_EXCEEDED.wireName(), message, null, false);
  }
}
