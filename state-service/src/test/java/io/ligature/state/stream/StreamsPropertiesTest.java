package io.ligature.state.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.state.SettingsFixture;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {

  private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", "localhost:1");

  @Test
  void hasTheMeasuredDefaults() {
    Properties properties = StreamsProperties.of(SettingsFixture.of(Map.of()), KAFKA);

    assertThat(properties)
        .containsEntry("application.id", "ligature-state")
        .containsEntry("bootstrap.servers", "localhost:1")
        .containsEntry("processing.guarantee", "exactly_once_v2")
        .containsEntry("commit.interval.ms", 200L)
        .containsEntry("poll.ms", 10L)
        .containsEntry("producer.linger.ms", 0L)
        .containsEntry("producer.compression.type", "lz4")
        .containsEntry("producer.transaction.timeout.ms", 10_000)
        .containsEntry("main.consumer.max.poll.records", 500)
        .containsEntry("main.consumer.session.timeout.ms", 10_000)
        .containsEntry("main.consumer.heartbeat.interval.ms", 3_000)
        .containsEntry("num.standby.replicas", 1)
        .doesNotContainKey("main.consumer.group.instance.id");
    new StreamsConfig(properties);
  }

  @Test
  void commitsOftenInTheConservativeMode() {
    Properties properties =
        StreamsProperties.of(
            SettingsFixture.of(Map.of("ligature.dispatch.mode", "conservative")), KAFKA);

    assertThat(properties).containsEntry("commit.interval.ms", 10L);
  }

  @Test
  void keepsItsPlaceInTheGroupUnderAStableName() {
    Properties properties =
        StreamsProperties.of(
            SettingsFixture.of(Map.of("ligature.state.instance-id", "state-0")), KAFKA);

    assertThat(properties).containsEntry("main.consumer.group.instance.id", "state-0");
  }

  @Test
  void refusesACommitIntervalThatEveryTransactionOutlives() {
    assertThatThrownBy(
            () ->
                StreamsProperties.of(
                    SettingsFixture.of(Map.of("ligature.state.streams.commit-interval", "PT10S")),
                    KAFKA))
        .hasMessageContaining("ligature.state.streams.transaction-timeout (PT10S)");
  }

  @Test
  void refusesHeartbeatsThatAreTooRare() {
    assertThatThrownBy(
            () ->
                StreamsProperties.of(
                    SettingsFixture.of(Map.of("ligature.state.streams.heartbeat-interval", "PT4S")),
                    KAFKA))
        .hasMessageContaining("ligature.state.streams.session-timeout (PT10S)");
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(
            () ->
                StreamsProperties.of(
                    SettingsFixture.of(Map.of("ligature.state.streams.threads", "0")), KAFKA))
        .hasMessageContaining("ligature.state.streams.threads is 0");
  }
}
