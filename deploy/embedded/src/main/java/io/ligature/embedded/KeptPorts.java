package io.ligature.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback ports that a data folder keeps from one start to the next, as long as all of them are
 * free; so that clients of a server that was killed find it again where it was.
 */
public final class KeptPorts {

  /**
   * Drawn from below the ports that systems give to outgoing connections (from 32768 on Linux, from
   * 49152 elsewhere): one of those could take a port between its choice and its binding.
   */
  private static final int LOWEST = 15_000;

  private static final int BEHIND = 32_768;
  private static final int TRIES = 1_000;

  private final Map<String, Integer> ports;

  private KeptPorts(Map<String, Integer> ports) {
    this.ports = Map.copyOf(ports);
  }

  public static KeptPorts of(Path file, String... names) throws IOException {
    Map<String, Integer> kept = read(file, names);
    if (kept.size() == names.length && kept.values().stream().allMatch(KeptPorts::isFree)) {
      return new KeptPorts(kept);
    }
    Map<String, Integer> fresh = free(names);
    Properties written = new Properties();
    fresh.forEach((name, port) -> written.setProperty(name, port.toString()));
    try (var out = Files.newOutputStream(file)) {
      written.store(out, null);
    }
    return new KeptPorts(fresh);
  }

  public int port(String name) {
    return Objects.requireNonNull(ports.get(name), name);
  }

  /** Whether a server can bind this loopback port now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = open(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** A free loopback port, for whoever binds it next. */
  public static int freePort() {
    try (ServerSocket socket = drawn()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  private static Map<String, Integer> read(Path file, String... names) throws IOException {
    Properties kept = new Properties();
    if (Files.exists(file)) {
      try (var in = Files.newInputStream(file)) {
        kept.load(in);
      }
    }
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (String name : names) {
      String port = kept.getProperty(name, "");
      // A file that a kill cut short counts as none.
      if (port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) < 65536) {
        ports.put(name, Integer.parseInt(port));
      }
    }
    return ports;
  }

  private static Map<String, Integer> free(String... names) throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    try {
      Map<String, Integer> ports = new LinkedHashMap<>();
      for (String name : names) {
        ServerSocket socket = drawn();
        open.add(socket);
        ports.put(name, socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : open) {
        socket.close();
      }
    }
  }

  private static ServerSocket drawn() throws IOException {
    IOException taken = new IOException("no port was tried");
    for (int tried = 0; tried < TRIES; tried++) {
      try {
        return open(ThreadLocalRandom.current().nextInt(LOWEST, BEHIND));
      } catch (IOException e) {
        taken = e;
      }
    }
    throw taken;
  }

  private static ServerSocket open(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
