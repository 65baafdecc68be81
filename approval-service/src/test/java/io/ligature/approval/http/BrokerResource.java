package io.ligature.approval.http;

import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.topics.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A real broker with the topics of the approval service, a store of its own, and users. */
public class BrokerResource implements QuarkusTestResourceLifecycleManager {

  public static final Topics TOPICS = new Topics("approval-http");

  public static final String PEER_SECRET = "a-secret-of-these-tests";

  private Path directory;

  @Override
  public Map<String, String> start() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()))) {
      directory = Files.createTempDirectory("ligature-approval");
      admin
          .createTopics(
              Stream.of(
                      TOPICS.reviewsNeeded(),
                      TOPICS.reviewsCommands(),
                      TOPICS.reviewsDecided(),
                      TOPICS.reviewsTrail(),
                      TOPICS.deadLetters())
                  .map(name -> new NewTopic(name, 2, (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", KafkaFixture.bootstrapServers());
    settings.put("ligature.topics.prefix", TOPICS.prefix());
    settings.put("ligature.approval.directory", directory.toString());
    settings.put("ligature.approval.standby-replicas", "0");
    settings.put("quarkus.http.test-port", "0");
    settings.put("ligature.approval.inbox.refresh", "1s");
    // Tests bring wrong passwords of their own.
    settings.put("ligature.approval.identity.max-failed-logins", "100000");
    settings.put("ligature.approval.notify.mail.to.scribe", "scribes@example.com");
    settings.put("quarkus.mailer.from", "reviews@example.com");
    settings.put("ligature.approval.peers.secret", PEER_SECRET);
    user(settings, "eve", "editor");
    user(settings, "bea", "editor");
    user(settings, "stan", "starter,editor");
    user(settings, "lee", "legal");
    user(settings, "vera", "viewer");
    user(settings, "olga", "operator");
    user(settings, "adam", "admin");
    user(settings, "rita", "reviewer");
    user(settings, "aud", "auditor");
    user(settings, "hal", "scribe");
    user(settings, "sam", "editor,scribe,sensitive");
    user(settings, "ann", "editor,admin,tenant:acme");
    return settings;
  }

  private static void user(Map<String, String> settings, String name, String roles) {
    settings.put("quarkus.security.users.embedded.users." + name, "pass-" + name);
    settings.put("quarkus.security.users.embedded.roles." + name, roles);
  }

  @Override
  public void stop() {
    KafkaFixture.deleteTree(directory);
  }
}
