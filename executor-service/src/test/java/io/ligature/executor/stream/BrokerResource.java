package io.ligature.executor.stream;

import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.topics.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A real broker with the executor's topics. */
public class BrokerResource implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    Topics topics = new Topics("application");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()))) {
      admin
          .createTopics(
              Stream.of(
                      topics.inbox(),
                      topics.tasksCancelled(),
                      topics.tasksAssigned("default"),
                      topics.tasksPartial(),
                      topics.agents(),
                      topics.agentsStatus(),
                      topics.deadLetters())
                  .map(name -> new NewTopic(name, 1, (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "kafka.bootstrap.servers", KafkaFixture.bootstrapServers(),
        "ligature.topics.prefix", topics.prefix(),
        "quarkus.http.test-port", "0");
  }

  @Override
  public void stop() {}
}
