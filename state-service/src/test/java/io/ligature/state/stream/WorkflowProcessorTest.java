package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.START;
import static io.ligature.state.stream.ShellFixture.header;
import static io.ligature.state.stream.ShellFixture.start;
import static io.ligature.state.stream.ShellFixture.success;
import static io.ligature.state.stream.ShellFixture.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowQuarantined;
import io.ligature.state.engine.TaskState;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowProcessorTest {

  @TempDir Path folder;
  private ShellFixture shell;

  @BeforeEach
  void open() {
    shell = new ShellFixture(folder);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void dispatchesTheFirstTaskOfAStart() {
    shell.send("w1", start("w1"));

    assertThat(shell.ready()).extracting(TaskEnvelope::getId).containsExactly("w1/first#1");
    assertThat(types(shell.events())).containsExactly("WorkflowStarted", "AttemptScheduled");
  }

  @Test
  void runsAWorkflowToItsEndWithASequenceWithoutAGap() {
    shell.send("w1", start("w1"));
    shell.send("w1", success("w1", "w1/first#1", "one"));
    shell.send("w1", success("w1", "w1/second#1", "two"));

    List<WorkflowEvent> events = shell.events();
    assertThat(types(events)).last().isEqualTo("WorkflowCompleted");
    assertThat(events)
        .extracting(WorkflowEvent::getSequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(shell.rows().workflow("w1"))
        .returns(WorkflowStatus.COMPLETED, WorkflowRow::status)
        .returns((long) events.size(), WorkflowRow::sequence);
  }

  @Test
  void carriesTheTraceAndTheCloudEventsAttributes() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    shell.send(
        "w1",
        start("w1"),
        new RecordHeaders().add("traceparent", trace.getBytes(StandardCharsets.UTF_8)));

    TestRecord<byte[], byte[]> ready = shell.records("ligature.tasks.ready").getFirst();
    assertThat(header(ready, "traceparent")).isEqualTo(trace);
    assertThat(header(ready, "ce_id")).isEqualTo("w1/first#1");
    assertThat(header(ready, "ce_type")).isEqualTo("io.ligature.avro.TaskEnvelope");
    assertThat(header(ready, "ce_subject")).isEqualTo("w1");
    assertThat(new String(ready.key(), StandardCharsets.UTF_8)).isEqualTo("w1");
  }

  @Test
  void changesNothingOnADuplicateStart() {
    shell.send("w1", start("w1"));
    shell.ready();
    shell.events();

    shell.send("w1", start("w1", "other input", ShellFixture.TWO_STEPS));

    assertThat(shell.ready()).isEmpty();
    assertThat(shell.events()).isEmpty();
    assertThat(shell.deadLetters()).isEmpty();
  }

  @Test
  void putsAnUnreadableRecordAsideAndGoesOn() {
    shell.inbox.pipeInput("w1".getBytes(StandardCharsets.UTF_8), new byte[] {7, 7});
    shell.send("w2", start("w2"));

    TestRecord<byte[], byte[]> letter = shell.deadLetters().getFirst();
    assertThat(letter.value()).isEqualTo(new byte[] {7, 7});
    assertThat(header(letter, "ligature_reason")).contains("not in the registry's wire format");
    assertThat(header(letter, "ligature_origin_topic")).isEqualTo("ligature.inbox");
    assertThat(header(letter, "ligature_origin_offset")).isEqualTo("0");
    assertThat(shell.ready()).extracting(TaskEnvelope::getId).containsExactly("w2/first#1");
  }

  @Test
  void putsARecordWithoutAKeyAside() {
    shell.inbox.pipeInput((byte[]) null, shell.codec.encode(start("w1")));

    assertThat(header(shell.deadLetters().getFirst(), "ligature_reason"))
        .isEqualTo("the record has no key; use the root workflow id");
  }

  @Test
  void putsARecordWithoutAValueAside() {
    shell.inbox.pipeInput("w1".getBytes(StandardCharsets.UTF_8), (byte[]) null);

    assertThat(header(shell.deadLetters().getFirst(), "ligature_reason"))
        .isEqualTo("the record has no value");
  }

  @Test
  void putsAStartUnderAForeignKeyAside() {
    shell.send("w2", start("w1"));

    assertThat(header(shell.deadLetters().getFirst(), "ligature_reason"))
        .contains("the record's key is 'w2'", "'w1'");
    assertThat(shell.rows().workflow("w1")).isNull();
  }

  @Test
  void putsARecordThatIsNoInputAside() {
    shell.send("w1", new TaskCancel("w1/first#1", "w1", "why"));

    assertThat(header(shell.deadLetters().getFirst(), "ligature_reason"))
        .contains("io.ligature.avro.TaskCancel does not belong into the inbox");
  }

  @Test
  void quarantinesAWorkflowThatTheEngineCannotTakeAndGoesOnWithTheOthers() {
    shell.send("bad", start("bad", "x", "this: is not a definition"));
    shell.send("good", start("good"));

    WorkflowEvent quarantined = shell.events().getFirst();
    assertThat(quarantined.getBody())
        .isInstanceOfSatisfying(
            WorkflowQuarantined.class,
            body -> {
              assertThat(body.getOrigin()).isEqualTo("ligature.inbox-0@0");
              assertThat(body.getReason()).contains("is not sound");
            });
    assertThat(shell.rows().workflow("bad"))
        .returns(WorkflowStatus.QUARANTINED, WorkflowRow::status);
    assertThat(shell.ready()).extracting(TaskEnvelope::getId).containsExactly("good/first#1");
    assertThat(shell.meters.counter("ligature.workflows.quarantined").count()).isOne();
  }

  @Test
  void putsWhatComesForAQuarantinedWorkflowAside() {
    shell.send("bad", start("bad", "x", "this: is not a definition"));

    shell.send("bad", success("bad", "bad/first#1", "late"));

    assertThat(header(shell.deadLetters().getFirst(), "ligature_reason"))
        .contains("workflow bad is quarantined");
  }

  @Test
  void quarantinesAWorkflowWhoseRecordsTheBrokerWouldRefuse() {
    shell.close();
    shell = new ShellFixture(folder, 2_500, 200);

    shell.send("large", start("large", "x".repeat(2_000), ShellFixture.TWO_STEPS));

    assertThat(shell.ready()).isEmpty();
    assertThat(((WorkflowQuarantined) shell.events().getFirst().getBody()).getReason())
        .contains("WorkflowEvent large/1 has", "more than a record may have (2500)");
  }

  @Test
  void offersASilentAttemptAgainAtItsDueTime() {
    shell.send("w1", start("w1"));
    Instant due = ((TaskState.Scheduled) shell.rows().task("w1", "first").state()).expiresAt();
    shell.ready();
    shell.events();

    shell.driver.advanceWallClockTime(Duration.between(START, due).plusSeconds(1));

    assertThat(shell.ready()).extracting(TaskEnvelope::getId).containsExactly("w1/first#1");
    assertThat(shell.events())
        .singleElement()
        .returns(due.plusSeconds(1), WorkflowEvent::getAt)
        .returns("timer", WorkflowEvent::getActor);
  }

  @Test
  void givesAnAttemptItsWholeTimeAgainAfterALongOutage() {
    shell.send("w1", start("w1"));
    shell.ready();

    shell.driver.advanceWallClockTime(Duration.ofDays(1));
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));

    assertThat(shell.ready()).extracting(TaskEnvelope::getId).containsExactly("w1/first#1");
    TaskState.Scheduled state = (TaskState.Scheduled) shell.rows().task("w1", "first").state();
    assertThat(state.expiresAt()).isAfter(START.plus(Duration.ofDays(1)));
  }

  @Test
  void firesNothingBeforeItIsDue() {
    shell.send("w1", start("w1"));
    Instant due = ((TaskState.Scheduled) shell.rows().task("w1", "first").state()).expiresAt();
    shell.events();

    shell.driver.advanceWallClockTime(Duration.between(START, due).minusMillis(60));

    assertThat(shell.events()).isEmpty();
  }

  @Test
  void firesAtMostSoManyTimersAtOneLook() {
    shell.close();
    shell = new ShellFixture(folder, 1_040_000, 2);
    for (int i = 0; i < 5; i++) {
      shell.send("w" + i, start("w" + i));
    }
    shell.ready();

    shell.driver.advanceWallClockTime(Duration.ofSeconds(90));
    assertThat(shell.ready()).hasSize(2);
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));
    assertThat(shell.ready()).hasSize(2);
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));
    assertThat(shell.ready()).hasSize(1);
  }

  @Test
  void clearsTheTimerOfATaskThatEnded() {
    shell.send("w1", start("w1"));
    shell.send("w1", success("w1", "w1/first#1", "one"));
    shell.send("w1", success("w1", "w1/second#1", "two"));

    shell.driver.advanceWallClockTime(Duration.ofDays(1));

    assertThat(shell.meters.counter("ligature.timers.fired").count()).isZero();
  }

  @Test
  void cancelsWhatRuns() {
    shell.send("w1", start("w1"));

    shell.send("w1", new CancelWorkflow("c1", "w1", "bob", "no longer needed", START, false));

    TaskCancel cancel =
        (TaskCancel) shell.read(shell.records("ligature.tasks.cancelled").getFirst());
    assertThat(cancel.getId()).isEqualTo("w1/first#1");
    assertThat(shell.rows().workflow("w1")).returns(WorkflowStatus.CANCELLED, WorkflowRow::status);
  }

  @Test
  void readsTheInboxAndNothingElse() {
    assertThat(
            StateTopology.of(
                    new Shell(
                        shell.codec,
                        null,
                        ShellFixture.ENGINE,
                        1,
                        1,
                        new Shell.Timers(
                            Duration.ofMillis(50),
                            1,
                            Duration.ZERO,
                            partition -> ShellFixture.NOTHING_WAITS),
                        new TransitionMetrics(shell.meters),
                        Tracing.OFF,
                        new Turns()),
                    ShellFixture.TOPICS)
                .describe()
                .toString())
        .contains("topics: [ligature.inbox]")
        .containsOnlyOnce("Source:");
  }
}
