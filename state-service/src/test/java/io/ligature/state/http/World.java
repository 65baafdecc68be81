package io.ligature.state.http;

import static io.restassured.RestAssured.given;

import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.TaskResult;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.Money;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** What stands around the service: users with their requests, and the topics. */
final class World {

  static final Topics TOPICS = new Topics(PlatformResource.PREFIX);
  static final String GREETING =
      """
      name: greeting
      input:
        schema: { type: object, required: [text], properties: { text: { type: string } } }
      budget: { maxCost: 1.00 }
      tasks:
        first:
          capability: text.echo
          input: { text: "${input.text}" }
          constraints: { timeout: PT1M, maxCost: 0.10 }
        second:
          needs: [first]
          capability: text.echo
          input: { text: "${tasks.first.output.text}" }
      output: "${tasks.second.output}"
      """;

  private World() {}

  static RequestSpecification as(String user) {
    return given().auth().preemptive().basic(user, user + "-password");
  }

  static Response put(String name, String text) {
    return as("otto")
        .contentType("application/yaml")
        .body(text.getBytes(StandardCharsets.UTF_8))
        .put("/definitions/" + name);
  }

  /** Puts a definition unless there is one of that name: each put is a transaction. */
  static void known(String name, String text) {
    if (as("otto").get("/definitions/" + name).statusCode() == 404) {
      put(name, text).then().statusCode(201);
    }
  }

  static Response start(String body) {
    return as("mia").contentType("application/json").body(body).post("/workflows");
  }

  /** Starts a greeting, and waits until it can be seen. */
  static String started(String workflowId) {
    start(
            """
            {"workflowId": "%s", "definition": "greeting", "input": {"text": "hello"}}
            """
                .formatted(workflowId))
        .then()
        .statusCode(202);
    return workflowId;
  }

  /** The running service takes requests. */
  static void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  /** A command on a workflow; its path as it stands in the address, encoded already. */
  static Response command(String path, String body) {
    return as("otto")
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .body(body)
        .post("/workflows/" + path);
  }

  static void awaitStatus(String workflowId, String status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> as("mia").get("/workflows/" + workflowId).jsonPath().getString("status"),
            status::equals);
  }

  static void succeed(String workflowId, String attempt) {
    send(
        TOPICS.inbox(),
        workflowId,
        FakeRegistry.CODEC.encode(
            new TaskResult(
                attempt,
                workflowId,
                ResultStatus.success,
                Payloads.json(Payloads.JSON.createObjectNode().put("text", "hi")),
                new ResultMetadata(
                    Money.of("0.02").toDecimal(),
                    5L,
                    "model-1",
                    0.9,
                    null,
                    null,
                    null,
                    null,
                    Grade.clean,
                    null,
                    List.of(),
                    null),
                null,
                "echo",
                "executor-1",
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                null)));
  }

  static void send(String topic, String key, SpecificRecord record) {
    send(topic, key, FakeRegistry.CODEC.encode(record));
  }

  static void send(String topic, String key, byte[] value) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The record that a request put on the inbox, by the key it must have. */
  static SpecificRecord awaitInput(String root, String commandId) {
    byte[] value =
        awaitRecord(
                TOPICS.inbox(),
                root,
                record -> commandId.equals(CloudEvents.text(record.headers(), "ce_id")))
            .value();
    try {
      return FakeRegistry.CODEC.decode(value);
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first committed record of a key on a topic. */
  static ConsumerRecord<byte[], byte[]> awaitRecord(String topic, String key) {
    return awaitRecord(topic, key, any -> true);
  }

  private static ConsumerRecord<byte[], byte[]> awaitRecord(
      String topic, String key, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                KafkaFixture.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (key.equals(new String(record.key(), StandardCharsets.UTF_8)) && wanted.test(record)) {
            return record;
          }
        }
      }
    }
    throw new AssertionError("no record of " + key + " on " + topic);
  }
}
