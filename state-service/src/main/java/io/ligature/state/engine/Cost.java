package io.ligature.state.engine;

import io.ligature.schemas.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What something can cost at worst.
 *
 * @param most null: not known
 */
record Cost(@Nullable Money most) {

  static final Cost NONE = new Cost(Money.ZERO);
  static final Cost UNKNOWN = new Cost(null);

  /** In the place of a number of times: nobody can tell yet. */
  static final int UNTOLD = -1;

  static Cost of(Money most) {
    return new Cost(most);
  }

  Cost plus(Cost other) {
    if (most == null || other.most == null) {
      return UNKNOWN;
    }
    try {
      return of(most.plus(other.most));
    } catch (ArithmeticException e) {
      return UNKNOWN;
    }
  }

  Cost times(int number) {
    if (most == null || most.micros() == 0) {
      return this;
    }
    try {
      return number == UNTOLD
          ? UNKNOWN
          : of(new Money(Math.multiplyExact(most.micros(), (long) number)));
    } catch (ArithmeticException e) {
      return UNKNOWN;
    }
  }

  Cost or(Cost other) {
    if (most == null || other.most == null) {
      return UNKNOWN;
    }
    return most.compareTo(other.most) >= 0 ? this : other;
  }

  /**
   * @param bound null: there is none
   */
  Cost atMost(@Nullable Money bound) {
    if (bound == null) {
      return this;
    }
    Money least = bound.isNegative() ? Money.ZERO : bound;
    return most == null || most.compareTo(least) > 0 ? of(least) : this;
  }

  @Nullable BigDecimal decimal() {
    return most == null ? null : most.toDecimal();
  }
}
