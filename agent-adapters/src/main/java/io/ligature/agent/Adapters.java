package io.ligature.agent;

import io.ligature.agent.model.ModelAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The adapters of this process, by name. */
public final class Adapters implements AutoCloseable {

  private final Map<String, AgentAdapter> byName = new TreeMap<>();

  public Adapters(List<AgentAdapter> adapters) {
    for (AgentAdapter adapter : adapters) {
      AgentAdapter other = byName.put(adapter.name(), adapter);
      if (other != null) {
        throw new IllegalArgumentException("two adapters are called " + adapter.name());
      }
    }
  }

  /** Those that come with Ligature; {@code docs/how-to/new-adapter.md} tells how to add one. */
  public static Adapters standard(Secrets secrets) {
    List<AgentAdapter> adapters = new ArrayList<>(ModelAdapter.all(secrets));
    adapters.add(new HttpAdapter(secrets));
    adapters.add(new ScriptAdapter(secrets));
    adapters.add(new McpAdapter(secrets));
    adapters.add(new A2aAdapter(secrets));
    adapters.add(new HumanAdapter());
    adapters.add(new NoopAdapter());
    return new Adapters(adapters);
  }

  public Optional<AgentAdapter> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  @Override
  public void close() {
    for (AgentAdapter adapter : byName.values()) {
      if (adapter instanceof AutoCloseable closeable) {
        close(closeable);
      }
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("an adapter did not close", e);
    }
  }
}
