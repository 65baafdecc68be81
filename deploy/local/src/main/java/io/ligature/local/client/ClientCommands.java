package io.ligature.local.client;

import io.ligature.local.platform.LocalFailure;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Everything that works with a running Ligature, and how its failures are told. */
public final class ClientCommands {

  private ClientCommands() {}

  public static void addTo(CommandLine line) {
    line.addSubcommand(new StartCommand());
    line.addSubcommand(new WorkflowCommands.Watch());
    line.addSubcommand(new WorkflowCommands.Show());
    line.addSubcommand(new WorkflowCommands.History());
    line.addSubcommand(new WorkflowCommands.ListAll());
    line.addSubcommand(new ControlCommands.Cancel());
    line.addSubcommand(new ControlCommands.Pause());
    line.addSubcommand(new ControlCommands.Resume());
    line.addSubcommand(new ControlCommands.Signal());
    line.addSubcommand(new ControlCommands.Retry());
    line.addSubcommand(new ControlCommands.Skip());
    line.addSubcommand(new ControlCommands.Rerun());
    line.addSubcommand(new ControlCommands.ExtendBudget());
    line.addSubcommand(new AgentCommands());
    line.addSubcommand(new ReviewCommands());
    line.addSubcommand(new DefinitionCommands());
    line.addSubcommand(new DefinitionCommands.Validate());
    line.addSubcommand(new PasswordCommand());
    line.addSubcommand(new DemoCommand());
    line.getSubcommands().values().forEach(ClientCommands::addHelp);
    line.setExecutionExceptionHandler(
        (failure, command, _) -> {
          if (failure instanceof CommandFailure told) {
            command.getErr().println(told.getMessage());
            return told.exitCode();
          }
          if (failure instanceof LocalFailure told) {
            command.getErr().println(told.getMessage());
            return ExitCodes.FAILED;
          }
          failure.printStackTrace(command.getErr());
          return ExitCodes.FAILED;
        });
  }

  /** To it and all below it; some have it already. */
  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.findOption("--help") == null) {
      spec.addOption(
          OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .description("Show this help message and exit.")
              .build());
    }
    command.getSubcommands().values().forEach(ClientCommands::addHelp);
  }
}
