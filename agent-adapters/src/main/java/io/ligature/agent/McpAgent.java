package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.agent.McpConnection.LostException;
import io.ligature.avro.AgentCapability;
import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tool of an MCP server as an agent. All its calls share one session, which is made at the first
 * call, made again when the server has lost it, and closed when nobody has called for a while.
 */
final class McpAgent implements AgentContract {

  private final McpSettings settings;
  private final HttpClient client;
  private final Secrets secrets;
  private final Executor pipes;
  private final Consumer<Process> started;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable McpSession session;
  private int users;
  private boolean retired;
  private long lastUsed = System.nanoTime();

  /** What the secrets of one call resolved to. */
  private record Access(Map<String, String> headers, Map<String, String> env) {}

  /**
   * @param started hears of each program that is a server
   */
  McpAgent(
      McpSettings settings,
      HttpClient client,
      Secrets secrets,
      Executor pipes,
      Consumer<Process> started) {
    this.settings = settings;
    this.client = client;
    this.secrets = secrets;
    this.pipes = pipes;
    this.started = started;
  }

  @Override
  public AgentOutcome call(AgentCall call) {
    Secrets.Redactor redactor = new Secrets.Redactor();
    begin();
    try {
      return HttpAgent.redacted(attempt(call, access(redactor)), redactor);
    } catch (UnresolvedSecretException e) {
      return AgentOutcome.unbilled(ErrorKind.AUTH, String.valueOf(e.getMessage()));
    } catch (CallFailedException e) {
      return HttpAgent.redacted(AgentOutcome.failed(e.failure()), redactor);
    } finally {
      end();
    }
  }

  /** A server that has lost the session did not take the call, which so is not made twice. */
  private AgentOutcome attempt(AgentCall call, Access access) throws CallFailedException {
    Deadline deadline = Deadline.in(call.timeout());
    try {
      return once(call, access, deadline);
    } catch (LostException first) {
      try {
        return once(call, access, deadline);
      } catch (LostException again) {
        throw CallFailedException.unbilled(
            ErrorKind.UPSTREAM_UNAVAILABLE, again.getMessage() + " right after it began");
      }
    }
  }

  private AgentOutcome once(AgentCall call, Access access, Deadline deadline)
      throws CallFailedException, LostException {
    if (!call.input().isObject()) {
      throw CallFailedException.unbilled(
          ErrorKind.INVALID_INPUT, "input is not a JSON object, and a tool takes nothing else");
    }
    McpSession its = session(access, deadline);
    McpTool tool = its.tool(settings.tool(), access.headers(), deadline);
    AgentCapability capability = capability(call);
    if (capability == null || capability.getInputSchema() == null) {
      List<String> violations = tool.inputViolations(call.input());
      if (!violations.isEmpty()) {
        throw CallFailedException.unbilled(
            ErrorKind.INVALID_INPUT,
            "input is not what the tool takes: " + String.join("; ", violations));
      }
    }
    JsonNode response = its.call(params(call), headers(call, access), call, deadline);
    boolean promised = capability != null && capability.getOutputSchema() != null;
    return McpResult.outcome(
        response, output -> promised ? List.of() : tool.outputViolations(output));
  }

  private static @Nullable AgentCapability capability(AgentCall call) {
    for (AgentCapability each : call.agent().getCapabilities()) {
      if (each.getName().equals(call.envelope().getCapability())) {
        return each;
      }
    }
    return null;
  }

  private ObjectNode params(AgentCall call) {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", settings.tool());
    params.set("arguments", call.input());
    ObjectNode meta = params.putObject("_meta");
    meta.put("progressToken", call.attempt());
    meta.put(AgentProtocol.ATTEMPT_KEY, call.attempt());
    String traceparent = call.traceparent();
    if (traceparent != null) {
      meta.put("traceparent", traceparent);
    }
    if (settings.sendContext()) {
      meta.set(AgentProtocol.CONTEXT_KEY, AgentProtocol.context(call.envelope().getContext()));
    }
    return params;
  }

  private static Map<String, String> headers(AgentCall call, Access access) {
    Map<String, String> headers = new LinkedHashMap<>(access.headers());
    headers.put("Idempotency-Key", call.attempt());
    String traceparent = call.traceparent();
    if (traceparent != null) {
      headers.put("traceparent", traceparent);
    }
    return headers;
  }

  private Access access(Secrets.Redactor redactor)
      throws UnresolvedSecretException, CallFailedException {
    Map<String, String> headers = secrets.resolveAll(settings.headers(), redactor);
    try {
      headers.forEach(HttpRequest.newBuilder()::header);
    } catch (IllegalArgumentException e) {
      // The header's value would be in the exception's message.
      throw CallFailedException.unbilled(
          ErrorKind.AUTH, "a secret in settings.headers holds characters that no header takes");
    }
    return new Access(headers, secrets.resolveAll(settings.env(), redactor));
  }

  private McpSession session(Access access, Deadline deadline) throws CallFailedException {
    McpSession now = session;
    if (now != null && now.isUsable()) {
      return now;
    }
    try {
      if (!opening.tryLock(deadline.left(), TimeUnit.NANOSECONDS)) {
        throw JsonRpcReply.over(deadline, false);
      }
    } catch (InterruptedException e) {
      throw JsonRpcReply.cancelled(false);
    }
    try {
      now = session;
      if (now == null || !now.isUsable()) {
        now = open(access, deadline);
        session = now;
      }
      return now;
    } finally {
      opening.unlock();
    }
  }

  private McpSession open(Access access, Deadline deadline) throws CallFailedException {
    URI url = settings.url().orElse(null);
    if (url != null) {
      return McpSession.open(
          changed -> new McpHttp(url, client, settings.maxResponseBytes(), changed),
          access.headers(),
          deadline);
    }
    Process process = start(access.env());
    return McpSession.open(
        changed ->
            new McpStdio(
                process, settings.maxResponseBytes(), settings.maxErrorBytes(), pipes, changed),
        Map.of(),
        deadline);
  }

  private Process start(Map<String, String> env) throws CallFailedException {
    ProcessBuilder builder = new ProcessBuilder(settings.command());
    settings.workdir().ifPresent(folder -> builder.directory(folder.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(settings.passEnv());
    environment.putAll(env);
    try {
      Process process = builder.start();
      started.accept(process);
      return process;
    } catch (IOException e) {
      throw CallFailedException.unbilled(
          ErrorKind.UPSTREAM_UNAVAILABLE,
          "the server does not start; check settings.command and settings.workdir on the"
              + " executor's machine: "
              + e.getMessage());
    }
  }

  private synchronized void begin() {
    users++;
  }

  private synchronized void end() {
    users--;
    lastUsed = System.nanoTime();
    if (retired && users == 0) {
      closeSession();
    }
  }

  /** Another version has taken its place; calls that still run come to their end. */
  synchronized void retire() {
    retired = true;
    if (users == 0) {
      closeSession();
    }
  }

  synchronized void closeWhenIdle() {
    if (users == 0 && System.nanoTime() - lastUsed > settings.idleAfter().toNanos()) {
      closeSession();
    }
  }

  /** At once, running calls or not. */
  void kill() {
    McpSession its = session;
    if (its != null) {
      its.kill();
    }
  }

  private void closeSession() {
    McpSession its = session;
    session = null;
    if (its != null) {
      its.close();
    }
  }
}
