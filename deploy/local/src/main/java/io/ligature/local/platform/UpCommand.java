package io.ligature.local.platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts everything on this machine. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Starts the broker, the registry and the four services, or what of them is down.")
public final class UpCommand implements Callable<Integer> {

  /** How often the foreground looks, and the longest it waits between two restarts. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = "--foreground",
      description = "Stay, start again what dies, and stop everything at Ctrl-C.")
  private boolean foreground;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    LocalDeployment deployment = LocalDeployment.up(LocalSettings.in(data.folder()), this::say);
    Path users = deployment.users().file();
    say("passwords are in " + users + ", logs in " + deployment.data().resolve("logs"));
    if (foreground) {
      Runtime.getRuntime().addShutdownHook(new Thread(deployment::down, "stop-all"));
      watch(deployment);
    } else {
      say("./ligature down stops everything");
    }
    return 0;
  }

  /** Starts again what dies, after a pause that doubles while it keeps dying. */
  private void watch(LocalDeployment deployment) throws InterruptedException {
    int all = LocalService.values().length + 1;
    Duration pause = LOOK;
    while (true) {
      Thread.sleep(LOOK);
      if (deployment.pids().size() >= all) {
        pause = LOOK;
        continue;
      }
      say("something ended; alive are " + deployment.pids().keySet());
      Thread.sleep(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      try {
        deployment.repair(this::say);
      } catch (LocalFailure e) {
        say(e.getMessage() + "\nagain in " + pause);
      }
    }
  }

  private synchronized void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
