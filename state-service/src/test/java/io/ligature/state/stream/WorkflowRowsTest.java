package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.START;
import static io.ligature.state.stream.ShellFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.ParentLink;
import io.ligature.schemas.ChildId;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Effect;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.WorkflowRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowRowsTest {

  private static final String FIVE_TASKS =
      """
      name: two-steps
      tasks:
        a: { capability: text.echo }
        b: { capability: text.echo }
        c: { capability: text.echo }
        d: { capability: text.echo }
        e: { capability: text.echo }
      """;

  @TempDir Path folder;
  private final FakeCore core = new FakeCore();
  private ShellFixture shell;

  @BeforeEach
  void open() {
    shell = new ShellFixture(folder, core, 100);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void givesTheTasksOfAWorkflowPageByPage() {
    startAll("w");
    startAll("w-2");

    WorkflowQueries.TaskPage first = shell.rows().tasks("w", null, 2);
    WorkflowQueries.TaskPage second = shell.rows().tasks("w", first.next(), 2);
    WorkflowQueries.TaskPage third = shell.rows().tasks("w", second.next(), 2);

    assertThat(paths(first)).containsExactly("a", "b");
    assertThat(paths(second)).containsExactly("c", "d");
    assertThat(paths(third)).containsExactly("e");
    assertThat(first.next()).isEqualTo("b");
    assertThat(third.next()).isNull();
  }

  @Test
  void thePageThatTheLastTaskFillsIsTheLast() {
    startAll("w");

    assertThat(shell.rows().tasks("w", null, 5).next()).isNull();
    assertThat(shell.rows().tasks("w", "e", 5).tasks()).isEmpty();
  }

  @Test
  void beginsBehindAPathThatHasNoRow() {
    startAll("w");

    assertThat(paths(shell.rows().tasks("w", "bb", 1))).containsExactly("c");
  }

  @Test
  void hasNoTasksOfAnUnknownWorkflow() {
    startAll("w-2");

    assertThat(shell.rows().tasks("w", null, 2))
        .isEqualTo(new WorkflowQueries.TaskPage(List.of(), null));
  }

  @Test
  void listsTheChildrenOfAWorkflowButNotTheirs() {
    tree("w:a:1", "w:a:1:x:1", "w:a:1:x:2", "w:b[0]:1", "w:b[1]:1");
    startAll("w-2");

    assertThat(ids(shell.rows().children("w", null, 10, 100)))
        .containsExactly("w:a:1", "w:b[0]:1", "w:b[1]:1");
    assertThat(ids(shell.rows().children("w:a:1", null, 10, 100)))
        .containsExactly("w:a:1:x:1", "w:a:1:x:2");
    assertThat(ids(shell.rows().children("w:b[0]:1", null, 10, 100))).isEmpty();
  }

  @Test
  void givesChildrenPageByPageWithABoundOnWhatIsLookedAt() {
    tree("w:a:1", "w:a:1:x:1", "w:a:1:x:2", "w:b[0]:1", "w:b[1]:1");

    WorkflowQueries.ChildPage first = shell.rows().children("w", null, 10, 2);
    WorkflowQueries.ChildPage second = shell.rows().children("w", first.next(), 10, 2);
    WorkflowQueries.ChildPage third = shell.rows().children("w", second.next(), 10, 2);

    assertThat(ids(first)).containsExactly("w:a:1");
    assertThat(ids(second)).containsExactly("w:b[0]:1");
    assertThat(ids(third)).containsExactly("w:b[1]:1");
    assertThat(third.next()).isNull();
    assertThat(shell.rows().children("w", null, 1, 100).next()).isEqualTo("w:a:1");
  }

  private void startAll(String id) {
    shell.send(id, start(id, "hello", FIVE_TASKS));
  }

  /** Workflow w with these below it, outer ones first. */
  private void tree(String... ids) {
    List<Effect> children = new ArrayList<>();
    for (String id : ids) {
      ChildId of = ChildId.parse(id).orElseThrow();
      children.add(
          new Effect.StartChild(
              start(id).getStart(),
              WorkflowRows.ref(start(id).getDefinition()),
              new ParentLink(of.parent(), "w", of.task(), of.attempt(), of.depth()),
              List.of()));
    }
    core.effects =
        command ->
            command instanceof Command.StartWorkflow && command.workflowId().equals("w")
                ? children
                : List.of();
    shell.send("w", start("w"));
    assertThat(shell.rows().workflow("w")).returns(START, WorkflowRow::startedAt);
  }

  private static List<String> paths(WorkflowQueries.TaskPage page) {
    return page.tasks().stream().map(TaskRow::task).toList();
  }

  private static List<String> ids(WorkflowQueries.ChildPage page) {
    return page.children().stream().map(WorkflowRow::workflowId).toList();
  }
}
