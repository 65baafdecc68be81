package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.agent.McpConnection.LostException;
import io.ligature.agent.McpConnection.Request;
import io.ligature.schemas.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An initialised connection to an MCP server, used by many calls at once. It knows the tool from
 * the first call on, until the server says that its tools have changed.
 */
final class McpSession implements AutoCloseable {

  private static final String NEWEST = "2025-11-25";
  private static final Set<String> VERSIONS =
      Set.of("2024-11-05", "2025-03-26", "2025-06-18", NEWEST);
  private static final int MOST_PAGES = 100;
  private static final int MOST_NAMES = 20;

  /** A tool, and how often the tools had changed when it was asked for. */
  private record Known(McpTool tool, int change) {}

  private final McpConnection connection;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger changes = new AtomicInteger();
  private volatile @Nullable Known known;
  private volatile boolean tellsChanges;

  private McpSession(Function<Runnable, McpConnection> way) {
    this.connection = way.apply(changes::incrementAndGet);
  }

  /**
   * Connects and agrees on the protocol; the server has not begun to work, so nothing of this is
   * billed.
   *
   * @param way makes the connection, given what to run when the server's tools have changed
   */
  static McpSession open(
      Function<Runnable, McpConnection> way, Map<String, String> headers, Deadline deadline)
      throws CallFailedException {
    McpSession session = new McpSession(way);
    try {
      session.initialise(headers, deadline);
      return session;
    } catch (CallFailedException e) {
      session.close();
      throw e.billed(false);
    } catch (LostException e) {
      session.close();
      throw CallFailedException.unbilled(
          ErrorKind.UPSTREAM_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private void initialise(Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("protocolVersion", NEWEST);
    params.putObject("capabilities");
    params.putObject("clientInfo").put("name", "ligature").put("version", "1");
    JsonNode result = result(ask("initialize", params, headers, deadline));
    String version = result.path("protocolVersion").asText();
    if (!VERSIONS.contains(version)) {
      throw CallFailedException.unbilled(
          ErrorKind.NO_AGENT,
          "the server speaks version '"
              + version
              + "' of the Model Context Protocol; the versions up to "
              + NEWEST
              + " are known here");
    }
    connection.agreed(version);
    tellsChanges = result.path("capabilities").path("tools").path("listChanged").asBoolean();
    connection.tell(
        JsonRpc.notification("notifications/initialized", JsonNodeFactory.instance.objectNode()),
        headers,
        deadline);
  }

  /** The tool of that name; it is asked for once, and again when the tools have changed. */
  McpTool tool(String name, Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException {
    Known last = known;
    if (last != null && last.change == changes.get()) {
      return last.tool;
    }
    if (tellsChanges) {
      connection.listen(headers);
    }
    int change = changes.get();
    try {
      McpTool tool = McpTool.of(find(name, headers, deadline));
      known = new Known(tool, change);
      return tool;
    } catch (CallFailedException e) {
      throw e.billed(false);
    }
  }

  private JsonNode find(String name, Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException {
    List<String> names = new ArrayList<>();
    String cursor = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      JsonNode result = result(ask("tools/list", params, headers, deadline));
      for (JsonNode tool : result.path("tools")) {
        if (name.equals(tool.path("name").asText())) {
          return tool;
        }
        names.add(tool.path("name").asText());
      }
      cursor = result.path("nextCursor").textValue();
      if (cursor == null) {
        break;
      }
    }
    throw CallFailedException.unbilled(
        ErrorKind.NO_AGENT,
        "the server has no tool '"
            + name
            + "'; "
            + (names.isEmpty()
                ? "it has none"
                : "it has "
                    + String.join(", ", names.stream().limit(MOST_NAMES).toList())
                    + (names.size() > MOST_NAMES ? ", …" : "")));
  }

  /** Calls a tool; the response is a result or an error. */
  JsonNode call(ObjectNode params, Map<String, String> headers, AgentCall call, Deadline deadline)
      throws CallFailedException, LostException {
    return connection.ask(
        new Request(
            id(),
            "tools/call",
            params,
            true,
            headers,
            deadline,
            told -> hear(told, call.progress())));
  }

  private static void hear(JsonNode told, ProgressListener listener) {
    double done = told.path("progress").asDouble();
    double total = told.path("total").asDouble();
    Double share = total > 0 ? Math.clamp(done / total, 0, 1) : null;
    listener.progress(share, told.path("message").textValue());
  }

  private JsonNode ask(
      String method, ObjectNode params, Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException {
    return connection.ask(new Request(id(), method, params, false, headers, deadline, told -> {}));
  }

  private static JsonNode result(JsonNode response) throws CallFailedException {
    if (response.has("error")) {
      throw CallFailedException.unbilled(
          ErrorKind.NO_AGENT,
          "the server does not do what the Model Context Protocol asks for: "
              + JsonRpc.errorWords(response));
    }
    return response.path("result");
  }

  private String id() {
    return Long.toString(requests.incrementAndGet());
  }

  boolean isUsable() {
    return connection.isUsable();
  }

  @Override
  public void close() {
    connection.close();
  }

  /** At once, where closing would give the server a moment. */
  void kill() {
    connection.kill();
  }
}
