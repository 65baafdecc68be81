package io.ligature.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsAndMoneyTest {

  @ParameterizedTest
  @ValueSource(strings = {"w-1/draft#1", "w.1/translate[7]#12", "w/a/b~2#3", "w/odd#name#4"})
  void anAttemptIdSurvivesItsText(String text) {
    assertThat(AttemptId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "w", "w/#1", "/t#1", "w/t", "w/t#", "w/t#x", "w/t#0", "w/t#-1", "#1/t"})
  void refusesWhatIsNoAttemptId(String text) {
    assertThatThrownBy(() -> AttemptId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wf-1:sub:1", "w:fan[7].draft~2.check:12", "w:a:1:b[0]:2", "w:charge!:1"})
  void aChildsIdSurvivesItsText(String text) {
    assertThat(ChildId.parse(text)).get().hasToString(text);
  }

  @Test
  void aChildsIdTellsItsParentItsRootAndItsDepth() {
    assertThat(ChildId.parse("w:a:1:b[0]:2")).contains(new ChildId("w:a:1", "b[0]", 2));
    assertThat(ChildId.rootOf("w:a:1:b[0]:2")).isEqualTo("w");
    assertThat(ChildId.rootOf("w")).isEqualTo("w");
    assertThat(new ChildId("w", "a", 1).depth()).isEqualTo(1);
    assertThat(new ChildId("w:a:1", "b[0]", 2).depth()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "w", "w:a", "w:a:", "w::1", ":a:1", "w:a:x", "w:a:0", "w:a:-1", "::1"})
  void anIdThatNamesNoTaskOfAParentIsNoChilds(String text) {
    assertThat(ChildId.parse(text)).isEmpty();
  }

  @Test
  void refusesAChildOfATaskThatWouldHideItsRoot() {
    assertThatThrownBy(() -> new ChildId("w", "a:b", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'w:a:b:1'");
  }

  @Test
  void anAmountIsNeverToldTooSmall() {
    assertThat(Money.of(new BigDecimal("0.0000001"))).isEqualTo(new Money(1));
  }

  @Test
  void anAmountHasSixDigitsOnTheWire() {
    assertThat(Money.of("2.5").toDecimal()).isEqualTo(new BigDecimal("2.500000"));
  }

  @Test
  void showsAtLeastCents() {
    assertThat(Money.of("2.5")).hasToString("2.50");
    assertThat(Money.of("0.012500")).hasToString("0.0125");
    assertThat(Money.ZERO).hasToString("0.00");
  }

  @Test
  void refusesAnAmountThatDoesNotFit() {
    Money most = new Money(Long.MAX_VALUE);

    assertThatThrownBy(() -> most.plus(new Money(1))).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Money.of("99999999999999")).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void everyErrorKindIsFoundByItsName() {
    for (ErrorKind kind : ErrorKind.values()) {
      assertThat(ErrorKind.ofWireName(kind.wireName())).contains(kind);
    }
    assertThat(ErrorKind.ofWireName("RATE_LIMITED")).isEmpty();
  }
}
