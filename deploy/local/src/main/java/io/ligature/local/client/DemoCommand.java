package io.ligature.local.client;

import io.ligature.local.platform.LocalDeployment;
import io.ligature.local.platform.LocalSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Shows Ligature at work. What it started itself it stops at the end, also at Ctrl-C; the data
 * stays, so that the workflow can be looked at after the next {@code up}.
 */
@Command(
    name = "demo",
    description = "Starts everything and runs the research workflow from start to end.")
final class DemoCommand implements Callable<Integer> {

  @Mixin private final Session session = new Session();

  @Option(names = "--approve", description = "Approve at the gate without stopping.")
  private boolean approve;

  @Option(names = "--reject", description = "Reject at the gate without stopping.")
  private boolean reject;

  @Option(names = "--keep", description = "Leave everything running at the end.")
  private boolean keep;

  @Override
  public Integer call() throws InterruptedException {
    Path data = session.data();
    boolean ours = LocalDeployment.find(data).isEmpty();
    LocalSettings settings = LocalSettings.in(data);
    LocalDeployment deployment = LocalDeployment.up(settings, session::print);
    boolean stopAtEnd = ours && !keep;
    Thread stop = new Thread(deployment::down, "stop-demo");
    if (stopAtEnd) {
      Runtime.getRuntime().addShutdownHook(stop);
    }
    ExampleAgents agents = ExampleAgents.start(deployment, settings.home());
    Demo demo = new Demo(session, RunningEndpoints.of(deployment), settings.home());
    boolean completed = demo.run(agents, atTheGate());
    if (stopAtEnd) {
      session.print(
          "Stopping; the data stays in " + data + " (./ligature down --wipe removes it).");
    } else {
      session.print("Still running; ./ligature down stops it.");
    }
    return completed ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private Demo.AtTheGate atTheGate() {
    if (approve) {
      return Demo.AtTheGate.APPROVE;
    }
    return reject ? Demo.AtTheGate.REJECT : Demo.AtTheGate.WAIT;
  }
}
