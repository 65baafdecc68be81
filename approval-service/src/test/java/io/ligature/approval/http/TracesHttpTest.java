package io.ligature.approval.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.stream.Registry;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.wire.CloudEvents;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** What goes out belongs to the trace of who decided, where the settings want spans. */
@QuarkusTest
@TestProfile(TracesHttpTest.Traced.class)
@QuarkusTestResource(BrokerResource.class)
class TracesHttpTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String GIVEN = "00-" + TRACE + "-b7ad6b7169203331-01";

  public static final class Traced implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.otel.sdk.disabled", "false", "quarkus.otel.traces.exporter", "none");
    }
  }

  @Inject Registry registry;

  @Test
  void carriesTheSpanOfTheDecision() {
    OpenReviews.awaitService();
    String id = new OpenReviews(registry).open(OpenReviews.fresh());
    String key = "c-" + UUID.randomUUID();

    given()
        .auth()
        .preemptive()
        .basic("eve", "pass-eve")
        .header("traceparent", GIVEN)
        .header("Idempotency-Key", key)
        .post("/reviews/{id}/approve", id)
        .then()
        .statusCode(200);

    assertThat(traceparentOf(key)).startsWith("00-" + TRACE + "-").hasSize(55).isNotEqualTo(GIVEN);
  }

  private static String traceparentOf(String decision) {
    List<String> found = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                KafkaFixture.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(BrokerResource.TOPICS.reviewsDecided(), 0),
              new TopicPartition(BrokerResource.TOPICS.reviewsDecided(), 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (decision.equals(CloudEvents.text(record.headers(), "ce_id"))) {
            found.add(CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT));
          }
        }
      }
    }
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
