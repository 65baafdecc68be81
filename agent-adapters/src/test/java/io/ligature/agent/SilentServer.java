package io.ligature.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server that reads one request, never answers to its end, and sees the connection close. */
public final class SilentServer implements AutoCloseable {

  private final ServerSocket socket;
  private final String mark;
  private final String beginning;
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /**
   * @param mark something in the request's body
   */
  public SilentServer(String mark) throws IOException {
    this(mark, "");
  }

  /**
   * @param beginning all it ever says
   */
  public SilentServer(String mark, String beginning) throws IOException {
    this.mark = mark;
    this.beginning = beginning;
    this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::readAndKeepSilent);
  }

  /** An address at which nobody listens. */
  public static String nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + free.getLocalPort();
    }
  }

  private void readAndKeepSilent() {
    try (Socket connection = socket.accept()) {
      StringBuilder seen = new StringBuilder();
      int read = connection.getInputStream().read();
      while (read >= 0) {
        seen.append((char) read);
        if (seen.indexOf(mark) >= 0 && begun.complete(null)) {
          connection.getOutputStream().write(beginning.getBytes(StandardCharsets.UTF_8));
        }
        read = connection.getInputStream().read();
      }
    } catch (IOException e) {
      // A reset is an end as well.
      closed.complete(null);
    }
    closed.complete(null);
  }

  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  public void awaitBegun() throws Exception {
    begun.get(10, TimeUnit.SECONDS);
  }

  public void awaitClosed() throws Exception {
    closed.get(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
