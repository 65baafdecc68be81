package io.ligature.local.platform;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops everything on this machine. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stops the services, the registry and the broker.")
public final class DownCommand implements Callable<Integer> {

  @Mixin private final DataOption data = new DataOption();

  @Option(names = "--wipe", description = "Delete all data, logs and passwords as well.")
  private boolean wipe;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Optional<LocalDeployment> running = LocalDeployment.find(data.folder());
    if (running.isPresent()) {
      running.get().down();
      out.println("stopped");
    } else {
      LocalDeployment.endLeftover(data.folder());
      out.println("nothing was running over " + data.folder());
    }
    if (wipe) {
      LocalDeployment.wipe(data.folder());
      out.println("deleted " + data.folder());
    }
    out.flush();
    return 0;
  }
}
