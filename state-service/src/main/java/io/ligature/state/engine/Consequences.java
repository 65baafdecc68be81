package io.ligature.state.engine;

import io.ligature.avro.Consequence;
import io.ligature.avro.WorstCase;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.Fail;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.Skip;
import io.ligature.schemas.definition.TaskDefinition.Step;
import io.ligature.state.engine.TaskState.Purpose;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can still run because of a decision, and what that can cost at worst.
 *
 * <p>From the reviewed task the walk goes to the tasks that need it, the ones that need those, and
 * so on; then the same with the task that all of them are inside of, out to the root. Of a task
 * that has not ended it is assumed that it may end in any way, so a task is left out only when it
 * cannot run. What is found draws on the ledgers on its way out, each of which bounds it by what it
 * has left. Not counted are people's later wishes and what a later failure undoes.
 */
final class Consequences {

  static final String APPROVAL = "approval";
  static final String REJECTION = "rejection";

  /** Rows that are looked at for each task that may be listed. */
  private static final int LOOKS = 10;

  private enum End {
    WELL,
    BADLY,
    SKIPPED
  }

  private static final Set<End> ANY = EnumSet.allOf(End.class);

  private final Transition t;
  private final String way;
  private final FollowingTasks tasks;
  private final Map<String, Set<End>> known = new HashMap<>();
  private Money raised = Money.ZERO;
  private Cost drawn = Cost.NONE;
  private Cost closed = Cost.NONE;
  private Cost undone = Cost.NONE;
  private int looks;

  private Consequences(Transition t, String way) {
    this.t = t;
    this.way = way;
    this.tasks = new FollowingTasks(t.tuning(), way);
  }

  static Consequences ofApproval(Transition t, String task, Purpose purpose) {
    Consequences all = new Consequences(t, APPROVAL);
    if (purpose == Purpose.BUDGET) {
      Money left = Books.ledger(t.state(), task).left();
      Money wanted = Reviews.wantedBy(t.definitionOf(task));
      all.raised = left == null || wanted.compareTo(left) < 0 ? Money.ZERO : wanted.minus(left);
      all.again(task, t.task(task).failures());
      all.follow(task, ANY);
    } else {
      all.follow(task, EnumSet.of(End.WELL));
    }
    return all;
  }

  static Consequences ofRejection(Transition t, String task, Purpose purpose) {
    Consequences all = new Consequences(t, REJECTION);
    all.follow(task, purpose == Purpose.BUDGET ? EnumSet.of(End.BADLY) : all.endsOfRejection(task));
    return all;
  }

  List<Consequence> listed() {
    return tasks.listed();
  }

  WorstCase worst() {
    return new WorstCase(way, closed.plus(undone).decimal(), tasks.more(), isCut());
  }

  private boolean isCut() {
    return looks > t.tuning().maxConsequences() * LOOKS;
  }

  private Set<End> endsOfRejection(String task) {
    TaskRow row = t.task(task);
    Map<ErrorKind, Integer> failures = new EnumMap<>(ErrorKind.class);
    failures.putAll(row.failures());
    int rejections = failures.merge(ErrorKind.REJECTED_BY_REVIEWER, 1, Integer::sum);
    var ladder = Remedies.ladder(t.definitionOf(task), ErrorKind.REJECTED_BY_REVIEWER);
    return switch (Remedies.rung(ladder, rejections).step()) {
      case Retry _ -> {
        again(task, failures);
        yield ANY;
      }
      case AskForReview _ -> asked(task);
      case Skip _ -> EnumSet.of(End.SKIPPED);
      case Fail _ -> EnumSet.of(End.BADLY);
    };
  }

  private Set<End> asked(String task) {
    tasks.addFree(task, "review", false);
    return ANY;
  }

  private void again(String task, Map<ErrorKind, Integer> failures) {
    TaskDefinition definition = t.definitionOf(task);
    if (definition.action() instanceof AgentWork) {
      int most = t.tuning().maxAttempts() - t.task(task).attempt();
      int attempts = FollowingTasks.attempts(definition, failures, most);
      drawn = drawn.plus(tasks.addWork(task, definition, "agent", attempts, 1, false));
    } else {
      drawn = drawn.plus(tasks.add(task, definition, 1, false));
    }
  }

  private void follow(String task, Set<End> first) {
    Set<End> ends = first;
    for (String at = task; !at.isEmpty(); at = Paths.parent(at)) {
      String outer = Paths.parent(at);
      if (t.plan().node(at).kind() == Node.Kind.UNDO) {
        undo(t.task(outer).undoNext());
        return;
      }
      boolean fails = ends.equals(EnumSet.of(End.BADLY)) && endsWhatEnclosesIt(at, outer);
      if (!fails) {
        ends = goOn(at, outer, ends);
      }
      leave(outer);
      if (fails && outer.isEmpty()) {
        undo(t.workflow().saga().last());
      } else if (fails) {
        ends = endsOfFailure(outer);
      }
    }
  }

  private boolean endsWhatEnclosesIt(String task, String outer) {
    return switch (t.plan().node(task).kind()) {
      case MEMBER -> Joins.failsWith(t, task);
      case ITEM -> !((ForEach) t.definitionOf(outer).action()).collect();
      case ITERATION, BRANCH, CRITIC -> true;
      case UNDO -> false;
    };
  }

  /** What is done about a composite in which something failed. */
  private Set<End> endsOfFailure(String task) {
    for (Step step : Remedies.ladder(t.definitionOf(task), ErrorKind.REJECTED_BY_REVIEWER)) {
      switch (step) {
        case Retry _ -> {}
        case AskForReview _ -> {
          return asked(task);
        }
        case Skip _ -> {
          return EnumSet.of(End.SKIPPED);
        }
        case Fail _ -> {
          return EnumSet.of(End.BADLY);
        }
      }
    }
    return EnumSet.of(End.BADLY);
  }

  /** How what encloses the task may end when the task has ended so. */
  private Set<End> goOn(String task, String outer, Set<End> ends) {
    switch (t.plan().node(task).kind()) {
      case MEMBER -> members(task, ends);
      case ITEM -> {
        ForEach each = (ForEach) t.definitionOf(outer).action();
        int begun = Ends.innerOf(t.task(outer)).started();
        int left = Ends.innerOf(t.task(outer)).size() - begun;
        if (left > 0) {
          draw(Paths.indexed(outer, begun), each.body(), left);
        }
      }
      case ITERATION -> {
        Repeat repeat = (Repeat) t.definitionOf(outer).action();
        int number = Paths.number(task);
        if (number < repeat.max()) {
          drawn =
              drawn.plus(
                  tasks.add(
                      Paths.iteration(outer, number + 1),
                      repeat.body(),
                      repeat.max() - number,
                      true));
        }
      }
      case CRITIC -> again(outer, t.task(outer).failures());
      case BRANCH -> {
        return ends;
      }
      case UNDO -> throw new IllegalStateException("nothing goes on behind " + task);
    }
    return ANY;
  }

  private void draw(String path, TaskDefinition task, int times) {
    drawn = drawn.plus(tasks.add(path, task, times, false));
  }

  private void members(String task, Set<End> ends) {
    known.put(task, ends);
    Set<String> seen = new HashSet<>();
    Deque<String> queue = new ArrayDeque<>(List.of(task));
    for (String at = queue.poll(); at != null && !isCut(); at = queue.poll()) {
      for (String dependent : t.plan().dependents(at)) {
        looks++;
        if (!isCut()
            && seen.add(dependent)
            && t.task(dependent).state() instanceof TaskState.Pending) {
          queue.add(dependent);
          if (canRun(dependent)) {
            draw(dependent, t.definitionOf(dependent), 1);
          }
        }
      }
    }
  }

  private boolean canRun(String task) {
    Needs needs = t.definitionOf(task).needs();
    int well = 0;
    int onlyBadly = 0;
    for (String need : t.plan().needs(task)) {
      Set<End> ends = endsOf(need);
      well += ends.contains(End.WELL) ? 1 : 0;
      onlyBadly += ends.equals(EnumSet.of(End.BADLY)) ? 1 : 0;
    }
    return switch (needs.join()) {
      case ALL -> onlyBadly == 0 && well > 0;
      case ENDED -> true;
      case ANY, AT_LEAST -> well >= Plan.required(needs);
    };
  }

  private Set<End> endsOf(String task) {
    Set<End> ends = known.get(task);
    if (ends == null) {
      looks++;
      ends =
          switch (t.task(task).state()) {
            case TaskState.Succeeded _ -> EnumSet.of(End.WELL);
            case TaskState.Failed _ -> EnumSet.of(End.BADLY);
            case TaskState.Skipped _, TaskState.Cancelled _ -> EnumSet.of(End.SKIPPED);
            case TaskState.Pending _ ->
                isCut() || canRunAtAll(task) ? ANY : EnumSet.of(End.BADLY, End.SKIPPED);
            case TaskState.Active _ -> ANY;
          };
      known.put(task, ends);
    }
    return ends;
  }

  private boolean canRunAtAll(String task) {
    return t.definitionOf(task).needs().tasks().isEmpty() || canRun(task);
  }

  private void leave(String outer) {
    Ledger ledger = outer.isEmpty() ? t.workflow().ledger() : t.task(outer).share();
    if (ledger == null) {
      return;
    }
    Money left = ledger.left();
    Cost all = isCut() ? Cost.UNKNOWN : drawn;
    closed = closed.plus(all.atMost(left == null ? null : left.plus(raised)));
    drawn = Cost.NONE;
    raised = Money.ZERO;
  }

  /** No budget keeps a workflow from undoing what it did. */
  private void undo(@Nullable String last) {
    for (String task = last; task != null && !isCut(); task = t.task(task).undoNext()) {
      looks++;
      String path = Paths.undo(task);
      TaskDefinition work = t.definitionOf(path);
      int attempts = FollowingTasks.attempts(work, Map.of(), t.tuning().maxAttempts());
      undone = undone.plus(tasks.addWork(path, work, "undo", attempts, 1, false));
    }
    undone = isCut() ? Cost.UNKNOWN : undone;
  }
}
