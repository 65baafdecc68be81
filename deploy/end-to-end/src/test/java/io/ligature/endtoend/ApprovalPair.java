package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewRule;
import io.ligature.embedded.KafkaFixture;
import io.ligature.local.platform.LocalService;
import io.ligature.local.platform.ServiceInstance;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.Money;
import io.ligature.schemas.topics.TopicAdmin;
import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Two instances of the approval service that share the reviews of one set of topics. */
final class ApprovalPair implements AutoCloseable {

  private static final int PARTITIONS = 6;

  private final Scene scene;
  private final Topics topics;
  private final RecordCodec codec;
  private final Path folder;
  private final Producer<byte[], byte[]> producer;
  private final List<ServiceInstance> instances = new ArrayList<>();

  private ApprovalPair(Scene scene, String prefix) throws IOException {
    this.scene = scene;
    this.topics = new Topics(prefix);
    this.codec = new RecordCodec(RegistrySchemaIds.connect(scene.deployment().registryUrl()));
    this.folder = Files.createTempDirectory("ligature-pair");
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  static ApprovalPair start(Scene scene, String prefix) throws Exception {
    ApprovalPair pair = new ApprovalPair(scene, prefix);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", pair.bootstrap()))) {
      TopicAdmin.ensure(
          admin, TopicPlan.of(TopicSettings.local(prefix).withPartitions(PARTITIONS)));
    }
    for (int number = 1; number <= 2; number++) {
      pair.instances.add(
          ServiceInstance.start(
              LocalService.APPROVAL,
              pair.properties(number),
              pair.folder.resolve("approval-" + number + ".log")));
    }
    pair.awaitBoth();
    return pair;
  }

  /** Starts again what was killed, and waits until each has its share of the partitions. */
  void awaitBoth() throws InterruptedException {
    instances.stream().filter(each -> !each.isRunning()).forEach(ServiceInstance::restart);
    for (ServiceInstance instance : instances) {
      instance.awaitReady(Scene.PATIENCE);
    }
    Awaitility.await("both with a share of the partitions")
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .ignoreExceptions()
        .until(() -> shares().stream().allMatch(share -> share > 0));
  }

  private Map<String, String> properties(int number) {
    Map<String, String> properties = new HashMap<>();
    properties.put("quarkus.config.locations", scene.deployment().users().file().toString());
    properties.put("kafka.bootstrap.servers", bootstrap());
    properties.put("ligature.registry.url", scene.deployment().registryUrl().toString());
    properties.put("ligature.topics.prefix", topics.prefix());
    properties.put("ligature.approval.directory", folder.resolve("data-" + number).toString());
    properties.put("ligature.approval.instance-id", "approval-" + number);
    properties.put("ligature.approval.peers.secret", "the secret of these two");
    properties.put("quarkus.http.auth.session.encryption-key", "a key for their sessions");
    return properties;
  }

  private String bootstrap() {
    return scene.deployment().bootstrapServers();
  }

  ServiceInstance instance(int number) {
    return instances.get(number);
  }

  Rest rest(int number, String user) {
    return new Rest(instances.get(number).url(), user, scene.deployment().users().password(user));
  }

  /** Partitions of each, as the first tells it in its metrics. */
  List<Integer> shares() {
    return instances.stream().map(ApprovalPair::share).toList();
  }

  private static int share(ServiceInstance instance) {
    return (int) metric(instance, "ligature_reviews_partitions");
  }

  /** 0 when it is not there. */
  static double metric(ServiceInstance instance, String name) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(instance.url() + "/q/metrics"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * @param reviewId {@code WORKFLOW:check:1}
   */
  static NeedsReview.Builder request(String reviewId, ReviewRule rule) {
    String workflow = ChildId.rootOf(reviewId);
    return NeedsReview.newBuilder()
        .setReviewId(reviewId)
        .setWorkflowId(workflow)
        .setRootWorkflowId(workflow)
        .setDefinition("pair")
        .setTask("check")
        .setTenant("default")
        .setRequester("operator")
        .setReason("the definition asks for it")
        .setRule(rule)
        .setSubject(Payloads.json(Payloads.JSON.createObjectNode().put("summary", "wind")))
        .setEvidence(List.of())
        .setOnApproval(List.of("report"))
        .setOnRejection(List.of("the workflow fails"))
        .setSpent(Money.of("0.05").toDecimal())
        .setRemaining(Money.of("0.45").toDecimal())
        .setRequestedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  void open(NeedsReview request) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                topics.reviewsNeeded(),
                request.getRootWorkflowId().getBytes(StandardCharsets.UTF_8),
                codec.encode(request)))
        .get(30, TimeUnit.SECONDS);
  }

  /** What an instance shows of a review, once it shows it. */
  JsonNode awaitShown(int number, String reviewId) {
    return Awaitility.await(reviewId + " at instance " + number)
        .atMost(Scene.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Scene.LOOK)
        .until(
            () -> rest(number, Scene.EDITOR).get("/reviews/" + Rest.segment(reviewId)),
            answer -> answer.status() == 200)
        .body();
  }

  List<SpecificRecord> decided() {
    return committed(topics.reviewsDecided());
  }

  List<SpecificRecord> trail() {
    return committed(topics.reviewsTrail());
  }

  /** All committed records of a topic, up to where it ends now. */
  private List<SpecificRecord> committed(String topic) {
    List<SpecificRecord> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          records.add(codec.decode(record.value()));
        }
      }
      return records;
    } catch (UnreadableRecordException e) {
      throw new AssertionError(topic + " holds what nobody can read", e);
    }
  }

  @Override
  public void close() {
    producer.close();
    instances.forEach(ServiceInstance::close);
    KafkaFixture.deleteTree(folder);
  }
}
