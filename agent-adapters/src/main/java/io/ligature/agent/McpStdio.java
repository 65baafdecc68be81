package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.wire.Payloads;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server that is a program: a message is a line on its standard input or output.
 *
 * <p>Whether a program stops its work when it is told to cannot be seen. So behind a call that was
 * given up it takes no further ones, and it is ended with its children when its other calls are
 * over.
 */
final class McpStdio implements McpConnection {

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final byte[] END = new byte[0];

  private record Waiting(Request request, CompletableFuture<JsonNode> answer) {}

  private final Process process;
  private final int maxBytes;
  private final Runnable toolsChanged;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
  private final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> errors;
  private final AtomicBoolean ending = new AtomicBoolean();
  private volatile @Nullable CallFailure ended;
  private volatile boolean givenUp;

  /**
   * @param pipes runs tasks that hold their thread
   */
  McpStdio(
      Process process, int maxBytes, int maxErrorBytes, Executor pipes, Runnable toolsChanged) {
    this.process = process;
    this.maxBytes = maxBytes;
    this.toolsChanged = toolsChanged;
    this.errors =
        CompletableFuture.supplyAsync(
            () ->
                ScriptPipes.readErrors(
                    process.getErrorStream(), maxErrorBytes, ProgressListener.NONE),
            pipes);
    pipes.execute(this::write);
    pipes.execute(this::read);
  }

  @Override
  public JsonNode ask(Request request) throws CallFailedException {
    Waiting its = new Waiting(request, new CompletableFuture<>());
    waiting.put(request.id(), its);
    CallFailure over = ended;
    if (over != null) {
      its.answer.completeExceptionally(new CallFailedException(over));
    }
    outgoing.add(line(request.message()));
    try {
      return its.answer.get(request.deadline().left(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw givenUp(request, JsonRpcReply.over(request.deadline(), true));
    } catch (InterruptedException e) {
      throw givenUp(request, JsonRpcReply.cancelled(true));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CallFailedException failed) {
        throw failed;
      }
      throw new IllegalStateException("an answer of no known kind", e);
    } finally {
      waiting.remove(request.id());
      if (givenUp && waiting.isEmpty()) {
        close();
      }
    }
  }

  private CallFailedException givenUp(Request request, CallFailedException why) {
    if (request.cancellable()) {
      outgoing.add(line(request.cancellation(why.failure().message())));
    }
    givenUp = true;
    return why;
  }

  @Override
  public void tell(JsonNode notification, Map<String, String> headers, Deadline deadline) {
    outgoing.add(line(notification));
  }

  @Override
  public void agreed(String protocolVersion) {
    // Only HTTP says the version with each message.
  }

  @Override
  public void listen(Map<String, String> headers) {
    // Standard output is read all the time.
  }

  @Override
  public boolean isUsable() {
    return ended == null && !givenUp && !ending.get() && process.isAlive();
  }

  private static byte[] line(JsonNode message) {
    byte[] json = JsonRpc.bytes(message);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  private void write() {
    try (OutputStream out = process.getOutputStream()) {
      for (byte[] line = outgoing.take(); line != END; line = outgoing.take()) {
        out.write(line);
        out.flush();
      }
    } catch (IOException e) {
      // The program reads no more; the end of its output tells the rest.
      kill();
    } catch (InterruptedException e) {
      kill();
    }
  }

  private void read() {
    try (InputStream out = new BufferedInputStream(process.getInputStream())) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int each = out.read(); each >= 0; each = out.read()) {
        if (each == '\n') {
          take(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else if (line.size() >= maxBytes) {
          throw new BoundedBody.TooLargeException(maxBytes);
        } else {
          line.write(each);
        }
      }
      end(crash());
    } catch (BoundedBody.TooLargeException e) {
      end(
          CallFailure.possiblyBilled(
              ErrorKind.SCHEMA_MISMATCH,
              "the server wrote a message of "
                  + e.getMessage()
                  + "; let it answer shorter, or raise settings.maxResponseBytes"));
    } catch (IOException e) {
      end(crash());
    } catch (CallFailedException e) {
      end(e.failure());
    }
  }

  /** Programs print a greeting now and then; what cannot be a message is passed over. */
  private void take(String line) throws CallFailedException {
    if (!line.startsWith("{")) {
      return;
    }
    JsonNode message;
    try {
      message = Payloads.JSON.readTree(line);
    } catch (IOException e) {
      throw CallFailedException.possiblyBilled(
          ErrorKind.SCHEMA_MISMATCH,
          "the server wrote to its standard output what is no message of the protocol");
    }
    if (JsonRpc.isRequest(message)) {
      outgoing.add(line(JsonRpc.reply(message)));
    } else if (JsonRpc.isResponse(message)) {
      Waiting its = waiting.get(message.path("id").asText());
      if (its != null) {
        its.answer.complete(message);
      }
    } else {
      heard(message);
    }
  }

  private void heard(JsonNode notification) {
    String method = notification.path("method").asText();
    JsonNode params = notification.path("params");
    if (method.equals("notifications/tools/list_changed")) {
      toolsChanged.run();
    } else if (method.equals("notifications/progress")) {
      String token = params.path("progressToken").asText();
      for (Waiting each : waiting.values()) {
        if (!token.isEmpty() && token.equals(each.request.progressToken())) {
          each.request.progress().accept(params);
        }
      }
    }
  }

  private CallFailure crash() {
    String words = "the server ended";
    try {
      if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        words += " with exit code " + process.exitValue();
        String tail = errors.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        words += tail.isEmpty() ? "" : ": " + tail;
      } else {
        words = "the server closed its standard output";
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      words += ", and its last words cannot be read";
    }
    return CallFailure.possiblyBilled(ErrorKind.AGENT_CRASH, words);
  }

  private void end(CallFailure why) {
    ended = why;
    waiting
        .values()
        .forEach(each -> each.answer.completeExceptionally(new CallFailedException(why)));
    kill();
  }

  @Override
  public void close() {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      List<ProcessHandle> children = descendants.toList();
      outgoing.add(END);
      var _ =
          process
              .onExit()
              .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (done, late) -> {
                    children.forEach(ProcessHandle::destroyForcibly);
                    ScriptAgent.kill(process);
                  });
    }
  }

  @Override
  public void kill() {
    ending.set(true);
    // Before its input ends: behind a program that has ended its children cannot be found.
    ScriptAgent.kill(process);
    outgoing.add(END);
  }
}
