package io.ligature.schemas.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

  private static final Set<String> VIEWS =
      Set.of(
          "ligature.definitions",
          "ligature.agents",
          "ligature.agents.status",
          "ligature.agents.statistics",
          "ligature.routers");

  private static TopicSettings every() {
    return new TopicSettings(
        "acme",
        12,
        2,
        2_000_000,
        Duration.ofDays(1),
        Duration.ofDays(2),
        Duration.ofDays(3),
        Duration.ofDays(4),
        Duration.ofDays(5),
        List.of("default", "gpu"));
  }

  @Test
  void givesEveryWorkflowKeyedTopicTheSamePartitions() {
    assertThat(TopicPlan.of(TopicSettings.cluster("ligature")).topics())
        .filteredOn(topic -> !VIEWS.contains(topic.name()))
        .allSatisfy(topic -> assertThat(topic.partitions()).isEqualTo(24));
  }

  @Test
  void compactsTheViewsAndNothingElse() {
    assertThat(TopicPlan.of(TopicSettings.local("ligature")).topics())
        .filteredOn(topic -> topic.cleanupPolicy().equals("compact"))
        .extracting(TopicPlan.Planned::name)
        .containsExactlyInAnyOrderElementsOf(VIEWS);
  }

  @Test
  void keepsTheAuditTrailLongerThanTheWork() {
    Map<String, Long> retention = retention(TopicPlan.of(TopicSettings.cluster("ligature")));

    assertThat(retention.get("ligature.events")).isGreaterThan(retention.get("ligature.inbox"));
    assertThat(retention.get("ligature.tasks.assigned")).isEqualTo(retention.get("ligature.inbox"));
  }

  @Test
  void takesEverySetting() {
    TopicPlan plan = TopicPlan.of(every());

    assertThat(plan.topics())
        .contains(
            new TopicPlan.Planned(
                "acme.tasks.assigned.gpu",
                12,
                2,
                Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", "172800000",
                    "max.message.bytes", "2000000")));
    assertThat(retention(plan))
        .containsEntry("acme.starts", 86_400_000L)
        .containsEntry("acme.events", 259_200_000L)
        .containsEntry("acme.tasks.partial", 432_000_000L)
        .containsEntry("acme.dead-letters", 345_600_000L);
  }

  @Test
  void refusesBadSettingsByName() {
    TopicSettings good = every();

    assertThatThrownBy(() -> good.withPartitions(0))
        .hasMessage("ligature.topics.partitions: 0 is not between 1 and 1000");
    assertThatThrownBy(() -> good.withPools(List.of("gpu")))
        .hasMessage("ligature.topics.pools: the pool 'default' is missing");
    assertThatThrownBy(
            () ->
                new TopicSettings(
                    "acme",
                    1,
                    1,
                    TopicSettings.SMALLEST_MESSAGE_BYTES - 1,
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    List.of("default")))
        .hasMessageStartingWith("ligature.topics.max-message-bytes: 999999 is too small");
    assertThatThrownBy(
            () ->
                new TopicSettings(
                    "acme",
                    1,
                    1,
                    2_000_000,
                    Duration.ofDays(1),
                    Duration.ZERO,
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    List.of("default")))
        .hasMessage("ligature.topics.retention.work: PT0S is not a positive time");
  }

  private static Map<String, Long> retention(TopicPlan plan) {
    return plan.topics().stream()
        .filter(topic -> topic.settings().containsKey("retention.ms"))
        .collect(
            Collectors.toMap(
                TopicPlan.Planned::name,
                ((Function<TopicPlan.Planned, String>)
                        topic -> topic.settings().get("retention.ms"))
                    .andThen(Long::valueOf)));
  }
}
