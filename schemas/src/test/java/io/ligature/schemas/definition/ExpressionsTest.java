package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.CelExpressions.CelExpression;
import io.ligature.schemas.definition.CelExpressions.InvalidExpressionException;
import io.ligature.schemas.wire.Payloads;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {

  private static final CelExpressions CEL = new CelExpressions(DefinitionLimits.DEFAULT);

  private static final Scope SCOPE =
      new Scope() {
        @Override
        public JsonNode input() {
          return json(
              "{'topic': 'heat', 'count': 3, 'share': 0.5, 'one': 1.0, 'none': null,"
                  + " 'list': [1, 2, 3]}");
        }

        @Override
        public TaskFacts task(String name) {
          return switch (name) {
            case "a" ->
                new TaskFacts(
                    "succeeded", json("{'risk': 0.7}"), 0.9, "clean", Money.of("0.40"), null);
            case "skipped-one" -> new TaskFacts("skipped", null, null, null, null, null);
            default -> throw new AssertionError("not announced: " + name);
          };
        }

        @Override
        public JsonNode variable(String name) {
          throw new AssertionError("not announced: " + name);
        }

        @Override
        public JsonNode local(String name) {
          throw new AssertionError("not announced: " + name);
        }

        @Override
        public WorkflowFacts workflow() {
          return new WorkflowFacts("w-1", "ada", "default", Money.of("1.25"), null);
        }
      };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input.topic == 'heat'",
        "input.count > 2",
        "input.count > 2.5",
        "input.share < 1",
        "input.one == 1",
        "input.none == null",
        "has(input.topic) && !has(input.missing)",
        "input.list.exists(x, x == 2)",
        "size(input.list) == 3",
        "tasks.a.output.risk > 0.5",
        "tasks.a.status == 'succeeded'",
        "tasks.a.confidence >= 0.9 && tasks.a.grade == 'clean' && tasks.a.cost < 1",
        "tasks['skipped-one'].output == null",
        "workflow.requester == 'ada'",
        "workflow.spent > 1 && workflow.remaining == null",
      })
  void isTrue(String text) throws Exception {
    assertThat(CEL.compile(text).isTrue(SCOPE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          input.topic                                    | "heat"
          input.count                                    | 3
          input.share                                    | 0.5
          input.none                                     | null
          input.list.map(x, x * 2)                       | [2,4,6]
          {'a': input.topic, 'b': [true]}                | {"a":"heat","b":[true]}
          input.topic + '!'                              | "heat!"
          tasks.a.output                                 | {"risk":0.7}
          """)
  void givesJson(String text, String expected) throws Exception {
    assertThat(CEL.compile(text).json(SCOPE)).hasToString(expected);
  }

  @Test
  void knowsWhatItReads() throws Exception {
    CelExpression expression =
        CEL.compile("tasks.a.output.x > 1 || [1].exists(t, tasks['b-c'].output.y == t)");

    assertThat(expression.tasks()).containsExactlyInAnyOrder("a", "b-c");
    assertThat(expression.readsInput()).isFalse();
    assertThat(CEL.compile("input.x").readsInput()).isTrue();
  }

  @Test
  void aLoopsOwnNameHidesTheOneAroundIt() throws Exception {
    CelExpression hidden = CEL.compile("[1].map(item, item + 1)", Set.of("item", "index"));
    CelExpression read = CEL.compile("item.list.map(x, x + index)", Set.of("item", "index"));

    assertThat(hidden.locals()).isEmpty();
    assertThat(read.locals()).containsExactlyInAnyOrder("item", "index");
    assertThat(CEL.compile("[1].map(input, input)").readsInput()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"input.", "1 +", "nothing.x", "'a' > 1", "tasks", "size(tasks) > 0", "f(x)", ""})
  void refusesWhatCannotBeCompiled(String text) {
    assertThatThrownBy(() -> CEL.compile(text)).isInstanceOf(InvalidExpressionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0 / 0.0", "0.0 / 0.0", "[-1.0 / 0.0]"})
  void refusesNumbersThatJsonHasNot(String text) throws Exception {
    CelExpression expression = CEL.compile(text);

    assertThatThrownBy(() -> expression.json(SCOPE))
        .isInstanceOf(ExpressionException.class)
        .hasMessageEndingWith(", which JSON has not");
  }

  @Test
  void stopsAResultThatHoldsOneLargeValueManyTimesOver() throws Exception {
    String large = "'" + "x".repeat(9_000) + "'";
    CelExpression expression =
        CEL.compile(
            "[%s].map(x, [1,2,3,4,5,6,7,8,9,10,11,12].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, x))))"
                .formatted(large));

    assertThatThrownBy(() -> expression.json(SCOPE))
        .isInstanceOf(ExpressionException.class)
        .hasMessageEndingWith(" gives more than 10000000 values and characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input.missing",
        "input.topic.matches('(')",
        "int(input.topic)",
        "timestamp(input.topic)",
        "tasks.a.output.missing",
        "input.list[7]",
        "1 / 0"
      })
  void saysWhatCouldNotBeEvaluated(String text) throws Exception {
    CelExpression expression = CEL.compile(text);

    assertThatThrownBy(() -> expression.json(SCOPE))
        .isInstanceOf(ExpressionException.class)
        .hasMessageStartingWith("${" + text + "} cannot be evaluated: ");
  }

  @Test
  void refusesToTakeSomethingElseForTrue() throws Exception {
    CelExpression expression = CEL.compile("input.topic");

    assertThatThrownBy(() -> expression.isTrue(SCOPE))
        .isInstanceOf(ExpressionException.class)
        .hasMessage("${input.topic} is not true or false: heat");
  }

  @Test
  void stopsARunawayExpression() throws Exception {
    CelExpressions small =
        new CelExpressions(new DefinitionLimits(1000, 10, 10, 1000, 20, 100, 8, 64));
    CelExpression nested =
        small.compile(
            "input.list.all(a, input.list.all(b, input.list.all(c, input.list.all(d,"
                + " input.list.all(e, true)))))");

    assertThatThrownBy(() -> nested.isTrue(SCOPE))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("100");
  }

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text.replace('\'', '"'));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
