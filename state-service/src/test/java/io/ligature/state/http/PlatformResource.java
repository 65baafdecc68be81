package io.ligature.state.http;

import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.topics.TopicAdmin;
import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A real broker with the topics, and a user for each role. */
public class PlatformResource implements QuarkusTestResourceLifecycleManager {

  static final String PREFIX = "http";

  @Override
  public Map<String, String> start() {
    String bootstrap = KafkaFixture.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      TopicAdmin.ensure(admin, TopicPlan.of(TopicSettings.local(PREFIX).withPartitions(2)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Map<String, String> config = new HashMap<>();
    config.put("kafka.bootstrap.servers", bootstrap);
    config.put("ligature.topics.prefix", PREFIX);
    config.put("ligature.state.directory", folder());
    config.put("ligature.state.streams.standby-replicas", "0");
    config.put("ligature.state.partial.heartbeat", "PT0.2S");
    config.put("quarkus.http.test-port", "0");
    user(config, "sam", "starter");
    user(config, "vera", "viewer");
    user(config, "otto", "operator");
    user(config, "rita", "reviewer");
    user(config, "ada", "admin");
    user(config, "mia", "starter,viewer,operator");
    user(config, "eve", "starter,viewer,operator,tenant:other");
    return config;
  }

  @Override
  public void stop() {}

  private static void user(Map<String, String> config, String name, String roles) {
    config.put("quarkus.security.users.embedded.users." + name, name + "-password");
    config.put("quarkus.security.users.embedded.roles." + name, roles);
  }

  private static String folder() {
    try {
      return Files.createTempDirectory("ligature-state").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
