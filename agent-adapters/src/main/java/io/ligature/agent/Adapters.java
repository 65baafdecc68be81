package io.ligature.agent;

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
    return new Adapters(
        List.of(
            new HttpAdapter(secrets),
            new ScriptAdapter(secrets),
            new McpAdapter(secrets),
            new A2aAdapter(secrets),
            new HumanAdapter(),
            new NoopAdapter()));
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
