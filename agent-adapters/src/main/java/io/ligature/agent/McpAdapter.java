package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reaches tools of MCP servers, over Streamable HTTP or as programs. */
final class McpAdapter implements AgentAdapter, AutoCloseable {

  static final String NAME = "mcp";

  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final Secrets secrets;

  /** By agent, the version that was opened last. */
  private final Map<String, McpAgent> agents = new ConcurrentHashMap<>();

  /** The programs that run, those included that are about to end. */
  private final Set<Process> programs = ConcurrentHashMap.newKeySet();

  /** Redirects are not followed: they could carry secrets elsewhere. */
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** Reading a pipe holds its thread, so these are not virtual. */
  private final ExecutorService pipes =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("mcp-pipe-", 0).factory());

  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("mcp-sweep").factory());

  McpAdapter(Secrets secrets) {
    this.secrets = secrets;
    var _ =
        sweeper.scheduleWithFixedDelay(
            () -> agents.values().forEach(McpAgent::closeWhenIdle),
            SWEEP.toMillis(),
            SWEEP.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    McpAgent opened = new McpAgent(McpSettings.of(agent), client, secrets, pipes, this::started);
    McpAgent before = agents.put(agent.getId(), opened);
    if (before != null) {
      before.retire();
    }
    return opened;
  }

  private void started(Process program) {
    programs.add(program);
    var _ = program.onExit().thenAccept(programs::remove);
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    agents.values().forEach(McpAgent::kill);
    programs.forEach(ScriptAgent::kill);
    client.shutdownNow();
    pipes.shutdownNow();
  }
}
