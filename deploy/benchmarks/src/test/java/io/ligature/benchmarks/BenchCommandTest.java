package io.ligature.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is wrong with a command line is told before anything is started. */
class BenchCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--size 100 | --size goes with --shape",
        "--shape fanout --size 0 | --size: a fanout has 1 to 10000 tasks, not 0",
        "--shape DAG --size 10001 | --size: a dag has 1 to 10000 tasks, not 10001",
        "--shape fanout --size many | Invalid value for option '--size'",
        "--shape star | Invalid value for option '--shape': expected one of [FANOUT, DAG] (case-insensitive) but was 'star'",
        "--seed | Missing required parameter for option '--seed'",
        "in-flight --window 0 | --window: give 1 to 10000",
        "in-flight --delay PT0S | --delay: give more than 0, up to PT1M",
        "in-flight --rounds 101 | --rounds: give 1 to 100",
        "reviews --reviews 999 | --reviews: give 1000 to 1000000",
        "reviews --requests 1 | --requests: give 10 to 100000",
        "reviews --reviews 1000 --decisions 501 | --decisions: give 10 to 500",
        "reviews --clients 101 | --clients: give 1 to 100",
        "reviews --instances 0 | --instances: give 1 to 4",
      })
  void refuses(String line, String message) {
    StringWriter err = new StringWriter();
    CommandLine command =
        BenchCommand.commandLine(new BenchCommand()).setErr(new PrintWriter(err, true));

    assertThat(command.execute(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith(message);
  }

  @Test
  void namesTheShapesInItsHelp() {
    String help = BenchCommand.commandLine(new BenchCommand()).getUsageMessage();

    assertThat(help).contains("fanout, dag").contains("--size");
  }
}
