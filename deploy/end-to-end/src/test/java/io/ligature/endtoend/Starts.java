package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

/** Someone who starts workflows by events, well or badly, and looks at the dead letters. */
final class Starts implements AutoCloseable {

  private final Topics topics = new Topics("ligature");
  private final RecordCodec codec;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> letters;
  private final List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();

  Starts(Scene scene) {
    String bootstrap = scene.deployment().bootstrapServers();
    codec = new RecordCodec(RegistrySchemaIds.connect(scene.deployment().registryUrl()));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    letters =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        letters.partitionsFor(topics.deadLetters()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    letters.assign(all);
    letters.seekToBeginning(all);
  }

  void send(String workflowId, String definition, JsonNode input) throws Exception {
    WorkflowStart start =
        WorkflowStart.newBuilder()
            .setWorkflowId(workflowId)
            .setDefinition(definition)
            .setInput(Payloads.json(input))
            .setRequester(Scene.OPERATOR)
            .build();
    sendBytes(workflowId, codec.encode(start));
  }

  void sendBytes(String key, byte[] value) throws Exception {
    producer
        .send(new ProducerRecord<>(topics.starts(), key.getBytes(StandardCharsets.UTF_8), value))
        .get(30, TimeUnit.SECONDS);
  }

  /** The dead letter with that key, once it is there. */
  ConsumerRecord<byte[], byte[]> awaitDeadLetter(String key) {
    return Awaitility.await("a dead letter with key " + key)
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(
            () -> {
              letters.poll(Duration.ofMillis(100)).forEach(found::add);
              return found.stream()
                  .filter(
                      letter ->
                          letter.key() != null
                              && key.equals(new String(letter.key(), StandardCharsets.UTF_8)))
                  .findFirst();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  static String origin(ConsumerRecord<byte[], byte[]> letter) {
    return CloudEvents.text(letter.headers(), DeadLetters.ORIGIN_TOPIC);
  }

  static String reason(ConsumerRecord<byte[], byte[]> letter) {
    return CloudEvents.text(letter.headers(), DeadLetters.REASON);
  }

  @Override
  public void close() {
    producer.close();
    letters.close();
  }
}
