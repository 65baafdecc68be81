package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.Payloads;
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

  private final Endpoints endpoints;

  StartEvents(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  void send(String workflowId, String definition, JsonNode input) throws InterruptedException {
    WorkflowStart start =
        WorkflowStart.newBuilder()
            .setWorkflowId(workflowId)
            .setDefinition(definition)
            .setInput(Payloads.json(input))
            .setRequester(Endpoints.OPERATOR)
            .build();
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
                Map.of("bootstrap.servers", endpoints.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                values)) {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new CommandFailure(ExitCodes.FAILED, "the start event was not written", e);
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
