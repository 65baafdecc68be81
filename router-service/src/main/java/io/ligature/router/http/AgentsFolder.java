package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.router.stream.RouterSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Registers the agents of a folder when the router starts, for example those of a mounted
 * ConfigMap. What is refused is logged and the rest goes on; nothing is removed.
 */
@ApplicationScoped
public class AgentsFolder {

  private static final Logger LOG = Logger.getLogger(AgentsFolder.class);
  private static final String ACTOR = "agents-folder";
  private static final long PAUSE_MILLIS = 200;

  private final RouterSettings settings;
  private final RouterRuntime router;
  private final AgentRegistrar registrar;
  private final CountDownLatch stopping = new CountDownLatch(1);

  public AgentsFolder(RouterSettings settings, RouterRuntime router, AgentRegistrar registrar) {
    this.settings = settings;
    this.router = router;
    this.registrar = registrar;
  }

  void start(@Observes StartupEvent event) {
    settings
        .agentsFolder()
        .map(Path::of)
        .ifPresent(
            folder ->
                Thread.ofPlatform().name("router-agents-folder").start(() -> register(folder)));
  }

  void stop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  private void register(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> files = inside.filter(AgentsFolder::isYaml).sorted().toList();
      while (!router.ready()) {
        if (stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      for (Path file : files) {
        register(file, Files.readString(file));
      }
    } catch (IOException e) {
      LOG.errorf("no agents from ligature.router.agents-folder=%s: %s", folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void register(Path file, String text) {
    try {
      for (ObjectNode agent : Bodies.documents(text)) {
        register(file, agent);
      }
    } catch (Problem e) {
      LOG.errorf("agents refused: file=%s reason=\"%s\"", file, e.getMessage());
    }
  }

  private void register(Path file, ObjectNode agent) {
    String id = agent.path("id").asText();
    try {
      AgentRegistrar.Outcome outcome =
          registrar.register(id, agent, ACTOR, AgentRegistrar.Terms.NONE);
      LOG.infof(
          "agent of a folder: agent=%s file=%s change=%s", id, file, outcome.change().wireName());
    } catch (Problem | RouterRuntime.UnavailableException e) {
      LOG.errorf("agent refused: agent=%s file=%s reason=\"%s\"", id, file, e.getMessage());
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
  }
}
