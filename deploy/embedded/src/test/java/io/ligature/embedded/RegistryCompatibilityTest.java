package io.ligature.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.ligature.avro.CancelWorkflow;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our wire format is the registry's: what one side writes the other reads. */
class RegistryCompatibilityTest {

  private static final CancelWorkflow CANCEL =
      new CancelWorkflow("c-1", "w-1", "ada", "no longer needed", Instant.EPOCH, false);

  @TempDir static Path data;
  private static EmbeddedRegistry registry;
  private static RecordCodec codec;

  @BeforeAll
  static void start() {
    registry = EmbeddedRegistry.start(Path.of("target/registry"), data);
    codec = new RecordCodec(RegistrySchemaIds.connect(registry.url()));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void theStockDeserializerReadsWhatWeWrite() {
    try (AvroKafkaDeserializer<CancelWorkflow> stock = new AvroKafkaDeserializer<>()) {
      Map<String, Object> settings = settings();
      settings.put("apicurio.registry.use-specific-avro-reader", true);
      stock.configure(settings, false);

      assertThat(stock.deserialize("any", codec.encode(CANCEL))).isEqualTo(CANCEL);
    }
  }

  @Test
  void weReadWhatTheStockSerializerWrites() throws Exception {
    try (AvroKafkaSerializer<CancelWorkflow> stock = new AvroKafkaSerializer<>()) {
      Map<String, Object> settings = settings();
      settings.put("apicurio.registry.find-latest", true);
      stock.configure(settings, false);

      assertThat(codec.decode(stock.serialize("any", CANCEL))).isEqualTo(CANCEL);
    }
  }

  @Test
  void registeringAgainKeepsTheIds() {
    assertThat(RegistrySchemaIds.connect(registry.url()).idOf(CancelWorkflow.getClassSchema()))
        .isEqualTo(RegistrySchemaIds.connect(registry.url()).idOf(CancelWorkflow.getClassSchema()));
  }

  private static Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("apicurio.registry.url", registry.url() + "/apis/registry/v3");
    settings.put(
        "apicurio.registry.artifact-resolver-strategy",
        "io.apicurio.registry.serde.avro.strategy.RecordIdStrategy");
    return settings;
  }
}
