package io.ligature.router.http;

import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.topics.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A real broker with the router's topics. */
public class BrokerResource implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    Topics topics = new Topics("http");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()))) {
      admin
          .createTopics(
              Stream.of(
                      topics.tasksReady(),
                      topics.inbox(),
                      topics.tasksCancelled(),
                      topics.tasksAssigned("default"),
                      topics.agents(),
                      topics.agentsStatus(),
                      topics.agentsStatistics(),
                      topics.events(),
                      topics.routers(),
                      topics.deadLetters())
                  .map(name -> new NewTopic(name, 1, (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", KafkaFixture.bootstrapServers());
    settings.put("ligature.topics.prefix", topics.prefix());
    settings.put("ligature.router.agents-folder", agentsFolder().toString());
    settings.put("quarkus.http.test-port", "0");
    user(settings, "vera", "v", "viewer");
    user(settings, "olga", "o", "operator");
    user(settings, "adam", "a", "admin");
    user(settings, "stan", "s", "starter");
    return settings;
  }

  /** With an agent before and one behind those that are refused. */
  private static Path agentsFolder() {
    try {
      Path folder = Files.createTempDirectory("agents");
      String sound =
          "id: %s\nadapter: noop\ncapabilities: [{name: text.folder}]\nprice: {perCall: 0}\n";
      Files.writeString(
          folder.resolve("a.yaml"), sound.formatted("folder-a") + "---\nid: folder-bad\n");
      Files.writeString(folder.resolve("b.yaml"), "id: [");
      Files.writeString(folder.resolve("c.yml"), sound.formatted("folder-c"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void user(
      Map<String, String> settings, String name, String password, String role) {
    settings.put("quarkus.security.users.embedded.users." + name, password);
    settings.put("quarkus.security.users.embedded.roles." + name, role);
  }

  @Override
  public void stop() {}
}
