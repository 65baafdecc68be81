package io.ligature.executor.execution;

import io.ligature.agent.Adapters;
import io.ligature.agent.AgentAdapter;
import io.ligature.agent.AgentContract;
import io.ligature.agent.InvalidSettingsException;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Agents ready to be called, each registration prepared once: adapter opened, schemas compiled. */
final class PreparedAgents {

  private final Adapters adapters;
  private final Map<String, Prepared> byId;

  /** One registration and what came of preparing it. */
  record Prepared(
      AgentRegistration registration,
      @Nullable AgentContract contract,
      Map<String, Schemas> capabilities,
      String problem) {}

  record Schemas(JsonContract input, JsonContract output) {}

  PreparedAgents(Adapters adapters, int most) {
    this.adapters = adapters;
    this.byId =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Prepared> eldest) {
            return size() > most;
          }
        };
  }

  /** A changed registration is another object, and is prepared anew. */
  synchronized Prepared prepare(AgentRegistration registration) {
    Prepared known = byId.get(registration.getId());
    if (known == null || !known.registration.equals(registration)) {
      known = open(registration);
      byId.put(registration.getId(), known);
    }
    return known;
  }

  private Prepared open(AgentRegistration registration) {
    AgentAdapter adapter = adapters.named(registration.getAdapter()).orElse(null);
    if (adapter == null) {
      return new Prepared(
          registration,
          null,
          Map.of(),
          "this executor has no adapter '"
              + registration.getAdapter()
              + "'; it has "
              + String.join(", ", adapters.names()));
    }
    try {
      Map<String, Schemas> capabilities = schemas(registration.getCapabilities());
      return new Prepared(registration, adapter.open(registration), capabilities, "");
    } catch (InvalidSettingsException | IllegalArgumentException e) {
      return new Prepared(registration, null, Map.of(), String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Schemas> schemas(List<AgentCapability> capabilities) {
    Map<String, Schemas> schemas = new HashMap<>();
    for (AgentCapability each : capabilities) {
      schemas.put(
          each.getName(),
          new Schemas(
              compile(each.getName() + ".inputSchema", each.getInputSchema()),
              compile(each.getName() + ".outputSchema", each.getOutputSchema())));
    }
    return schemas;
  }

  private static JsonContract compile(String where, @Nullable String text) {
    try {
      return JsonContract.compile(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }
}
