package io.ligature.state;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the plain Kafka clients of this service.
 *
 * @param common every setting under {@code kafka.}, for example of encryption and login
 * @param maxRequestBytes largest request of a producer
 */
record Clients(Map<String, Object> common, int maxRequestBytes) {

  /** Reads committed records and belongs to no group. */
  Consumer<byte[], byte[]> committedReader() {
    return reader("read_committed");
  }

  /** Reads every record at once and belongs to no group. */
  Consumer<byte[], byte[]> eagerReader() {
    return reader("read_uncommitted");
  }

  private Consumer<byte[], byte[]> reader(String isolation) {
    Map<String, Object> settings = new HashMap<>(common);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return new KafkaConsumer<>(settings);
  }

  /** Asks for offsets. */
  Admin admin() {
    Map<String, Object> settings = new HashMap<>(common);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    return Admin.create(settings);
  }

  /** Writes at once, and says when it is safe. */
  Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(writer());
  }

  /** Takes the transactional id away from whoever has it. */
  Producer<byte[], byte[]> transactional(String transactionalId) {
    Map<String, Object> settings = writer();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    return new KafkaProducer<>(settings);
  }

  private Map<String, Object> writer() {
    Map<String, Object> settings = new HashMap<>(common);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return settings;
  }
}
