package io.ligature.router.stream;

import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.RecordCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the router's Kafka clients.
 *
 * @param bootstrap setting {@code kafka.bootstrap.servers}
 * @param speculative tasks are taken before the transaction that made them has ended
 * @param instanceId stable name in the group
 */
record Clients(
    String bootstrap,
    Topics topics,
    RecordCodec codec,
    boolean speculative,
    Optional<String> instanceId) {

  /** A payload of the largest size, with room for the rest. */
  private static final int MAX_REQUEST_BYTES = 2_097_152;

  String group() {
    return topics.prefix() + "-router";
  }

  /**
   * Reads tasks, results and cancellations of the same partitions: the range assignor gives equal
   * ranges of topics with equal partition counts.
   */
  Consumer<byte[], byte[]> tasks() {
    Map<String, Object> settings = reader();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group());
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
    instanceId.ifPresent(id -> settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
    return new KafkaConsumer<>(settings);
  }

  /** Reads what it is told to, outside of any group, but can ask for the group's offsets. */
  Consumer<byte[], byte[]> loose() {
    Map<String, Object> settings = reader();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group());
    return new KafkaConsumer<>(settings);
  }

  /** Reads what it is told to, outside of any group, and only what is committed. */
  Consumer<byte[], byte[]> committed() {
    Map<String, Object> settings = reader();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return new KafkaConsumer<>(settings);
  }

  Producer<byte[], byte[]> producer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    // A broker that is away for a while is no reason to give a record up.
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    return new KafkaProducer<>(settings);
  }

  private Map<String, Object> reader() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    settings.put(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG, speculative ? "read_uncommitted" : "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return settings;
  }
}
