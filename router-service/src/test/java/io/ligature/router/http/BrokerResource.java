package io.ligature.router.http;

import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.topics.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
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
    settings.put("quarkus.http.test-port", "0");
    user(settings, "vera", "v", "viewer");
    user(settings, "olga", "o", "operator");
    user(settings, "adam", "a", "admin");
    user(settings, "stan", "s", "starter");
    return settings;
  }

  private static void user(
      Map<String, String> settings, String name, String password, String role) {
    settings.put("quarkus.security.users.embedded.users." + name, password);
    settings.put("quarkus.security.users.embedded.roles." + name, role);
  }

  @Override
  public void stop() {}
}
