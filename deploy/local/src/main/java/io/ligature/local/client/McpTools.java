package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tools of an MCP server over Streamable HTTP, and the registrations they make. */
final class McpTools {

  private static final String VERSION = "2025-11-25";
  private static final String SESSION = "Mcp-Session-Id";
  private static final int MOST_PAGES = 100;

  private final URI url;
  private final RemoteJson remote;
  private final Map<String, String> agreed = new LinkedHashMap<>();
  private final List<JsonNode> tools = new ArrayList<>();
  private String version = "1";
  private int requests;

  private McpTools(URI url, RemoteJson remote) {
    this.url = url;
    this.remote = remote;
  }

  static McpTools of(URI url, RemoteJson remote) {
    McpTools its = new McpTools(url, remote);
    its.initialise();
    its.list();
    return its;
  }

  private void initialise() {
    ObjectNode params = Payloads.JSON.createObjectNode().put("protocolVersion", VERSION);
    params.putObject("capabilities");
    params.putObject("clientInfo").put("name", "ligature").put("version", "1");
    JsonNode result = ask("initialize", params);
    agreed.put("MCP-Protocol-Version", result.path("protocolVersion").asText(VERSION));
    version = ImportNames.version(result.path("serverInfo").path("version").asText());
    ObjectNode ready = Payloads.JSON.createObjectNode().put("jsonrpc", "2.0");
    remote.post(url, ready.put("method", "notifications/initialized"), agreed);
  }

  private void list() {
    String cursor = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      ObjectNode params = Payloads.JSON.createObjectNode();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      JsonNode result = ask("tools/list", params);
      result.path("tools").forEach(tools::add);
      cursor = result.path("nextCursor").textValue();
      if (cursor == null) {
        return;
      }
    }
    throw new CommandFailure(
        ExitCodes.FAILED, url + " lists its tools on more than " + MOST_PAGES + " pages");
  }

  private JsonNode ask(String method, ObjectNode params) {
    requests++;
    ObjectNode message = Payloads.JSON.createObjectNode().put("jsonrpc", "2.0").put("id", requests);
    message.put("method", method).set("params", params);
    RemoteJson.Reply reply = remote.post(url, message, agreed);
    String session = reply.header(SESSION);
    if (session != null) {
      agreed.put(SESSION, session);
    }
    JsonNode answer = reply.streams() ? answer(reply.body()) : reply.json();
    if (!answer.path("result").isObject()) {
      throw new CommandFailure(
          ExitCodes.FAILED,
          url
              + " does not answer "
              + method
              + " as an MCP server does: "
              + answer.path("error").path("message").asText("it gives no result"));
    }
    return answer.path("result");
  }

  /** The response among server-sent events. */
  private JsonNode answer(String events) {
    StringBuilder data = new StringBuilder();
    for (String line : (events + "\n\n").split("\\R", -1)) {
      if (line.startsWith("data:")) {
        data.append(line.substring("data:".length()).strip());
      } else if (line.isEmpty() && !data.isEmpty()) {
        JsonNode message = json(data.toString());
        if (message.has("result") || message.has("error")) {
          return message;
        }
        data.setLength(0);
      }
    }
    return Payloads.JSON.createObjectNode();
  }

  private JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.FAILED, url + " does not answer with JSON", e);
    }
  }

  List<ObjectNode> registrations(ImportNames names, Map<String, String> headers) {
    if (tools.isEmpty()) {
      throw new CommandFailure(ExitCodes.FAILED, url + " has no tools");
    }
    return tools.stream().map(tool -> registration(tool, names, headers)).toList();
  }

  private ObjectNode registration(JsonNode tool, ImportNames names, Map<String, String> headers) {
    String name = tool.path("name").asText();
    ObjectNode agent = Payloads.JSON.createObjectNode();
    agent.put("id", names.id(name));
    agent.put("version", version);
    agent.put("description", tool.path("description").asText());
    ObjectNode capability = agent.putArray("capabilities").addObject();
    capability.put("name", names.capability(name));
    for (String schema : List.of("inputSchema", "outputSchema")) {
      if (tool.path(schema).isObject()) {
        capability.set(schema, tool.path(schema));
      }
    }
    agent.put("adapter", "mcp");
    ObjectNode settings = agent.putObject("settings");
    settings.put("url", url.toString());
    settings.put("tool", name);
    if (!headers.isEmpty()) {
      ObjectNode its = settings.putObject("headers");
      headers.forEach(its::put);
    }
    return agent;
  }
}
