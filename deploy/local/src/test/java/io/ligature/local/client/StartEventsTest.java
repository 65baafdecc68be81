package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Budget;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.WorkflowStart;
import io.ligature.embedded.KafkaFixture;
import io.ligature.embedded.RegistryFixture;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The stock serializer of the client, read by the thin codec of the services. */
class StartEventsTest {

  @BeforeAll
  static void makeTopic() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("ligature.starts", 2, (short) 1))).all().get();
    }
  }

  @Test
  void theServicesReadWhatTheStockSerializerWrites() throws Exception {
    RecordCodec codec = new RecordCodec(RegistrySchemaIds.connect(RegistryFixture.url()));
    StartRequest request =
        new StartRequest(
            "w-1",
            "research-report",
            3,
            Payloads.JSON.readTree("{\"topic\": \"wind\"}"),
            Money.of("2.5"),
            7,
            Map.of("team", "blue"));
    try (FakeServices services = new FakeServices()) {
      services
          .answer("GET /definitions/research-report", 200, "{}")
          .answer("GET /workflows/w-1", 404, "{\"title\": \"No such workflow\"}")
          .answer("GET /workflows/w-1", 200, ViewSamples.RUNNING);

      Run run =
          Run.with(
              services.endpoints(KafkaFixture.bootstrapServers(), RegistryFixture.url()),
              "start",
              "research-report",
              "--id=w-1",
              "--input={\"topic\": \"wind\"}",
              "--version=3",
              "--budget=2.5",
              "--priority=7",
              "--label=team=blue");

      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
    }
    ConsumerRecord<String, byte[]> record = onlyStart();
    assertThat(record.key()).isEqualTo("w-1");
    assertThat(CloudEvents.text(record.headers(), "ce_type"))
        .isEqualTo("io.ligature.avro.WorkflowStart");
    WorkflowStart start = (WorkflowStart) codec.decode(record.value());
    assertThat(start).isEqualTo(request.event("operator"));
    assertThat(start.getBudget())
        .isEqualTo(new Budget(Money.of("2.50").toDecimal(), OnExceeded.fail));
  }

  private static ConsumerRecord<String, byte[]> onlyStart() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor("ligature.starts").stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofSeconds(10));
      assertThat(records.count()).isEqualTo(1);
      return records.iterator().next();
    }
  }
}
