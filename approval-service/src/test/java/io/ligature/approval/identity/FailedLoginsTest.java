package io.ligature.approval.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

  private static final Instant T0 = Instant.parse("2026-03-01T09:00:00Z");

  private final FailedLogins logins = new FailedLogins(3, Duration.ofMinutes(1));

  @Test
  void looksAtNoPasswordAfterTooManyWrongOnes() {
    assertThat(fail("192.0.2.1", 2)).isFalse();
    assertThat(logins.wait("192.0.2.1", T0)).isEmpty();

    assertThat(logins.failed("192.0.2.1", T0.plusSeconds(20))).isTrue();
    assertThat(logins.wait("192.0.2.1", T0.plusSeconds(20))).contains(Duration.ofSeconds(40));
  }

  @Test
  void looksAgainWhenTheWindowIsOver() {
    fail("192.0.2.1", 3);

    assertThat(logins.wait("192.0.2.1", T0.plusSeconds(59))).isPresent();
    assertThat(logins.wait("192.0.2.1", T0.plusSeconds(60))).isEmpty();
    assertThat(logins.failed("192.0.2.1", T0.plusSeconds(60))).isFalse();
    assertThat(logins.wait("192.0.2.1", T0.plusSeconds(60))).isEmpty();
  }

  @Test
  void letsNobodyPayForAnother() {
    fail("192.0.2.1", 3);

    assertThat(logins.wait("192.0.2.2", T0)).isEmpty();
  }

  @Test
  void takesAllAddressesOfAnIpv6NetworkForOne() {
    logins.failed("2001:db8:0:1::1", T0);
    logins.failed("2001:db8:0:1::2", T0);
    logins.failed("2001:db8:0:1:ffff:1:2:3", T0);

    assertThat(logins.wait("2001:db8:0:1::9", T0)).isPresent();
    assertThat(logins.wait("2001:db8:0:2::1", T0)).isEmpty();
    assertThat(logins.wait("::ffff:192.0.2.1", T0)).isEmpty();
    assertThat(logins.wait("no:address", T0)).isEmpty();
  }

  @Test
  void remembersNoMoreAddressesThanItsLimit() {
    for (int i = 0; i < FailedLogins.MOST_ADDRESSES + 10; i++) {
      logins.failed("host-" + i, T0);
    }
    assertThat(logins.size()).isEqualTo(FailedLogins.MOST_ADDRESSES);

    logins.failed("host", T0.plusSeconds(61));
    assertThat(logins.size()).isEqualTo(1);
  }

  private boolean fail(String address, int times) {
    boolean last = false;
    for (int i = 0; i < times; i++) {
      last = logins.failed(address, T0);
    }
    return last;
  }
}
