package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples are what a reader copies, so their adapters take them. */
class ExampleRegistrationsTest {

  private static final Path EXAMPLES = Path.of("../examples/registrations");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isTakenByItsAdapter(Path example) throws IOException {
    JsonNode form = YAML.readTree(example.toFile());
    List<AgentCapability> capabilities = new ArrayList<>();
    for (JsonNode each : form.path("capabilities")) {
      capabilities.add(
          new AgentCapability(
              each.path("name").asText(),
              schema(each, "inputSchema"),
              schema(each, "outputSchema")));
    }
    AgentRegistration agent =
        AgentRegistration.newBuilder(
                Calls.agent(form.path("adapter").asText(), form.path("settings").toString()))
            .setCapabilities(capabilities)
            .build();

    try (Adapters adapters = Adapters.standard(Secrets.ofThisProcess())) {
      AgentAdapter adapter = adapters.named(agent.getAdapter()).orElseThrow();

      assertThat(adapter.open(agent)).isNotNull();
      assertThat(capabilities).isNotEmpty();
    }
  }

  @Test
  void showsEveryAdapterForModels() throws IOException {
    List<String> shown = new ArrayList<>();
    for (Path example : examples()) {
      shown.add(YAML.readTree(example.toFile()).path("adapter").asText());
    }

    assertThat(shown).contains("openai-compatible", "anthropic", "gemini", "ollama");
  }

  private static String schema(JsonNode capability, String key) {
    return capability.has(key) ? capability.path(key).toString() : null;
  }
}
