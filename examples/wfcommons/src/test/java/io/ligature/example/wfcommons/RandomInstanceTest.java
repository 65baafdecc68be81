package io.ligature.example.wfcommons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomInstanceTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 5_000})
  void makesASoundInstanceOfThatManyTasks(int tasks) throws Exception {
    for (long seed = 0; seed < (tasks > 100 ? 3 : 50); seed++) {
      WfInstance instance = WfInstanceReader.read(new RandomInstance(tasks, seed).write());

      assertThat(instance.tasks()).as("seed %d", seed).hasSize(tasks);
      assertThat(instance.tasks()).as("seed %d", seed).allMatch(task -> task.seconds() != null);
    }
  }

  @Test
  void isWideAndDeep() throws Exception {
    WfInstance instance = WfInstanceReader.read(new RandomInstance(5_000, 3).write());

    long roots = instance.tasks().stream().filter(task -> task.parents().isEmpty()).count();
    assertThat(roots).as("seed 3").isBetween(1L, 200L);
    assertThat(instance.tasks()).as("seed 3").anyMatch(task -> task.parents().size() == 3);
  }

  @Test
  void makesTheSameOfTheSameSeedOnly() {
    String first = new RandomInstance(100, 5).write();

    assertThat(new RandomInstance(100, 5).write()).isEqualTo(first);
    assertThat(new RandomInstance(100, 6).write()).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_000_001})
  void refusesSizesWithoutSense(int tasks) {
    assertThatThrownBy(() -> new RandomInstance(tasks, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an instance has 1 to 1000000 tasks");
  }
}
