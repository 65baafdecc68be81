package io.ligature.state.engine;

import io.ligature.schemas.Money;

/**
 * Folds money into ledgers. An attempt draws on the nearest task around it that has a share, else
 * on the workflow. A share is held as a whole by what encloses it; what is spent out of it is spent
 * there too, and the hold is less by that, so {@code spent + held + left} is right at every level.
 */
final class Books {

  private Books() {}

  /** Path of the nearest task around this one that has a share; the root when none has. */
  static String scope(Overlay state, String path) {
    String outer = Paths.parent(path);
    while (!outer.isEmpty() && state.task(outer).share() == null) {
      outer = Paths.parent(outer);
    }
    return outer;
  }

  /** What a task draws on. */
  static Ledger ledger(Overlay state, String path) {
    String scope = scope(state, path);
    return scope.isEmpty() ? state.workflow().ledger() : shareOf(state.task(scope));
  }

  static void hold(Overlay state, String path, Money amount) {
    String scope = scope(state, path);
    if (scope.isEmpty()) {
      state.put(state.workflow().with(state.workflow().ledger().hold(amount)));
    } else {
      TaskRow row = state.task(scope);
      state.put(row.sharing(shareOf(row).hold(amount)));
    }
  }

  static void settle(Overlay state, String path, Money hold, Money charged) {
    String scope = scope(state, path);
    if (scope.isEmpty()) {
      state.put(state.workflow().with(state.workflow().ledger().settle(hold, charged)));
      return;
    }
    TaskRow before = state.task(scope);
    TaskRow after = before.sharing(shareOf(before).settle(hold, charged));
    state.put(after);
    settle(state, scope, before.reserved().minus(after.reserved()), charged);
  }

  /** A task's share begins or, where it has ended, ends to be held. */
  static void move(Overlay state, TaskRow before, TaskRow after) {
    Money change = after.reserved().minus(before.reserved());
    if (change.micros() != 0) {
      hold(state, after.task(), change);
    }
  }

  /** A share that is to be held again is no larger than what is left for it by now. */
  static TaskRow fitting(Overlay state, TaskRow row) {
    Ledger share = row.share();
    Money left = ledger(state, row.task()).left();
    if (share == null || left == null || row.reserved().compareTo(left) <= 0) {
      return row;
    }
    Money fits = left.micros() < 0 ? Money.ZERO : left;
    return row.sharing(share.extend(fits.minus(row.reserved())));
  }

  /**
   * @param task whose share grows, and with it all that encloses it; the root: the workflow's
   *     budget
   */
  static void extend(Overlay state, String task, Money amount) {
    if (task.isEmpty()) {
      state.put(state.workflow().with(state.workflow().ledger().extend(amount)));
      return;
    }
    extend(state, scope(state, task), amount);
    TaskRow before = state.task(task);
    TaskRow after = before.sharing(shareOf(before).extend(amount));
    state.put(after);
    move(state, before, after);
  }

  private static Ledger shareOf(TaskRow row) {
    Ledger share = row.share();
    if (share == null) {
      throw new IllegalStateException(
          "expected a share of " + row.task() + " in workflow " + row.workflowId());
    }
    return share;
  }
}
