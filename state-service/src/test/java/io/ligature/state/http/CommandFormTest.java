package io.ligature.state.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ligature.schemas.Money;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandFormTest {

  private static final CommandForm.Limits LIMITS =
      new CommandForm.Limits(10, 5, 12, new PayloadLimit(8));

  @Test
  void readsAReasonOfTheLargestSize() {
    CommandForm form = form("{'reason': '0123456789', 'commandId': 'c-123'}");

    assertThat(form.reason()).isEqualTo("0123456789");
    form.check();
    assertThat(form.commandId()).isEqualTo("c-123");
  }

  @Test
  void makesUpADifferentCommandIdEachTime() {
    assertThat(form("{}").commandId()).isNotBlank().isNotEqualTo(form("{}").commandId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "",
        "{'reason': ' '}",
        "{'reason': 7}",
        "{'reason': '01234567890'}",
        "{'reason': 'x', 'commandId': 'c-1234'}",
        "{'reason': 'x', 'why': 'x'}"
      })
  void refusesABodyWithoutAReasonOfItsSizeOrWithMore(String body) {
    ApiProblem problem = refusal(body, CommandForm::reason);

    assertThat(problem.answer().build().getStatus()).isEqualTo(400);
  }

  @Test
  void tellsEveryMistakeAtOnce() {
    ApiProblem problem =
        refusal(
            "{'amount': 'x', 'compensate': 'yes', 'other': 1}",
            form -> {
              form.reason();
              form.amount();
              form.flag("compensate");
            });

    assertThat(problem.violations())
        .satisfiesExactly(
            one -> assertThat(one).startsWith("other: is not a field of a test"),
            one -> assertThat(one).startsWith("reason: is missing"),
            one -> assertThat(one).startsWith("amount: give an amount"),
            one -> assertThat(one).startsWith("compensate: give true or false"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "'0.00'", "99999999999999999999", "true", "[]", "null"})
  void refusesAnAmountThatAddsNothingOrIsNone(String amount) {
    ApiProblem problem = refusal("{'amount': " + amount + "}", CommandForm::amount);

    assertThat(problem.violations()).hasSize(1);
    assertThat(problem.violations().getFirst()).startsWith("amount: ");
  }

  @Test
  void readsAnAmountAsTextOrNumber() {
    assertThat(form("{'amount': '2.50'}").amount()).isEqualTo(Money.of("2.50"));
    assertThat(form("{'amount': 0.000001}").amount()).isEqualTo(Money.of("0.000001"));
  }

  @Test
  void refusesAPayloadAboveTheLimitAndTakesOneAtIt() {
    CommandForm form = form("{'payload': '012345'}");
    assertThat(form.payload("payload"))
        .isEqualTo(Payloads.json(Payloads.JSON.getNodeFactory().textNode("012345")));
    form.check();

    ApiProblem problem = refusal("{'payload': '0123456'}", larger -> larger.payload("payload"));
    assertThat(problem.violations().getFirst())
        .startsWith("payload has 9 bytes, more than ligature.payload.max-bytes (8)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "fan[7].b~2", "charge!", "a-b_c", "route[1]", "a.b.c.d.e.f."})
  void takesPathsOfTasks(String path) {
    assertThat(CommandForm.task(path, LIMITS)).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a b", "a/b", "7", "a:b", "ä", "a.b.c.d.e.f.g"})
  void refusesWhatIsNoPathOfATask(String path) {
    ApiProblem problem =
        catchThrowableOfType(ApiProblem.class, () -> CommandForm.task(path, LIMITS));

    assertThat(problem.violations().getFirst()).startsWith("task: give a path");
  }

  private static CommandForm form(String body) {
    return new CommandForm(
        "a test",
        body.replace('\'', '"'),
        Set.of("reason", "amount", "compensate", "payload"),
        LIMITS);
  }

  private interface Reading {
    void of(CommandForm form);
  }

  private static ApiProblem refusal(String body, Reading reading) {
    return catchThrowableOfType(
        ApiProblem.class,
        () -> {
          CommandForm form = form(body);
          reading.of(form);
          form.check();
        });
  }
}
