package io.ligature.state.ingest;

import io.ligature.state.StateRuntime;
import io.quarkus.runtime.Quarkus;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

/**
 * Carries what comes from outside through {@link Ingest}.
 *
 * <p>A message made from another acknowledges that one when the broker has taken it, and only then
 * may the offset of the origin be committed. A record that cannot be written ends the process: its
 * supervisor starts it again, and the origin is read again.
 */
@ApplicationScoped
public class IngestChannels {

  private static final Logger LOG = Logger.getLogger(IngestChannels.class);

  private final StateRuntime runtime;

  public IngestChannels(StateRuntime runtime) {
    this.runtime = runtime;
  }

  @Incoming("starts")
  @Outgoing("accepted")
  @Blocking
  public Message<byte[]> start(Message<byte[]> start) {
    return forward(start, runtime.awaitParts().ingest()::start);
  }

  @Incoming("decided")
  @Outgoing("decisions")
  @Blocking
  public Message<byte[]> decision(Message<byte[]> decision) {
    return forward(decision, runtime.awaitParts().ingest()::decision);
  }

  private static Message<byte[]> forward(
      Message<byte[]> message,
      Function<ConsumerRecord<byte[], byte[]>, ProducerRecord<byte[], byte[]>> rule) {
    ConsumerRecord<byte[], byte[]> origin = origin(message);
    ProducerRecord<byte[], byte[]> record = rule.apply(origin);
    return message
        .withPayload(record.value())
        .addMetadata(
            OutgoingKafkaRecordMetadata.<byte[]>builder()
                .withTopic(record.topic())
                .withKey(record.key())
                .withHeaders(record.headers())
                .build())
        .withNack(
            reason -> {
              LOG.errorf(
                  reason,
                  "a record could not be forwarded; the process ends topic=%s partition=%d"
                      + " offset=%d",
                  origin.topic(),
                  origin.partition(),
                  origin.offset());
              Quarkus.asyncExit(1);
              return message.nack(reason);
            });
  }

  @SuppressWarnings("unchecked") // The connector's metadata has the types of its deserializers.
  private static ConsumerRecord<byte[], byte[]> origin(Message<byte[]> message) {
    Optional<ConsumerRecord<byte[], byte[]>> record =
        message
            .getMetadata(IncomingKafkaRecordMetadata.class)
            .map(metadata -> (ConsumerRecord<byte[], byte[]>) metadata.getRecord());
    return record.orElseThrow(() -> new IllegalStateException("not a message from Kafka"));
  }
}
