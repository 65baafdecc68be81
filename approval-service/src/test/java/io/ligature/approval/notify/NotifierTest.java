package io.ligature.approval.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.tracing.FakeTracing;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class NotifierTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final List<Notification> told = new ArrayList<>();
  private final FakeTracing tracing = new FakeTracing();
  private boolean broken;

  private final Notifier notifier =
      new Notifier(
          () -> {
            throw new IllegalStateException("nothing is read here");
          },
          producer,
          new Topics("t"),
          codec,
          new Deliveries(
              new Recorder(),
              1,
              Duration.ofSeconds(1),
              wait -> {},
              new SimpleMeterRegistry(),
              tracing),
          Duration.ofDays(1),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void tellsWhatIsOnTheTrail() throws Exception {
    notifier.take(record(NOW, codec.encode(entry())));

    assertThat(told)
        .singleElement()
        .returns("w1:gate:1/1", Notification::id)
        .returns("opened", Notification::kind);
    assertThat(producer.history()).isEmpty();
    assertThat(tracing.spans).singleElement().returns("00-aa-bb-01", FakeTracing.Ended::parent);
  }

  @Test
  void putsAsideWhatDoesNotArrive() throws Exception {
    broken = true;

    notifier.take(record(NOW, codec.encode(entry())));

    assertThat(producer.history())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.topic()).isEqualTo("t.dead-letters");
              assertThat(CloudEvents.text(letter.headers(), DeadLetters.REASON))
                  .isEqualTo("notification: recorder: down");
              assertThat(codec.decode(letter.value())).isEqualTo(entry());
            });
  }

  @Test
  void tellsNobodyWhatIsOld() throws Exception {
    notifier.take(record(NOW.minus(Duration.ofDays(1)), codec.encode(entry())));
    notifier.take(record(NOW.minus(Duration.ofDays(1)).minusMillis(1), codec.encode(entry())));

    assertThat(told).hasSize(1);
  }

  @Test
  void goesOnBehindWhatItCannotRead() throws Exception {
    notifier.take(record(NOW, new byte[] {7}));
    notifier.take(record(NOW, codec.encode(entry())));

    assertThat(told).hasSize(1);
  }

  private static ReviewTrailEntry entry() {
    return new ReviewTrailEntry(
        "w1:gate:1", "w1", "w1", "default", 1L, "opened", "{}", "{\"roles\":[\"a\"]}", NOW);
  }

  private static ConsumerRecord<byte[], byte[]> record(Instant at, byte[] value) {
    return new ConsumerRecord<>(
        "t.reviews.trail",
        0,
        5,
        at.toEpochMilli(),
        TimestampType.CREATE_TIME,
        0,
        value.length,
        new byte[0],
        value,
        new RecordHeaders().add("traceparent", "00-aa-bb-01".getBytes(StandardCharsets.UTF_8)),
        Optional.empty());
  }

  private final class Recorder implements Channel {
    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public boolean wants(Notification notification) {
      return true;
    }

    @Override
    public void send(Notification notification) throws DeliveryException {
      if (broken) {
        throw new DeliveryException("down", true);
      }
      told.add(notification);
    }
  }
}
