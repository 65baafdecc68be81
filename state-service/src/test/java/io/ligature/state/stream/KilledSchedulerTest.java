package io.ligature.state.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowStart;
import io.ligature.avro.WorkflowStarted;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.Definition.CatchUp;
import io.ligature.schemas.definition.Definition.Overlap;
import io.ligature.schemas.definition.Definition.Schedule;
import io.ligature.schemas.topics.TopicAdmin;
import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.schedule.DueTimes;
import io.ligature.state.schedule.Runs;
import io.ligature.state.schedule.ScheduleMetrics;
import io.ligature.state.schedule.Scheduler;
import io.ligature.state.schedule.StartsTopic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers that are killed again and again, on a real broker; the real fold behind it. */
class KilledSchedulerTest {

  private static final Topics TOPICS = new Topics("killed-scheduler");
  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", KafkaFixture.bootstrapServers());
  private static final Instant PUT = Instant.parse("2027-01-01T08:00:00Z");
  private static final long SEED = 7;

  @TempDir Path folder;

  /** The process ends here; it is no exception that anything handles. */
  private static final class Killed extends Error {}

  @Test
  void oneWorkflowForEachDueTimeHoweverOftenSchedulersAreKilled() throws Exception {
    try (Admin admin = Admin.create(KAFKA)) {
      TopicAdmin.ensure(
          admin, TopicPlan.of(TopicSettings.local(TOPICS.prefix()).withPartitions(1)));
    }
    try (ShellFixture shell = new ShellFixture(folder);
        StartsTopic topic =
            new StartsTopic(
                new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer()),
                shell.codec,
                TOPICS.starts(),
                InstantSource.system(),
                Duration.ofSeconds(30))) {
      List<WorkflowStart> starts = runSchedulers(shell, topic);

      starts.forEach(start -> shell.send(start.getWorkflowId(), accepted(start)));

      assertThat(starts).hasSizeGreaterThan(60);
      assertThat(
              shell.events().stream()
                  .filter(event -> event.getBody() instanceof WorkflowStarted)
                  .map(WorkflowEvent::getWorkflowId)
                  .sorted())
          .as("seed %d", SEED)
          .isEqualTo(
              IntStream.rangeClosed(1, 59)
                  .mapToObj("report-20270101T08%02d00Z"::formatted)
                  .toList());
    }
  }

  private static List<WorkflowStart> runSchedulers(ShellFixture shell, StartsTopic topic)
      throws UnreadableRecordException {
    Random random = new Random(SEED);
    List<Scheduler> both =
        new ArrayList<>(List.of(fresh(shell, topic, random), fresh(shell, topic, random)));
    int kills = 0;
    for (Instant now = PUT; now.isBefore(PUT.plusSeconds(3_600)); ) {
      now = now.plusSeconds(1 + random.nextInt(240));
      Instant at = now.isBefore(PUT.plusSeconds(3_599)) ? now : PUT.plusSeconds(3_599);
      for (int i = 0; i < both.size(); i++) {
        try {
          both.get(i).look(at);
        } catch (Killed e) {
          kills++;
          both.set(i, fresh(shell, topic, random));
        }
      }
    }
    scheduler(shell, topic).look(PUT.plusSeconds(3_599));
    assertThat(kills).as("seed %d", SEED).isPositive();
    return read(shell);
  }

  /** Killed now and then: before a start is put, or after it and before it knows. */
  private static Scheduler fresh(ShellFixture shell, StartsTopic topic, Random random) {
    return scheduler(
        shell,
        start -> {
          if (random.nextInt(8) == 0) {
            throw new Killed();
          }
          topic.put(start);
          if (random.nextInt(8) == 0) {
            throw new Killed();
          }
        });
  }

  private static Scheduler scheduler(ShellFixture shell, Scheduler.Starts starts) {
    Schedule schedule =
        new Schedule(
            "* * * * *",
            ZoneOffset.UTC,
            Overlap.ALLOW,
            CatchUp.ALL,
            Payloads.JSON.createObjectNode().put("text", "hello"));
    WorkflowDefinition text =
        WorkflowDefinition.newBuilder(ShellFixture.definition(ShellFixture.TWO_STEPS))
            .setName("report")
            .setCreatedAt(PUT)
            .build();
    Runs runs =
        id -> {
          WorkflowRow row = shell.rows().workflow(id);
          return row == null
              ? Runs.Standing.UNKNOWN_ID
              : row.isOpen() ? Runs.Standing.OPEN : Runs.Standing.ENDED;
        };
    return new Scheduler(
        () -> List.of(text),
        any -> new Definition("report", null, null, null, 5, Map.of(), null, Map.of(), schedule),
        runs,
        starts,
        new DueTimes.Bounds(Duration.ofDays(1), 100, Duration.ofMinutes(1)),
        new ScheduleMetrics(new SimpleMeterRegistry()));
  }

  private static StartAccepted accepted(WorkflowStart start) {
    return StartAccepted.newBuilder(ShellFixture.start(start.getWorkflowId()))
        .setStart(start)
        .build();
  }

  private static List<WorkflowStart> read(ShellFixture shell) throws UnreadableRecordException {
    List<WorkflowStart> starts = new ArrayList<>();
    TopicPartition at = new TopicPartition(TOPICS.starts(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(KAFKA, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(at));
      consumer.seekToBeginning(List.of(at));
      long end = consumer.endOffsets(List.of(at)).get(at);
      while (consumer.position(at) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          starts.add((WorkflowStart) shell.codec.decode(record.value()));
        }
      }
    }
    return starts;
  }
}
