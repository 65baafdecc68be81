package io.ligature.local.client;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** One run of the command: its exit code and what it printed. */
record Run(int exitCode, String out, String err) {

  @Command(name = "ligature")
  private static final class Root {}

  /** Against services that are fakes. */
  static Run with(FakeServices services, String... arguments) {
    return with(services.endpoints(), arguments);
  }

  static Run with(Endpoints endpoints, String... arguments) {
    Session.finder = any -> endpoints;
    try {
      return alone(arguments);
    } finally {
      Session.finder = RunningEndpoints::of;
    }
  }

  /** With nothing running but what the data folder says. */
  static Run alone(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(new Root());
    ClientCommands.addTo(line);
    // Both for the subcommands too, which were added before.
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = line.execute(arguments);
    return new Run(exitCode, out.toString(), err.toString());
  }
}
