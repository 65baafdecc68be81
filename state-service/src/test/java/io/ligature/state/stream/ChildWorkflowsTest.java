package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.START;
import static io.ligature.state.stream.ShellFixture.header;
import static io.ligature.state.stream.ShellFixture.start;
import static io.ligature.state.stream.ShellFixture.success;
import static io.ligature.state.stream.ShellFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.Failure;
import io.ligature.avro.ParentLink;
import io.ligature.avro.PinnedDefinition;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.Money;
import io.ligature.state.engine.Cause;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Effect;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildWorkflowsTest {

  private static final WorkflowDefinition CHILD =
      WorkflowDefinition.newBuilder(
              ShellFixture.definition(
                  """
                  name: research
                  tasks:
                    only:
                      capability: text.echo
                      constraints: { timeout: PT10S, maxCost: 0.10 }
                  """))
          .setName("research")
          .build();
  private static final List<PinnedDefinition> PINS =
      List.of(new PinnedDefinition("research", null, 1, CHILD.getSha256()));

  @TempDir Path folder;
  private final FakeCore core = new FakeCore();
  private ShellFixture shell;

  @BeforeEach
  void open() {
    shell = new ShellFixture(folder, core, 20);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void startsAChildInTheSameCallWithTheTextItsRootBrought() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));

    shell.send("w", root("w"));

    assertThat(shell.ready())
        .extracting(TaskEnvelope::getId)
        .containsExactly("w/first#1", "w:sub:1/only#1");
    assertThat(core.taken.getLast())
        .isEqualTo(
            new Command.StartWorkflow(
                new StartAccepted(
                    startOf("w:sub:1"),
                    CHILD,
                    START,
                    PINS,
                    List.of(),
                    new ParentLink("w", "w", "sub", 1, 1),
                    null),
                new Cause(START, "engine", "ChildWorkflow", "w:sub:1")));
  }

  @Test
  void beginsAChildInTheVeryTransitionThatBringsItsText() {
    StartAccepted root =
        StartAccepted.newBuilder(
                ShellFixture.start(
                    "w",
                    "hello",
                    """
                    name: two-steps
                    tasks:
                      sub: { workflow: { name: research } }
                    """))
            .setPins(PINS)
            .setChildren(List.of(CHILD))
            .build();

    shell.send("w", root);

    assertThat(shell.ready()).extracting(TaskEnvelope::getId).containsExactly("w:sub:1/only#1");
  }

  @Test
  void writesAllOfATreeUnderTheKeyOfItsRoot() {
    onStartOf(
        Map.of(
            "w", List.of(child("w:sub:1")), "w:sub:1", List.of(child("w:sub:1:fan[7].deep~2:3"))));

    shell.send("w", root("w"));

    assertThat(shell.ready())
        .extracting(TaskEnvelope::getId)
        .endsWith("w:sub:1:fan[7].deep~2:3/only#1");
    assertThat(keys("ligature.events")).containsOnly("w");
  }

  @Test
  void takesWhatFollowsInTheOrderInWhichItWasAsked() {
    onStartOf(
        Map.of("w", List.of(child("w:a:1"), child("w:b:1")), "w:a:1", List.of(child("w:a:1:c:1"))));

    shell.send("w", root("w"));

    assertThat(core.taken)
        .extracting(Command::workflowId)
        .containsExactly("w", "w:a:1", "w:b:1", "w:a:1:c:1");
  }

  @Test
  void endsAChildWithItsParent() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    shell.send("w", root("w"));
    core.effects =
        command ->
            command.workflowId().equals("w")
                ? List.of(new Effect.CancelChild("w:sub:1", "the parent ends", true))
                : List.of();

    shell.send("w", new CancelWorkflow("c1", "w", "bob", "no longer needed", START, false));

    assertThat(core.taken.getLast())
        .isEqualTo(
            new Command.CancelWorkflow(
                "w:sub:1",
                "the parent ends",
                true,
                new Cause(START, "engine", "ParentWorkflow", "w:sub:1")));
    assertThat(shell.rows().workflow("w:sub:1"))
        .returns(WorkflowStatus.CANCELLED, WorkflowRow::status);
  }

  @Test
  void tellsTheParentHowItsChildEnded() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    shell.send("w", root("w"));

    shell.send("w", success("w:sub:1", "w:sub:1/only#1", "one"));

    assertThat(core.reports())
        .containsExactly(
            new Command.ReportChild(
                new ParentLink("w", "w", "sub", 1, 1),
                "w:sub:1",
                "completed",
                null,
                null,
                Money.of("0.01"),
                new Cause(START, "engine", "ChildWorkflow", "w:sub:1")));
  }

  @Test
  void offersAChildsSilentAttemptAgainUnderTheKeyOfItsRoot() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    shell.send("w", root("w"));
    shell.ready();

    shell.driver.advanceWallClockTime(Duration.ofSeconds(90));

    assertThat(keys("ligature.tasks.ready")).containsExactly("w", "w");
  }

  @Test
  void putsAResultUnderAChildsOwnIdAside() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    shell.send("w", root("w"));

    shell.send("w:sub:1", success("w:sub:1", "w:sub:1/only#1", "one"));

    assertThat(header(shell.deadLetters().getFirst(), "ligature_reason"))
        .isEqualTo(
            "the record's key is 'w:sub:1' but that of workflow 'w:sub:1' is its root's id 'w'");
    assertThat(core.taken).hasSize(2);
  }

  @Test
  void failsTheParentsTaskWhenTheEngineCannotTakeTheChild() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    core.faulty = command -> command.workflowId().equals("w:sub:1");

    shell.send("w", root("w"));

    assertThat(shell.rows().workflow("w:sub:1"))
        .returns(WorkflowStatus.QUARANTINED, WorkflowRow::status);
    assertThat(shell.rows().workflow("w")).returns(WorkflowStatus.RUNNING, WorkflowRow::status);
    assertThat(core.reports())
        .containsExactly(
            new Command.ReportChild(
                new ParentLink("w", "w", "sub", 1, 1),
                "w:sub:1",
                "failed",
                null,
                new Failure(
                    "quarantined",
                    "java.lang.IllegalStateException: a fault of the engine's own",
                    null,
                    false),
                Money.ZERO,
                new Cause(START, "engine", "ChildWorkflow", "w:sub:1")));
  }

  @Test
  void failsTheParentsTaskWhenTheChildRanIntoItsFaultLater() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    shell.send("w", root("w"));
    core.faulty = command -> command instanceof Command.ReportResult;

    shell.send("w", success("w:sub:1", "w:sub:1/only#1", "one"));

    assertThat(core.reports()).singleElement().returns("failed", Command.ReportChild::status);
    assertThat(shell.rows().workflow("w")).returns(WorkflowStatus.RUNNING, WorkflowRow::status);
  }

  @Test
  void failsTheParentsTaskWhenTheChildCannotEvenBeQuarantined() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    core.faulty = command -> command.workflowId().equals("w:sub:1");
    core.quarantines = false;

    shell.send("w", root("w"));

    assertThat(core.reports()).singleElement().returns("failed", Command.ReportChild::status);
  }

  @Test
  void failsTheParentsTaskWhenTheChildsDefinitionWasNotBrought() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));

    shell.send("w", start("w"));

    assertThat(core.reports())
        .singleElement()
        .satisfies(
            report ->
                assertThat(report.failure().getMessage())
                    .contains("definition research version 1 is not in the store"));
  }

  @Test
  void doesNothingMoreInAQuarantinedChild() {
    onStartOf(Map.of("w", List.of(child("w:sub:1"))));
    core.faulty = command -> command.workflowId().equals("w:sub:1");
    shell.send("w", root("w"));
    shell.events();
    core.effects = command -> List.of(new Effect.CancelChild("w:sub:1", "the parent ends", false));

    shell.send("w", new CancelWorkflow("c1", "w", "bob", "no longer needed", START, false));

    assertThat(shell.events()).extracting(WorkflowEvent::getWorkflowId).containsOnly("w");
    assertThat(shell.deadLetters()).isEmpty();
  }

  @Test
  void quarantinesATreeThatAsksForMoreThanOneInputMayLeadTo() {
    core.effects =
        command ->
            command instanceof Command.StartWorkflow
                ? List.of(child(command.workflowId() + ":sub:1"))
                : List.of();

    shell.send("w", root("w"));

    assertThat(core.taken).hasSize(20);
    assertThat(shell.rows().workflow("w"))
        .returns(WorkflowStatus.QUARANTINED, WorkflowRow::status)
        .satisfies(
            row ->
                assertThat(row.failure().getMessage())
                    .isEqualTo(
                        "one input led to more than 20 transitions in its tree of workflows"
                            + " (ligature.state.engine.max-transitions)"));
  }

  @Test
  void takesExactlyAsManyTransitionsAsAreAllowed() {
    core.effects =
        command ->
            command instanceof Command.StartWorkflow && core.taken.size() < 20
                ? List.of(child(command.workflowId() + ":sub:1"))
                : List.of();

    shell.send("w", root("w"));

    assertThat(core.taken).hasSize(20);
    assertThat(shell.rows().workflow("w")).returns(WorkflowStatus.RUNNING, WorkflowRow::status);
  }

  private void onStartOf(Map<String, List<Effect>> effects) {
    core.effects =
        command ->
            command instanceof Command.StartWorkflow
                ? effects.getOrDefault(command.workflowId(), List.of())
                : List.of();
  }

  private List<String> keys(String topic) {
    return shell.records(topic).stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .toList();
  }

  private static StartAccepted root(String id) {
    return StartAccepted.newBuilder(start(id)).setPins(PINS).setChildren(List.of(CHILD)).build();
  }

  private static WorkflowStart startOf(String id) {
    return WorkflowStart.newBuilder()
        .setWorkflowId(id)
        .setDefinition("research")
        .setInput(text("hello"))
        .setRequester("ann")
        .build();
  }

  private static Effect child(String id) {
    ChildId of = ChildId.parse(id).orElseThrow();
    ParentLink parent =
        new ParentLink(of.parent(), ChildId.rootOf(id), of.task(), of.attempt(), of.depth());
    return new Effect.StartChild(startOf(id), WorkflowRows.ref(CHILD), parent, PINS);
  }
}
