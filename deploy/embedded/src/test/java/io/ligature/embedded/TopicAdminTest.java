package io.ligature.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ligature.schemas.topics.TopicAdmin;
import io.ligature.schemas.topics.TopicMismatchException;
import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicAdminTest {

  private static Admin admin;

  @BeforeAll
  static void connect() {
    admin = Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()));
  }

  @AfterAll
  static void disconnect() {
    admin.close();
  }

  @Test
  void makesEveryTopicOfThePlanOnce() throws Exception {
    TopicPlan plan =
        TopicPlan.of(TopicSettings.local("makes").withPools(List.of("default", "gpu")));

    TopicAdmin.ensure(admin, plan);
    TopicAdmin.ensure(admin, plan);

    assertThat(topicsOf("makes"))
        .containsExactlyInAnyOrder(
            "makes.starts",
            "makes.inbox",
            "makes.tasks.ready",
            "makes.tasks.assigned",
            "makes.tasks.assigned.gpu",
            "makes.tasks.cancelled",
            "makes.reviews.needed",
            "makes.reviews.commands",
            "makes.reviews.decided",
            "makes.definitions",
            "makes.agents",
            "makes.agents.status",
            "makes.agents.statistics",
            "makes.routers",
            "makes.tasks.partial",
            "makes.events",
            "makes.reviews.trail",
            "makes.dead-letters");
  }

  @Test
  void namesEveryMismatchAndMakesNothing() throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic("other.inbox", Optional.of(2), Optional.empty()),
                new NewTopic("other.agents", Optional.of(1), Optional.empty())))
        .all()
        .get();
    await().until(() -> topicsOf("other").size() == 2);

    assertThatThrownBy(() -> TopicAdmin.ensure(admin, TopicPlan.of(TopicSettings.local("other"))))
        .isInstanceOf(TopicMismatchException.class)
        .hasMessageContaining("other.inbox has partitions=2, planned is 6")
        .hasMessageContaining("other.agents has cleanup.policy=delete, planned is compact")
        .hasMessageContaining("ligature.topics.prefix");
    assertThat(topicsOf("other")).containsExactlyInAnyOrder("other.inbox", "other.agents");
  }

  @Test
  void addsThePoolThatIsNew() throws Exception {
    TopicAdmin.ensure(admin, TopicPlan.of(TopicSettings.local("grows")));

    TopicAdmin.ensure(
        admin, TopicPlan.of(TopicSettings.local("grows").withPools(List.of("default", "late"))));

    assertThat(topicsOf("grows")).contains("grows.tasks.assigned.late");
  }

  private static Set<String> topicsOf(String prefix) throws Exception {
    return admin.listTopics().names().get().stream()
        .filter(name -> name.startsWith(prefix + "."))
        .collect(java.util.stream.Collectors.toSet());
  }
}
