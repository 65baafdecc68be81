package io.ligature.agent;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import jakarta.servlet.DispatcherType;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

/**
 * An MCP server made with the protocol's own SDK, as a process: {@code McpTestServer stdio|http
 * FOLDER}. How its tool {@code work} behaves stands in the folder's file {@code mode}; what it gets
 * and does it writes to {@code journal}; its port to {@code port}. It ends with its standard input.
 */
public final class McpTestServer {

  private static final Map<String, Object> TAKES_QUERY =
      Map.of(
          "type",
          "object",
          "required",
          List.of("query"),
          "properties",
          Map.of("query", Map.of("type", "string")));
  private static final Map<String, Object> TAKES_WORDS =
      Map.of("type", "object", "required", List.of("words"));
  private static final Map<String, Object> GIVES_N =
      Map.of(
          "type",
          "object",
          "required",
          List.of("n"),
          "properties",
          Map.of("n", Map.of("type", "integer")));

  private final Path folder;
  private McpSyncServer server;

  private McpTestServer(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    McpTestServer its = new McpTestServer(Path.of(arguments[1]));
    its.journal("started " + ProcessHandle.current().pid());
    if (arguments[0].equals("stdio")) {
      its.overStdio();
    } else {
      its.overHttp();
    }
  }

  private void overStdio() throws InterruptedException {
    server =
        McpServer.sync(
                new StdioServerTransportProvider(mapper(), new Overheard(System.in), System.out))
            .serverInfo("test", "1")
            .capabilities(ServerCapabilities.builder().tools(true).build())
            .validateToolInputs(false)
            .tools(work(TAKES_QUERY), typed())
            .build();
    new CountDownLatch(1).await();
  }

  private void overHttp() throws Exception {
    HttpServletStreamableServerTransportProvider transport =
        HttpServletStreamableServerTransportProvider.builder()
            .jsonMapper(mapper())
            .mcpEndpoint("/mcp")
            .build();
    server =
        McpServer.sync(transport)
            .serverInfo("test", "1")
            .capabilities(ServerCapabilities.builder().tools(true).build())
            .validateToolInputs(false)
            .tools(work(TAKES_QUERY), typed())
            .build();
    Server jetty = new Server();
    ServerConnector connector = new ServerConnector(jetty);
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder holder = new ServletHolder(transport);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/mcp");
    FilterHolder filter = new FilterHolder(new McpTestFilter(folder, this::journal));
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    jetty.setHandler(context);
    jetty.start();
    Path part = folder.resolve("port.part");
    Files.writeString(part, Integer.toString(connector.getLocalPort()));
    Files.move(part, folder.resolve("port"), StandardCopyOption.ATOMIC_MOVE);
    int read = System.in.read();
    while (read >= 0) {
      read = System.in.read();
    }
    Runtime.getRuntime().halt(0);
  }

  private static McpJsonMapper mapper() {
    return McpJsonDefaults.getMapper();
  }

  private SyncToolSpecification work(Map<String, Object> takes) {
    return new SyncToolSpecification(Tool.builder("work", takes).build(), this::work);
  }

  private SyncToolSpecification typed() {
    return new SyncToolSpecification(
        Tool.builder("typed", TAKES_QUERY).outputSchema(GIVES_N).build(), this::work);
  }

  private CallToolResult work(McpSyncServerExchange exchange, CallToolRequest request) {
    journal("begun " + request.name() + " " + request.meta().get("io.ligature/attempt"));
    String[] mode = read("mode").split(" ", 2);
    return switch (mode[0]) {
      case "text" -> CallToolResult.builder().addTextContent(mode[1]).build();
      case "structured" ->
          CallToolResult.builder()
              .structuredContent(mapper(), mode[1])
              .addTextContent(mode[1])
              .build();
      case "told" ->
          CallToolResult.builder()
              .addTextContent("cheap")
              .meta(Map.of("io.ligature/metadata", Map.of("cost", "0.02", "confidence", 0.9)))
              .build();
      case "error" -> CallToolResult.builder().isError(true).addTextContent(mode[1]).build();
      case "large" -> CallToolResult.builder().addTextContent("x".repeat(20_000)).build();
      case "meta" ->
          CallToolResult.builder().structuredContent(request.meta()).addTextContent("meta").build();
      case "env" ->
          CallToolResult.builder().addTextContent(String.valueOf(System.getenv("KEY"))).build();
      case "progress" -> progress(exchange, request);
      case "change" -> change();
      case "exit" -> exit(mode[1]);
      case "hang" -> hang();
      default -> throw new IllegalStateException("mode " + mode[0]);
    };
  }

  private static CallToolResult progress(McpSyncServerExchange exchange, CallToolRequest request) {
    Object token = request.meta().get("progressToken");
    exchange.progressNotification(
        ProgressNotification.builder(token, 1).total(2.0).message("half").build());
    exchange.progressNotification(ProgressNotification.builder(token, 7).build());
    return CallToolResult.builder().addTextContent("done").build();
  }

  private CallToolResult change() {
    server.removeTool("work");
    server.addTool(work(TAKES_WORDS));
    return CallToolResult.builder().addTextContent("changed").build();
  }

  private static CallToolResult exit(String words) {
    System.err.println(words);
    Runtime.getRuntime().halt(3);
    throw new IllegalStateException("not reached");
  }

  /** With a child, which must be stopped too where this process is. */
  private CallToolResult hang() {
    try {
      Process child = new ProcessBuilder("sleep", "60").start();
      journal("child " + child.pid());
      journal("hangs");
      child.waitFor();
      return CallToolResult.builder().addTextContent("late").build();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file)).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
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

  /** Writes the methods of what comes in to the journal, and ends the process at the end. */
  private final class Overheard extends FilterInputStream {

    private final StringBuilder line = new StringBuilder();

    Overheard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int each = super.read();
      hear(each);
      return each;
    }

    @Override
    public int read(byte[] bytes, int from, int most) throws IOException {
      int many = super.read(bytes, from, most);
      String text = many < 0 ? "" : new String(bytes, from, many, StandardCharsets.UTF_8);
      text.chars().forEach(this::hear);
      if (many < 0) {
        hear(-1);
      }
      return many;
    }

    private void hear(int each) {
      if (each < 0) {
        journal("end of input");
        Runtime.getRuntime().halt(0);
      }
      if (each != '\n') {
        line.append((char) each);
        return;
      }
      journal("in " + Calls.json(line.toString()).path("method").asText());
      line.setLength(0);
    }
  }
}
