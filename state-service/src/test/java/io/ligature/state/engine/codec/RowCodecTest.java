package io.ligature.state.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.ParentLink;
import io.ligature.avro.PinnedDefinition;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.AttemptRow;
import io.ligature.state.engine.AttemptRow.Details;
import io.ligature.state.engine.AttemptRow.Shadow;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Ledger;
import io.ligature.state.engine.ReviewRow;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.TaskRow.Inner;
import io.ligature.state.engine.TaskRow.JoinCount;
import io.ligature.state.engine.TaskState;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowRow.Counts;
import io.ligature.state.engine.WorkflowRow.Saga;
import io.ligature.state.engine.WorkflowRow.Signals;
import io.ligature.state.engine.WorkflowRow.Tree;
import io.ligature.state.engine.WorkflowStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Rows come back as they went, also those that version 1 wrote; the samples are never rewritten.
 */
class RowCodecTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Failure FAILURE = new Failure("rate_limited", "slow down", 5_000L, true);

  private static final List<Shadow> SHADOWS = List.of(new Shadow("b", true), new Shadow("c", null));

  private static final WorkflowRow WORKFLOW =
      workflow(
          new Tree(
              new ParentLink("root-1", "root-1", "sub", 2, 1),
              List.of(
                  new PinnedDefinition("sub", null, 3, "def"),
                  new PinnedDefinition("x", 4, 4, "e")),
              "wf-0"),
          new Signals(
              List.of(new Signals.Wait("pay", "paid", "o-1"), new Signals.Wait("b", "c", null)),
              List.of(new Signals.Kept("c9", "paid", null))),
          new Saga("charge", new Saga.End(WorkflowStatus.CANCELLED, "t", FAILURE)),
          7);

  private static final TaskRow TASK =
      task(
          AT.plusSeconds(30),
          new Inner(10, 5, 1, 2, 3, 4, 1, Grade.repaired),
          new Ledger(Money.of("1"), OnExceeded.degrade, Money.of("0.2"), Money.of("0.3")),
          "book",
          true,
          new Details(120, 0.4, List.of("cut a code fence"), "wf-0/a#1", 9_000L, 0.3, SHADOWS),
          "{}");

  private static WorkflowRow workflow(Tree tree, Signals signals, Saga saga, int waiting) {
    return new WorkflowRow(
        "wf-1",
        "root-1",
        WorkflowStatus.FAILED,
        new DefinitionRef("report", 3, "abc"),
        "ann",
        "acme",
        7,
        Map.of("team", "blue", "area", "north"),
        AT,
        AT.plusSeconds(9),
        AT.plusSeconds(60),
        42,
        new Ledger(Money.of("2.50"), OnExceeded.review, Money.of("-0.10"), Money.of("0.400001")),
        new Counts(1, 2, 3, 4, 5),
        FAILURE,
        "summarise",
        List.of("c1", "c2"),
        tree,
        signals,
        saga,
        waiting);
  }

  private static TaskRow task(
      Instant deadline,
      Inner inner,
      Ledger share,
      String undoNext,
      boolean ownInput,
      Details details,
      String outputSchema) {
    return new TaskRow(
        "wf-1",
        "summarise",
        new TaskState.Running("a1", "ex-1", AT, AT.plusSeconds(75), 0.25, "page 1 of 4"),
        new JoinCount(1, 2, 3),
        2,
        Money.of("0.40"),
        List.of("a0"),
        List.of(
            new AttemptRow(
                1,
                "a0",
                FAILURE,
                Money.of("0.1"),
                false,
                true,
                0.5,
                "m1",
                Grade.repaired,
                AT,
                AT,
                details),
            new AttemptRow(
                2, null, null, Money.ZERO, true, false, null, null, null, AT, null, Details.NONE)),
        Map.of(ErrorKind.RATE_LIMITED, 1),
        1,
        new ReviewRow(
            "wf-1:summarise:1", "editor", AT, Decision.request_changes, "d1", "rob", "shorter", AT),
        List.of("shorter"),
        deadline,
        inner,
        share,
        undoNext,
        ownInput,
        outputSchema);
  }

  @Test
  void givesBackWhatItWasGiven() {
    assertThat(RowCodec.decodeWorkflow("wf-1", RowCodec.encode(WORKFLOW))).isEqualTo(WORKFLOW);
    assertThat(RowCodec.decodeTask("wf-1", "summarise", RowCodec.encode(TASK))).isEqualTo(TASK);
    var payload = Payloads.of("text/plain", "hello".getBytes(StandardCharsets.UTF_8));
    assertThat(RowCodec.decodePayload(RowCodec.encode(payload))).isEqualTo(payload);
  }

  @Test
  void givesBackEveryState() {
    List<TaskState> states =
        List.of(
            new TaskState.Pending(),
            new TaskState.Scheduled(AT, 2),
            new TaskState.Running("a", "e", AT, AT, null, null),
            new TaskState.WaitingForAgent("busy", AT, true, 3),
            new TaskState.WaitingForRetry(AT, List.of("a"), "retry 1 of 2"),
            new TaskState.WaitingForReview(TaskState.Purpose.BUDGET, "budget_exceeded", AT),
            new TaskState.WaitingForReview(TaskState.Purpose.GATE, null, null),
            new TaskState.Expanded(),
            new TaskState.WaitingForTime(AT),
            new TaskState.WaitingForSignal("paid", "o-1"),
            new TaskState.WaitingForSignal("paid", null),
            new TaskState.WaitingForChild("wf-1:sub:1", "sub", 3),
            new TaskState.BeingJudged(2, "t!check2"),
            new TaskState.Held("paused"),
            new TaskState.Succeeded(Grade.human_edited),
            new TaskState.Failed(FAILURE),
            new TaskState.Skipped("why"),
            new TaskState.Cancelled("why"));

    for (TaskState state : states) {
      TaskRow row =
          new TaskRow(
              "w",
              "t",
              state,
              new JoinCount(0, 0, 0),
              0,
              Money.ZERO,
              List.of(),
              List.of(),
              Map.of(),
              0,
              null,
              List.of(),
              null,
              null,
              null,
              null,
              false,
              null);
      assertThat(RowCodec.decodeTask("w", "t", RowCodec.encode(row))).isEqualTo(row);
    }
  }

  @Test
  void readsTheKeptSamples() {
    assertThat(RowCodec.decodeWorkflow("wf-1", golden("workflow-row.v1.hex")))
        .isEqualTo(workflow(Tree.ALONE, Signals.NONE, Saga.NONE, 0));
    assertThat(RowCodec.decodeTask("wf-1", "summarise", golden("task-row.v1.hex")))
        .isEqualTo(task(null, null, null, null, false, Details.NONE, null));
  }

  @Test
  void readsARowToWhichALaterVersionAddedFields() {
    byte[] row = RowCodec.encode(TASK);
    byte[] longer = Arrays.copyOf(row, row.length + 3);

    assertThat(RowCodec.decodeTask("wf-1", "summarise", longer)).isEqualTo(TASK);
  }

  @Test
  void saysWhichRowItCannotRead() {
    byte[] row = RowCodec.encode(TASK);

    assertThatThrownBy(() -> RowCodec.decodeTask("wf-1", "t", Arrays.copyOf(row, 30)))
        .hasMessage("the task t of wf-1 ends too early");
    row[0] = 4;
    assertThatThrownBy(() -> RowCodec.decodeTask("wf-1", "t", row))
        .hasMessage("the task t of wf-1 has version 2, this program reads 1");
  }

  private static byte[] golden(String name) {
    try (InputStream in = RowCodecTest.class.getResourceAsStream("/golden/" + name)) {
      return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
