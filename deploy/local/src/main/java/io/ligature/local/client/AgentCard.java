package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The card of an A2A 1.0 agent, and the registration it makes. */
final class AgentCard {

  private static final String WELL_KNOWN = "/.well-known/agent-card.json";

  private final URI where;
  private final JsonNode card;

  private AgentCard(URI where, JsonNode card) {
    this.where = where;
    this.card = card;
  }

  /**
   * @param url the card itself when it ends in {@code .json}, else where the agent is
   */
  static AgentCard at(URI url, RemoteJson remote) {
    String text = url.toString();
    URI where = text.endsWith(".json") ? url : URI.create(text.replaceAll("/+$", "") + WELL_KNOWN);
    return new AgentCard(where, remote.get(where).json());
  }

  ObjectNode registration(ImportNames names, Map<String, String> headers) {
    if (!card.path("name").isTextual() || card.path("skills").isEmpty()) {
      throw failure("is no agent card: it has no name or no skills");
    }
    JsonNode offered = jsonRpc();
    refuseWithoutCredentials(headers);
    ObjectNode agent = Payloads.JSON.createObjectNode();
    agent.put("id", names.id(card.path("name").asText()));
    agent.put("version", ImportNames.version(card.path("version").asText()));
    agent.put("description", card.path("description").asText());
    for (JsonNode skill : card.path("skills")) {
      agent
          .withArray("capabilities")
          .addObject()
          .put("name", names.capability(skill.path("id").asText()));
    }
    agent.put("adapter", "a2a");
    ObjectNode settings = agent.putObject("settings");
    settings.put("url", offered.path("url").asText());
    if (!offered.path("tenant").asText().isEmpty()) {
      settings.put("tenant", offered.path("tenant").asText());
    }
    if (!headers.isEmpty()) {
      ObjectNode its = settings.putObject("headers");
      headers.forEach(its::put);
    }
    if (card.path("capabilities").path("streaming").asBoolean()) {
      settings.put("stream", true);
    }
    modes(settings);
    return agent;
  }

  private void modes(ObjectNode settings) {
    List<String> takes = texts(card.path("defaultInputModes"));
    if (takes.contains("text/plain") && !takes.contains(Payloads.JSON_TYPE)) {
      settings.put("send", "text");
    }
    if (!card.path("defaultOutputModes").isEmpty()) {
      ArrayNode gives = settings.putArray("acceptedOutputModes");
      texts(card.path("defaultOutputModes")).forEach(gives::add);
    }
  }

  private JsonNode jsonRpc() {
    List<String> offered = new ArrayList<>();
    for (JsonNode each : card.path("supportedInterfaces")) {
      String binding = each.path("protocolBinding").asText();
      String version = each.path("protocolVersion").asText();
      if (binding.equals("JSONRPC") && version.startsWith("1.")) {
        return each;
      }
      offered.add(binding + " " + version);
    }
    throw failure(
        "offers no JSON-RPC interface of A2A 1.0"
            + (offered.isEmpty() ? "" : ", only " + String.join(", ", offered)));
  }

  /** One of the requirements is enough; within one, all schemes are needed. */
  private void refuseWithoutCredentials(Map<String, String> headers) {
    JsonNode requirements = card.path("securityRequirements");
    TreeSet<String> given = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    given.addAll(headers.keySet());
    List<String> ways = new ArrayList<>();
    for (JsonNode requirement : requirements) {
      List<Need> needs = needs(requirement.path("schemes"));
      if (needs.stream().allMatch(need -> need.header().map(given::contains).orElse(false))) {
        return;
      }
      ways.add(String.join(" and ", needs.stream().map(Need::words).toList()));
    }
    if (!ways.isEmpty()) {
      throw failure("asks for credentials: " + String.join("; or ", ways));
    }
  }

  /**
   * @param header that carries the credential; empty when no header does
   */
  private record Need(Optional<String> header, String words) {

    static Need header(String name, String example, String scheme) {
      return new Need(
          Optional.of(name), "--header '" + name + "=" + example + "' (" + scheme + ")");
    }
  }

  private List<Need> needs(JsonNode schemes) {
    List<Need> needs = new ArrayList<>();
    schemes.fieldNames().forEachRemaining(name -> needs.add(need(name)));
    return needs;
  }

  private Need need(String name) {
    JsonNode scheme = card.path("securitySchemes").path(name);
    JsonNode http = scheme.path("httpAuthSecurityScheme");
    JsonNode key = scheme.path("apiKeySecurityScheme");
    if (http.isObject()) {
      return Need.header(
          "Authorization", http.path("scheme").asText("Bearer") + " ${env:TOKEN}", name);
    }
    if (key.isObject() && key.path("location").asText().equals("header")) {
      return Need.header(key.path("name").asText(), "env:KEY", name);
    }
    if (scheme.has("oauth2SecurityScheme") || scheme.has("openIdConnectSecurityScheme")) {
      return Need.header("Authorization", "Bearer ${env:TOKEN}", name);
    }
    return new Need(Optional.empty(), "scheme " + name + ", which no header carries");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private CommandFailure failure(String what) {
    return new CommandFailure(ExitCodes.FAILED, where + " " + what);
  }
}
