package io.ligature.schemas;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount in the deployment's one currency, in steps of a millionth.
 *
 * <p>On the wire it is an Avro {@code decimal(20, 6)}; see {@link #toDecimal()}.
 */
public record Money(long micros) implements Comparable<Money> {

  /** Digits behind the point, here and on the wire. */
  public static final int SCALE = 6;

  public static final Money ZERO = new Money(0);

  /** Rounds up to a millionth, so that a cost is never told too small. */
  public static Money of(BigDecimal amount) {
    return new Money(amount.setScale(SCALE, RoundingMode.CEILING).unscaledValue().longValueExact());
  }

  public static Money of(String amount) {
    return of(new BigDecimal(amount));
  }

  public BigDecimal toDecimal() {
    return BigDecimal.valueOf(micros, SCALE);
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(micros, other.micros));
  }

  public Money minus(Money other) {
    return new Money(Math.subtractExact(micros, other.micros));
  }

  public boolean isNegative() {
    return micros < 0;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(micros, other.micros);
  }

  /**
   * At least two digits behind the point, more where they are needed: {@code 0.40}, {@code 0.0125}.
   */
  @Override
  public String toString() {
    BigDecimal shortest = toDecimal().stripTrailingZeros();
    return (shortest.scale() < 2 ? shortest.setScale(2) : shortest).toPlainString();
  }
}
