package io.ligature.agent;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Stands before an MCP server: writes down what comes, and lets the server forget its sessions once
 * when the folder has a file {@code forget}.
 */
final class McpTestFilter implements Filter {

  private final Path folder;
  private final Consumer<String> journal;

  McpTestFilter(Path folder, Consumer<String> journal) {
    this.folder = folder;
    this.journal = journal;
  }

  @Override
  public void doFilter(ServletRequest plain, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) plain;
    byte[] body = request.getInputStream().readAllBytes();
    String what =
        request.getMethod().equals("POST")
            ? Calls.json(new String(body, StandardCharsets.UTF_8)).path("method").asText()
            : request.getMethod();
    boolean inSession = request.getHeader("Mcp-Session-Id") != null;
    journal.accept(
        "in "
            + what
            + header(request, "Authorization")
            + header(request, "Idempotency-Key")
            + header(request, "traceparent")
            + header(request, "MCP-Protocol-Version"));
    if (inSession && Files.deleteIfExists(folder.resolve("forget"))) {
      ((HttpServletResponse) response).sendError(404);
      return;
    }
    chain.doFilter(new Again(request, body), response);
  }

  private static String header(HttpServletRequest request, String name) {
    String value = request.getHeader(name);
    return value == null ? "" : " " + name + "=" + value;
  }

  private static final class Again extends HttpServletRequestWrapper {

    private final byte[] body;

    Again(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public ServletInputStream getInputStream() {
      ByteArrayInputStream bytes = new ByteArrayInputStream(body);
      return new ServletInputStream() {
        @Override
        public int read() {
          return bytes.read();
        }

        @Override
        public int read(byte[] into, int from, int most) {
          return bytes.read(into, from, most);
        }

        @Override
        public boolean isFinished() {
          return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new UnsupportedOperationException();
        }
      };
    }
  }
}
