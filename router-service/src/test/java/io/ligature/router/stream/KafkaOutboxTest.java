package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskUnplaced;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaOutboxTest {

  private static final Origin ORIGIN =
      new Origin(1, 7, "root", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private final List<Throwable> failures = new ArrayList<>();
  private final KafkaOutbox outbox =
      new KafkaOutbox(
          producer,
          new Topics("ligature"),
          codec,
          new Tracing(OpenTelemetry.noop().getTracer("test")),
          failures::add);

  @Test
  void writesToThePoolUnderTheKeyAndTraceOfTheTask() {
    outbox.assign(assignment(), ORIGIN);

    ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
    assertThat(record.topic()).isEqualTo("ligature.tasks.assigned.gpu");
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("root");
    assertThat(CloudEvents.text(record.headers(), "ce_id")).isEqualTo("w1/t#1");
    assertThat(CloudEvents.text(record.headers(), "ce_subject")).isEqualTo("w1");
    assertThat(CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT))
        .isEqualTo(ORIGIN.traceparent());
  }

  @Test
  void finishesATaskOnlyWhenItsAssignmentIsStored() {
    outbox.assign(assignment(), ORIGIN);
    assertThat(outbox.nextFinished()).isNull();

    producer.completeNext();

    assertThat(outbox.nextFinished()).isEqualTo(ORIGIN);
  }

  @Test
  void finishesATaskThatIsGivenBackButNotOneThatIsReported() {
    outbox.unplaced(unplaced(false), ORIGIN);
    producer.completeNext();
    assertThat(outbox.nextFinished()).isNull();

    outbox.unplaced(unplaced(true), ORIGIN);
    producer.completeNext();

    assertThat(outbox.nextFinished()).isEqualTo(ORIGIN);
  }

  @Test
  void tellsAFailureAndFinishesNothing() {
    TopicAuthorizationException refused = new TopicAuthorizationException("no");
    outbox.assign(assignment(), ORIGIN);
    producer.errorNext(refused);
    outbox.unplaced(unplaced(false), ORIGIN);
    producer.errorNext(refused);
    outbox.deadLetter(new ConsumerRecord<>("t", 0, 0, null, null), "why", () -> failures.add(null));
    producer.errorNext(refused);

    assertThat(failures).containsExactly(refused, refused, refused);
    assertThat(outbox.nextFinished()).isNull();
  }

  @Test
  void givesATaskBackWhoseAssignmentTheBrokerFindsTooLarge() throws Exception {
    outbox.assign(assignment(), ORIGIN);

    producer.errorNext(new RecordTooLargeException("1048600 bytes"));

    TaskUnplaced told = (TaskUnplaced) codec.decode(producer.history().getLast().value());
    assertThat(told.getParked()).isTrue();
    assertThat(told.getReason()).startsWith("the assignment is larger than the broker takes");
    producer.completeNext();
    assertThat(outbox.nextFinished()).isEqualTo(ORIGIN);
    assertThat(failures).isEmpty();
  }

  private static TaskAssignment assignment() {
    return new TaskAssignment(task("w1/t#1").build(), "a", "1", "gpu", NOW, List.of(), false, null);
  }

  private static TaskUnplaced unplaced(boolean parked) {
    return new TaskUnplaced("w1/t#1", "w1", "why", parked, List.of(), NOW);
  }
}
