package io.ligature.approval.inbox;

import static io.restassured.RestAssured.given;

import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.wire.RecordCodec;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Brings reviews to the running service, as workflows do. */
public final class OpenReviews {

  private final Registry registry;

  public OpenReviews(Registry registry) {
    this.registry = registry;
  }

  public static void awaitService() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  /** A review that no other test knows. */
  public static NeedsReview.Builder fresh() {
    return Samples.request("w-" + UUID.randomUUID() + ":editorial-review:1")
        .setRequestedAt(Instant.parse("2026-03-01T09:00:00Z"));
  }

  /** Its id, once the service shows it. */
  public String open(NeedsReview.Builder review) {
    return openAll(List.of(review)).getFirst();
  }

  /** Their ids, once the service shows them all. */
  public List<String> openAll(List<NeedsReview.Builder> reviews) {
    List<NeedsReview> built = reviews.stream().map(NeedsReview.Builder::build).toList();
    write(built, NeedsReview::getRootWorkflowId);
    built.forEach(OpenReviews::awaitShown);
    return built.stream().map(NeedsReview::getReviewId).toList();
  }

  private static void awaitShown(NeedsReview built) {
    String seer = built.getTenant().equals("default") ? "vera" : "ann";
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                given()
                        .auth()
                        .preemptive()
                        .basic(seer, "pass-" + seer)
                        .get("/reviews/{id}", built.getReviewId())
                        .statusCode()
                    == 200);
  }

  /** Takes away what other tests would find in their lists; does not wait for it. */
  public void clear(List<String> ids) {
    write(
        ids.stream().map(Samples::withdrawn).toList(),
        withdrawn -> withdrawn.getReviewId().substring(0, withdrawn.getReviewId().indexOf(':')));
  }

  public void withdraw(String reviewId) {
    withdraw(reviewId, Samples.withdrawn(reviewId).getReason());
  }

  public void withdraw(String reviewId, String reason) {
    String workflow = reviewId.substring(0, reviewId.indexOf(':'));
    write(
        // What ended long ago is forgotten within a minute.
        List.of(
            new ReviewWithdrawn(
                reviewId, workflow, reason, Instant.now().truncatedTo(ChronoUnit.MILLIS))),
        any -> workflow);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> status(reviewId).equals("withdrawn"));
  }

  public String status(String reviewId) {
    return shown(reviewId, "status");
  }

  /** A value of the review as the API shows it. */
  String shown(String reviewId, String path) {
    return json(reviewId).getString(path);
  }

  JsonPath json(String reviewId) {
    return given()
        .auth()
        .preemptive()
        .basic("vera", "pass-vera")
        .get("/reviews/{id}", reviewId)
        .jsonPath();
  }

  private <T extends SpecificRecord> void write(List<T> records, Function<T, String> key) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      RecordCodec codec = new RecordCodec(registry.connect());
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (T record : records) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    BrokerResource.TOPICS.reviewsNeeded(),
                    key.apply(record).getBytes(StandardCharsets.UTF_8),
                    codec.encode(record))));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get(20, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
