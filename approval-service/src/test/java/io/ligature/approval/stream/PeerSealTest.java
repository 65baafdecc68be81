package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerSealTest {

  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  private static final String BODY = "{\"root\":\"w1\"}";

  private final PeerSeal seal = new PeerSeal("the secret of all", Duration.ofSeconds(30));

  @Test
  void holdsForWhatWasSealedAndNothingElse() {
    String given = seal.of(NOW, "/peer/rows", BODY);

    assertThat(seal.holds(given, NOW, "/peer/rows", BODY)).isTrue();
    assertThat(seal.holds(given, NOW, "/peer/list", BODY)).isFalse();
    assertThat(seal.holds(given, NOW, "/peer/rows", BODY + " ")).isFalse();
    PeerSeal other = new PeerSeal("the secret of none", Duration.ofSeconds(30));
    assertThat(other.holds(given, NOW, "/peer/rows", BODY)).isFalse();
  }

  @Test
  void holdsOnlyForAWhile() {
    String given = seal.of(NOW, "/peer/rows", BODY);

    assertThat(seal.holds(given, NOW.plusSeconds(30), "/peer/rows", BODY)).isTrue();
    assertThat(seal.holds(given, NOW.plusSeconds(31), "/peer/rows", BODY)).isFalse();
    assertThat(seal.holds(given, NOW.minusSeconds(30), "/peer/rows", BODY)).isTrue();
    assertThat(seal.holds(given, NOW.minusSeconds(31), "/peer/rows", BODY)).isFalse();
  }

  @Test
  void cannotBeMadeYoungerThanItIs() {
    String given = seal.of(NOW, "/peer/rows", BODY);
    long later = NOW.plusSeconds(60).getEpochSecond();
    String moved = given.replaceFirst("t=\\d+", "t=" + later);

    assertThat(seal.holds(moved, NOW.plusSeconds(60), "/peer/rows", BODY)).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "v1=00",
        "t=,v1=",
        "t=9999999999999999999999,v1=00",
        "t=1,v1=zz",
        "the secret of all",
        "Bearer the secret of all"
      })
  void isNoneOfAnotherForm(String given) {
    assertThat(seal.holds(given, NOW, "/peer/rows", BODY)).isFalse();
  }
}
