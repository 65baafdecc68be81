package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the adapter {@code mcp}.
 *
 * @param tool the tool that is the agent
 * @param url where a server over Streamable HTTP is; empty for a program
 * @param headers sent with each request; values may be or hold secret references
 * @param command program and arguments of a server over standard input and output; else empty
 * @param workdir where the program runs; empty: where the executor runs
 * @param passEnv names of the executor's own environment variables that the program gets too
 * @param env further variables; values may be or hold secret references
 * @param sendContext also hands on where in which workflow the attempt stands
 * @param maxResponseBytes a larger message of the server is a {@code schema_mismatch}
 * @param maxErrorBytes how much of the end of standard error goes into the message of a crash
 * @param idleAfter how long the session is kept when nobody calls
 */
record McpSettings(
    String tool,
    Optional<URI> url,
    Map<String, String> headers,
    List<String> command,
    Optional<Path> workdir,
    List<String> passEnv,
    Map<String, String> env,
    boolean sendContext,
    int maxResponseBytes,
    int maxErrorBytes,
    Duration idleAfter) {

  private static final List<String> DEFAULT_PASS_ENV = List.of("PATH", "LANG");
  private static final int DEFAULT_RESPONSE_BYTES = 1_000_000;
  private static final int MOST_RESPONSE_BYTES = 64_000_000;
  private static final int DEFAULT_ERROR_BYTES = 1_000;
  private static final int MOST_ERROR_BYTES = 1_500;
  private static final Duration DEFAULT_IDLE_AFTER = Duration.ofMinutes(10);
  private static final Set<String> OURS =
      WebSettings.caseless(
          "accept",
          "content-type",
          "idempotency-key",
          "mcp-protocol-version",
          "mcp-session-id",
          "traceparent");

  static McpSettings of(AgentRegistration agent) {
    SettingsReader reader = new SettingsReader(McpAdapter.NAME, agent);
    Optional<String> url = reader.text("url");
    List<String> command = reader.texts("command", List.of());
    if (url.isPresent() != command.isEmpty()) {
      reader.refuse(
          "url",
          "and settings.command: give one of them, the address of the server or the program that"
              + " is the server with its arguments as a list");
    }
    McpSettings settings =
        new McpSettings(
            reader.requiredText("tool", "name the tool of the server that is the agent"),
            url.map(text -> WebSettings.address(reader, "url", text)),
            WebSettings.headers(reader, OURS),
            command,
            reader.text("workdir").map(Path::of),
            reader.texts("passEnv", DEFAULT_PASS_ENV),
            reader.map("env"),
            reader.flag("sendContext", false),
            reader.size("maxResponseBytes", DEFAULT_RESPONSE_BYTES, MOST_RESPONSE_BYTES),
            reader.size("maxErrorBytes", DEFAULT_ERROR_BYTES, MOST_ERROR_BYTES),
            reader.duration("idleAfter", DEFAULT_IDLE_AFTER));
    reader.check();
    return settings;
  }
}
