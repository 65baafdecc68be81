package io.ligature.local.client;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes start events the way any user of the topic does: with the registry's stock Avro
 * serializer.
 */
final class StartEvents {

  /** A person waits; the client's own minutes are for programs. */
  private static final int PATIENCE_MILLIS = 15_000;

  private final Endpoints endpoints;

  StartEvents(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  void send(StartRequest request) throws InterruptedException {
    WorkflowStart start = request.event(Endpoints.OPERATOR);
    String workflowId = request.workflowId();
    ProducerRecord<String, WorkflowStart> record =
        new ProducerRecord<>(new Topics("ligature").starts(), workflowId, start);
    CloudEvents.headers(
            workflowId,
            start,
            "/cli",
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            workflowId,
            null)
        .forEach(record.headers()::add);
    try (AvroKafkaSerializer<WorkflowStart> values = serializer();
        KafkaProducer<String, WorkflowStart> producer =
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers",
                    endpoints.bootstrapServers(),
                    "acks",
                    "all",
                    "max.block.ms",
                    PATIENCE_MILLIS,
                    "request.timeout.ms",
                    PATIENCE_MILLIS / 2,
                    "delivery.timeout.ms",
                    PATIENCE_MILLIS),
                new StringSerializer(),
                values)) {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new CommandFailure(
          ExitCodes.FAILED, "the start event was not written: " + e.getCause(), e);
    }
  }

  private AvroKafkaSerializer<WorkflowStart> serializer() {
    AvroKafkaSerializer<WorkflowStart> serializer = new AvroKafkaSerializer<>();
    Map<String, Object> settings = new HashMap<>();
    settings.put("apicurio.registry.url", endpoints.registry() + "/apis/registry/v3");
    settings.put("apicurio.registry.find-latest", true);
    settings.put(
        "apicurio.registry.artifact-resolver-strategy",
        "io.apicurio.registry.serde.avro.strategy.RecordIdStrategy");
    serializer.configure(settings, false);
    return serializer;
  }
}
