package io.ligature.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  @TempDir Path data;

  @Test
  void keepsItsTopicsAndItsAddressOverARestart() throws Exception {
    String address;
    try (EmbeddedBroker broker = EmbeddedBroker.start(data);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      address = broker.bootstrapServers();
      admin
          .createTopics(List.of(new NewTopic("kept", Optional.of(3), Optional.empty())))
          .all()
          .get();
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(data);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get()).contains("kept");
      assertThat(broker.bootstrapServers()).isEqualTo(address);
    }
  }

  @Test
  void speaksTheNewTransactionProtocol() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(data);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(
              admin
                  .describeFeatures()
                  .featureMetadata()
                  .get()
                  .finalizedFeatures()
                  .get("transaction.version")
                  .maxVersionLevel())
          .isEqualTo((short) 2);
    }
  }
}
