package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A JSON-RPC server over HTTP, as a process, that says what it was told to: {@code ScriptedServer
 * FOLDER}. The answer to a method is the folder's file of that name, or {@code name.1}, {@code
 * name.2} and so on, each taken once. Its first line is the status, headers as {@code Name=value}
 * and how it ends ({@code end}, {@code close} the connection, {@code hang}); the rest is the body
 * with {@code $id} for the request's id. What it gets it writes to {@code journal}; its port to
 * {@code port}. It ends with its standard input.
 */
public final class ScriptedServer {

  private static final Map<String, String> OTHERWISE =
      Map.of(
          "initialize",
          """
          200 Content-Type=application/json Mcp-Session-Id=s-1 end
          {"jsonrpc": "2.0", "id": $id, "result": {"protocolVersion": "2025-06-18",
           "capabilities": {"tools": {}}, "serverInfo": {"name": "scripted", "version": "1"}}}
          """,
          "tools.list",
          """
          200 Content-Type=application/json end
          {"jsonrpc": "2.0", "id": $id, "result": {"tools": [{"name": "work"}]}}
          """,
          "CancelTask",
          """
          200 Content-Type=application/json end
          {"jsonrpc": "2.0", "id": $id, "result": {"id": "t-1",
           "status": {"state": "TASK_STATE_CANCELED"}}}
          """,
          "GET",
          "405 end\n",
          "DELETE",
          "200 end\n");

  private final Path folder;

  private ScriptedServer(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", new ScriptedServer(folder)::handle);
    server.start();
    Path part = folder.resolve("port.part");
    Files.writeString(part, Integer.toString(server.getAddress().getPort()));
    Files.move(part, folder.resolve("port"), StandardCopyOption.ATOMIC_MOVE);
    int read = System.in.read();
    while (read >= 0) {
      read = System.in.read();
    }
    Runtime.getRuntime().halt(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonNode message =
        body.length == 0 ? Calls.json("{}") : Calls.json(new String(body, StandardCharsets.UTF_8));
    String what = message.path("method").asText(exchange.getRequestMethod()).replace('/', '.');
    journal(what + headers(exchange) + " " + message);
    String[] answer = answer(what).split("\n", 2);
    String[] head = answer[0].strip().split(" ", -1);
    String ending = head[head.length - 1];
    for (int i = 1; i < head.length - 1; i++) {
      String[] header = head[i].split("=", 2);
      exchange.getResponseHeaders().add(header[0], header[1].replace('_', ' '));
    }
    byte[] said =
        answer[1].replace("$id", message.path("id").toString()).getBytes(StandardCharsets.UTF_8);
    if (ending.equals("drop")) {
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(
        Integer.parseInt(head[0]),
        ending.equals("end") ? (said.length == 0 ? -1 : said.length) : 0);
    OutputStream out = exchange.getResponseBody();
    out.write(said);
    out.flush();
    if (ending.equals("hang")) {
      hang(out, what);
    }
    if (ending.equals("end")) {
      out.close();
    }
    exchange.close();
  }

  /** Until the other side closes the connection. */
  private void hang(OutputStream out, String what) {
    journal("hangs");
    try {
      while (true) {
        Thread.sleep(20);
        out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      journal("closed " + what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String answer(String what) throws IOException {
    for (int i = 1; i < 10; i++) {
      Path once = folder.resolve(what + "." + i);
      if (Files.exists(once)) {
        String answer = Files.readString(once);
        Files.delete(once);
        return answer;
      }
    }
    Path always = folder.resolve(what);
    if (Files.exists(always)) {
      return Files.readString(always);
    }
    return OTHERWISE.getOrDefault(
        what, what.startsWith("notifications") ? "202 end\n" : "500 end\n");
  }

  private static String headers(HttpExchange exchange) {
    StringBuilder all = new StringBuilder();
    for (String name :
        new String[] {
          "Authorization", "Idempotency-Key", "traceparent", "A2A-Version", "Mcp-Session-Id"
        }) {
      String value = exchange.getRequestHeaders().getFirst(name);
      all.append(value == null ? "" : " " + name + "=" + value.replace(' ', '_'));
    }
    return all.toString();
  }

  private synchronized void journal(String line) {
    try {
      Files.writeString(
          folder.resolve("journal"),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
