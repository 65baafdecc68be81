package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each agent does what its YAML file says of it, on the way the demo takes through them. */
class ContractsTest {

  private static final ObjectMapper YAML = new YAMLMapper();
  private static final Path SIMULATED = Path.of("..", "wfcommons", "agents");
  private static final Documents DOCUMENTS = ExampleDocuments.load();

  static List<String> agents() {
    return Agents.ids();
  }

  @ParameterizedTest
  @MethodSource("agents")
  void meetsTheSchemasAndThePriceOfItsRegistration(String id) throws Exception {
    Agent agent = Agents.make(id, DOCUMENTS);
    JsonNode registration = registration(id);
    JsonNode capability = registration.at("/capabilities/0");
    ObjectNode input = input(agent.capability());

    assertThat(capability.path("name").textValue()).isEqualTo(agent.capability());
    assertThat(new BigDecimal(registration.at("/price/perCall").textValue()))
        .isEqualTo(agent.price());
    assertThat(errors(capability.path("inputSchema"), input)).isEmpty();
    assertThat(errors(capability.path("outputSchema"), agent.answer(input, "a").output()))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("agents")
  void hasASchemaThatRefusesNothingAtAll(String id) throws Exception {
    JsonNode capability = registration(id).at("/capabilities/0");

    assertThat(errors(capability.path("inputSchema"), Json.object())).isNotEmpty();
    assertThat(errors(capability.path("outputSchema"), Json.object())).isNotEmpty();
  }

  @Test
  void hasOneFileForEachAgent() throws Exception {
    try (var research = Files.list(ExampleDocuments.EXAMPLE.resolve("agents"));
        var simulated = Files.list(SIMULATED)) {
      assertThat(
              Stream.concat(research, simulated)
                  .map(file -> file.getFileName().toString().replace(".yaml", ""))
                  .toList())
          .containsExactlyInAnyOrderElementsOf(Agents.ids());
    }
  }

  private static JsonNode registration(String id) throws Exception {
    Path research = ExampleDocuments.EXAMPLE.resolve("agents").resolve(id + ".yaml");
    Path file = Files.exists(research) ? research : SIMULATED.resolve(id + ".yaml");
    JsonNode registration = YAML.readTree(file.toFile());
    assertThat(registration.path("id").textValue()).isEqualTo(id);
    return registration;
  }

  private static List<Error> errors(JsonNode schema, JsonNode value) {
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    return compiled.validate(value);
  }

  private static ObjectNode input(String capability) throws Exception {
    JsonNode demo = Json.MAPPER.readTree(ExampleDocuments.EXAMPLE.resolve("input.json").toFile());
    ObjectNode input = Json.object();
    input.set("topic", demo.path("topic"));
    switch (capability) {
      case "documents.search" -> {}
      case "simulate.work" -> input.removeAll().put("seconds", 0.001);
      case "text.summarise" -> input.set("findings", findings(demo));
      case "claims.check" -> {
        input.removeAll();
        input.set("claims", demo.path("claims"));
        input.set("findings", findings(demo));
      }
      case "document.write" -> {
        input.set("summary", new RankSummary().answer(input("text.summarise")).output());
        input.set("checks", new EvidenceCheck(DOCUMENTS).answer(input("claims.check")).output());
      }
      default -> throw new AssertionError(capability);
    }
    return input;
  }

  private static JsonNode findings(JsonNode demo) throws Exception {
    ObjectNode topic = Json.object();
    topic.set("topic", demo.path("topic"));
    return new Bm25Search(DOCUMENTS).answer(topic).output().path("findings");
  }
}
