package io.ligature.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.wire.Payloads;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleShapeTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 10_000})
  void fansOutToOneTaskForEachItem(int size) throws Exception {
    Workload fanout = ScaleShape.FANOUT.workload(size, 1);

    assertThat(fanout.tasks()).isEqualTo(size);
    assertThat(Payloads.JSON.readTree(fanout.input()).path("items")).hasSize(size);
    Definition definition = parsed(fanout.text());
    assertThat(definition.name()).isEqualTo(fanout.definition());
    assertThat(definition.tasks()).containsOnlyKeys("fan");
    assertThat(definition.tasks().get("fan").action())
        .isInstanceOfSatisfying(
            ForEach.class,
            each ->
                assertThat(each.body().action())
                    .isInstanceOfSatisfying(
                        AgentWork.class,
                        work -> assertThat(work.capability()).isEqualTo("bench.noop")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 5_000})
  void makesASoundGraphOfThatManyTasks(int size) {
    Workload dag = ScaleShape.DAG.workload(size, 42);

    Definition definition = parsed(dag.text());
    assertThat(dag.tasks()).isEqualTo(size);
    assertThat(definition.name()).isEqualTo(dag.definition());
    assertThat(definition.tasks()).hasSize(size);
    assertThat(definition.tasks().values())
        .allSatisfy(
            task -> assertThat(((AgentWork) task.action()).capability()).isEqualTo("bench.noop"));
  }

  @ParameterizedTest
  @EnumSource
  void measuresTheSmallestSizeFirst(ScaleShape shape) {
    assertThat(shape.sizes()).isSorted();
    shape.sizes().forEach(size -> assertThat(shape.workload(size, 1).tasks()).isEqualTo(size));
  }

  @ParameterizedTest
  @CsvSource({"FANOUT, 0", "FANOUT, -1", "FANOUT, 10001", "DAG, 0", "DAG, 10001"})
  void refusesASizeOutOfRange(ScaleShape shape, int size) {
    assertThatThrownBy(() -> shape.workload(size, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a " + shape + " has 1 to 10000 tasks, not " + size);
  }

  @Test
  void needsOnlyTasksBeforeItAndNoMoreThanThree() {
    for (long seed = 0; seed < 50; seed++) {
      var needs = new RandomDag(300, seed).needs();
      for (int task = 0; task < needs.size(); task++) {
        int before = task;
        assertThat(needs.get(task))
            .as("seed %d, task %d", seed, task)
            .hasSizeLessThanOrEqualTo(3)
            .allMatch(need -> need >= 0 && need < before);
      }
    }
  }

  @Test
  void hasManyTasksSideBySideAndManyInARow() {
    var needs = new RandomDag(5_000, 1).needs();
    int[] depth = new int[needs.size()];
    for (int task = 0; task < depth.length; task++) {
      depth[task] = 1 + needs.get(task).stream().mapToInt(need -> depth[need]).max().orElse(0);
    }

    assertThat(depth[depth.length - 1]).as("seed 1").isBetween(30, 500);
    assertThat(needs.stream().filter(Set::isEmpty).count()).as("seed 1").isLessThan(200);
  }

  @Test
  void makesTheSameOfTheSameSeedOnly() {
    String text = new RandomDag(200, 3).definition("x");

    assertThat(new RandomDag(200, 3).definition("x")).isEqualTo(text);
    assertThat(new RandomDag(200, 4).definition("x")).isNotEqualTo(text);
  }

  @Test
  void refusesAGraphOfNothing() {
    assertThatThrownBy(() -> new RandomDag(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a graph has at least 1 task, not 0");
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheSmallShapesSound(Shape shape) {
    Workload workload = shape.workload(1024);

    assertThat(parsed(workload.text()).tasks()).hasSize(workload.tasks());
    assertThat(workload.input().length()).isBetween(1024, 1100);
  }

  private static Definition parsed(String text) {
    return switch (new DefinitionParser(DefinitionLimits.DEFAULT).parse(text)) {
      case ParsedDefinition.Sound sound -> sound.definition();
      case ParsedDefinition.Refused refused -> throw new AssertionError(refused.problems());
    };
  }
}
