package io.ligature.local;

import io.ligature.local.client.ClientCommands;
import io.ligature.local.platform.DownCommand;
import io.ligature.local.platform.UpCommand;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code ligature} command. */
@Command(
    name = "ligature",
    mixinStandardHelpOptions = true,
    version = "0.1.0",
    description = "Runs Ligature on this machine, and works with a running one.",
    footer = {
      "",
      "Exit codes: 0 it worked; 1 it did not (a workflow failed, a file is not valid, a call was",
      "refused); 2 the command line is wrong, or nothing is running."
    })
public final class LigatureCommand {

  /** The registry's client warns about its own defaults; kept here, or its level is forgotten. */
  private static final Logger REGISTRY_CLIENT = Logger.getLogger("io.apicurio");

  private LigatureCommand() {}

  public static void main(String[] arguments) {
    REGISTRY_CLIENT.setLevel(Level.SEVERE);
    // What matters to the user is printed by the commands; before the first logger is made.
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel",
        System.getProperty("org.slf4j.simpleLogger.defaultLogLevel", "error"));
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new LigatureCommand());
    line.addSubcommand(new UpCommand());
    line.addSubcommand(new DownCommand());
    ClientCommands.addTo(line);
    return line;
  }
}
