package io.ligature.state.engine;

import io.ligature.avro.OnExceeded;
import io.ligature.schemas.Money;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's money: {@code spent + held + left = budget}, always.
 *
 * @param maxCost null: no budget; spending is counted all the same
 */
public record Ledger(@Nullable Money maxCost, OnExceeded onExceeded, Money spent, Money held) {

  static final Ledger EMPTY = new Ledger(null, OnExceeded.fail, Money.ZERO, Money.ZERO);

  /**
   * Neither spent nor held; null without a budget; below zero when an agent cost more than said.
   */
  public @Nullable Money left() {
    return maxCost == null ? null : maxCost.minus(spent).minus(held);
  }

  boolean covers(Money hold) {
    Money left = left();
    return left == null || hold.compareTo(left) <= 0;
  }

  Ledger hold(Money amount) {
    return new Ledger(maxCost, onExceeded, spent, held.plus(amount));
  }

  Ledger settle(Money hold, Money charged) {
    return new Ledger(maxCost, onExceeded, spent.plus(charged), held.minus(hold));
  }

  Ledger extend(Money amount) {
    return new Ledger(maxCost == null ? null : maxCost.plus(amount), onExceeded, spent, held);
  }
}
