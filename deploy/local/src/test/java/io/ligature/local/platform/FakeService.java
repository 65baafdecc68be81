package io.ligature.local.platform;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Stands in for a packaged service: ready at once, and tells its settings at {@code /setting/}. */
public final class FakeService {

  private FakeService() {}

  public static void main(String[] args) throws Exception {
    if (Boolean.getBoolean("fake.broken")) {
      System.err.println("fake service refuses: broken on purpose");
      System.exit(3);
    }
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.getInteger("quarkus.http.port")),
            0);
    server.createContext(
        "/q/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.createContext(
        "/setting/",
        exchange -> {
          String name = exchange.getRequestURI().getPath().substring("/setting/".length());
          byte[] value = System.getProperty(name, "").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, value.length == 0 ? -1 : value.length);
          exchange.getResponseBody().write(value);
          exchange.close();
        });
    server.start();
  }
}
