package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.START;
import static io.ligature.state.stream.ShellFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.ResumeWorkflow;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowMetricsTest {

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
  void countsWhatIsOpenUntilItEnds() {
    shell.send("w1", start("w1"));
    shell.send("w2", start("w2"));
    assertThat(openNow()).isEqualTo(2);

    shell.send("w1", new CancelWorkflow("c1", "w1", "bob", "no longer needed", START, false));
    assertThat(openNow()).isEqualTo(1);
  }

  @Test
  void countsAPausedWorkflowAsOpen() {
    shell.send("w1", start("w1"));
    shell.send("w1", new PauseWorkflow("c1", "w1", "bob", "wait", START));
    assertThat(openNow()).isEqualTo(1);

    shell.send("w1", new ResumeWorkflow("c2", "w1", "bob", "go on", START));
    assertThat(openNow()).isEqualTo(1);
    assertThat(count("ligature.workflows.paused")).isOne();
  }

  @Test
  void countsAQuarantinedWorkflowAsNotOpen() {
    shell.send("w1", start("w1"));
    core.faulty = command -> true;

    shell.send("w1", new CancelWorkflow("c1", "w1", "bob", "no longer needed", START, false));

    assertThat(openNow()).isZero();
  }

  @Test
  void countsADuplicateStartOnce() {
    shell.send("w1", start("w1"));
    shell.send("w1", start("w1"));

    assertThat(openNow()).isEqualTo(1);
  }

  @Test
  void findsWhatIsOpenInARestoredStore() {
    shell.send("w1", start("w1"));
    shell.send("w2", start("w2"));
    shell.send("w2", new CancelWorkflow("c1", "w2", "bob", "no longer needed", START, false));

    assertThat(shell.rows().countOpen()).isEqualTo(1);
  }

  @Test
  void countsNothingAnyMoreWhenThePartitionIsGivenUp() {
    ShellFixture first = shell;
    first.send("w1", start("w1"));

    first.close();
    shell = new ShellFixture(folder, core, 20);

    assertThat(first.meters.get("ligature.workflows.open").gauge().value()).isZero();
  }

  @Test
  void tellsThatAWorkflowIsStuck() {
    core.stuck = true;

    shell.send("w1", start("w1"));

    assertThat(count("ligature.workflows.stuck")).isOne();
  }

  private double openNow() {
    return shell.meters.get("ligature.workflows.open").gauge().value();
  }

  private double count(String counter) {
    return shell.meters.counter(counter).count();
  }
}
