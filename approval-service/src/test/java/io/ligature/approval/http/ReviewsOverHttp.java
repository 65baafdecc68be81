package io.ligature.approval.http;

import static io.ligature.approval.review.Samples.request;
import static io.restassured.RestAssured.given;

import io.ligature.approval.stream.Registry;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.wire.RecordCodec;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** What tests of the API over HTTP do with reviews: open them, ask for them, look what was sent. */
record ReviewsOverHttp(Registry registry) {

  static NeedsReview.Builder fresh() {
    return request("w-" + UUID.randomUUID() + ":editorial-review:1");
  }

  String opened(NeedsReview.Builder review) {
    String id = openedUnseen(review);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> as("vera").get("/reviews/" + id).statusCode() == 200);
    return id;
  }

  String openedUnseen(NeedsReview.Builder review) {
    NeedsReview built = review.build();
    write(built.getRootWorkflowId(), built);
    if (built.getTenant().equals("acme")) {
      Awaitility.await()
          .until(() -> as("ann").get("/reviews/" + built.getReviewId()).statusCode() == 200);
    }
    return built.getReviewId();
  }

  private void write(String key, SpecificRecord record) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  BrokerResource.TOPICS.reviewsNeeded(),
                  key.getBytes(StandardCharsets.UTF_8),
                  new RecordCodec(registry.connect()).encode(record)))
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  List<ReviewDecision> decisionsOf(String reviewId) throws Exception {
    RecordCodec codec = new RecordCodec(registry.connect());
    List<ReviewDecision> found = new ArrayList<>();
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
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          if (codec.decode(record.value()) instanceof ReviewDecision decision
              && decision.getReviewId().equals(reviewId)) {
            found.add(decision);
          }
        }
      }
    }
    return found;
  }

  static Response post(String user, String id, String action, String body) {
    return as(user)
        .contentType("application/json")
        .body(body)
        .post("/reviews/" + id + "/" + action);
  }

  static RequestSpecification as(String user) {
    if (user.equals("-")) {
      return given();
    }
    return given()
        .auth()
        .preemptive()
        .basic(user.replace("!", ""), user.endsWith("!") ? "no" : "pass-" + user);
  }
}
