package io.ligature.schemas.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be taken, put aside with its key, bytes and headers as they came, and
 * with the reason and its origin in headers of our own.
 */
public final class DeadLetters {

  public static final String REASON = "ligature_reason";
  public static final String SERVICE = "ligature_service";
  public static final String ORIGIN_TOPIC = "ligature_origin_topic";
  public static final String ORIGIN_PARTITION = "ligature_origin_partition";
  public static final String ORIGIN_OFFSET = "ligature_origin_offset";
  public static final String ORIGIN_TIMESTAMP = "ligature_origin_timestamp";

  private DeadLetters() {}

  public static ProducerRecord<byte[], byte[]> letter(
      String deadLetterTopic,
      ConsumerRecord<byte[], byte[]> origin,
      String reason,
      String service) {
    List<Header> headers =
        headers(
            origin.topic(),
            origin.partition(),
            origin.offset(),
            origin.timestamp(),
            reason,
            service);
    for (Header header : origin.headers()) {
      headers.add(header);
    }
    return letter(deadLetterTopic, origin.key(), origin.value(), headers);
  }

  /** The headers alone, for writers that forward through something else than a producer. */
  public static List<Header> headers(
      String topic, int partition, long offset, long timestamp, String reason, String service) {
    List<Header> headers = new ArrayList<>();
    headers.add(CloudEvents.header(REASON, reason));
    headers.add(CloudEvents.header(SERVICE, service));
    headers.add(CloudEvents.header(ORIGIN_TOPIC, topic));
    headers.add(CloudEvents.header(ORIGIN_PARTITION, Integer.toString(partition)));
    headers.add(CloudEvents.header(ORIGIN_OFFSET, Long.toString(offset)));
    headers.add(CloudEvents.header(ORIGIN_TIMESTAMP, Long.toString(timestamp)));
    return headers;
  }

  private static ProducerRecord<byte[], byte[]> letter(
      String topic, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    return new ProducerRecord<>(topic, null, key, value, headers);
  }
}
