package io.ligature.agent;

import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program that is run for each call.
 *
 * <p>It sees the environment variables it is allowed to and no others. When it is over time or
 * cancelled, it and the processes it started are killed.
 */
final class ScriptAgent implements AgentContract {

  private static final String ATTEMPT_VARIABLE = "LIGATURE_ATTEMPT_ID";

  /** How long pipes may stay open behind a script that has ended. */
  private static final long PIPE_PATIENCE_MILLIS = 1_000;

  private final ScriptSettings settings;
  private final Secrets secrets;
  private final ExecutorService pipes;

  ScriptAgent(ScriptSettings settings, Secrets secrets, ExecutorService pipes) {
    this.settings = settings;
    this.secrets = secrets;
    this.pipes = pipes;
  }

  @Override
  public AgentOutcome call(AgentCall call) {
    long deadline = System.nanoTime() + call.timeout().toNanos();
    Secrets.Redactor redactor = new Secrets.Redactor();
    Process process;
    try {
      process = start(call, redactor);
    } catch (UnresolvedSecretException e) {
      return AgentOutcome.unbilled(ErrorKind.AUTH, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return AgentOutcome.unbilled(
          ErrorKind.UPSTREAM_UNAVAILABLE,
          "the script does not start; check settings.command and settings.workdir on the"
              + " executor's machine: "
              + redactor.redact(String.valueOf(e.getMessage())));
    }
    return HttpAgent.redacted(run(process, call, deadline), redactor);
  }

  private AgentOutcome run(Process process, AgentCall call, long deadline) {
    byte[] request = AgentProtocol.request(call);
    pipes.execute(() -> ScriptPipes.write(process.getOutputStream(), request));
    CompletableFuture<byte[]> output = output(process);
    CompletableFuture<String> errors =
        CompletableFuture.supplyAsync(
            () ->
                ScriptPipes.readErrors(
                    process.getErrorStream(), settings.maxErrorBytes(), call.progress()),
            pipes);
    // Output over its bound ends the call at once, without waiting for the script.
    CompletableFuture<?> ended = CompletableFuture.anyOf(process.onExit(), failureOf(output));
    try {
      ended.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      int exit = process.waitFor();
      // Killing closes the pipes, and what the script reported last may not have been read yet.
      String last = tail(errors);
      return exit == 0 ? answer(output) : crash(exit, last);
    } catch (TimeoutException e) {
      return AgentOutcome.possiblyBilled(
          ErrorKind.TIMEOUT, "the script did not end within " + call.timeout());
    } catch (InterruptedException e) {
      return AgentOutcome.possiblyBilled(ErrorKind.CANCELLED, "cancelled while the script ran");
    } catch (ExecutionException e) {
      return e.getCause() instanceof ScriptPipes.TooMuchException
          ? tooMuch()
          : AgentOutcome.possiblyBilled(
              ErrorKind.AGENT_CRASH, "the script's output cannot be read: " + e.getCause());
    } finally {
      kill(process);
    }
  }

  private Process start(AgentCall call, Secrets.Redactor redactor)
      throws IOException, UnresolvedSecretException {
    ProcessBuilder builder = new ProcessBuilder(settings.command());
    settings.workdir().ifPresent(folder -> builder.directory(folder.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(settings.passEnv());
    for (Map.Entry<String, String> each : settings.env().entrySet()) {
      environment.put(each.getKey(), secrets.resolve(each.getValue(), redactor));
    }
    environment.put(ATTEMPT_VARIABLE, call.attempt());
    String traceparent = call.traceparent();
    if (traceparent != null) {
      environment.put("TRACEPARENT", traceparent);
    }
    return builder.start();
  }

  private CompletableFuture<byte[]> output(Process process) {
    CompletableFuture<byte[]> output = new CompletableFuture<>();
    pipes.execute(
        () -> {
          try {
            output.complete(ScriptPipes.read(process.getInputStream(), settings.maxOutputBytes()));
          } catch (IOException e) {
            output.completeExceptionally(e);
          }
        });
    return output;
  }

  /** Completes only when reading failed, and then badly. */
  private static CompletableFuture<byte[]> failureOf(CompletableFuture<byte[]> output) {
    return output.thenCompose(bytes -> new CompletableFuture<byte[]>());
  }

  /** A child that outlives the script may hold the pipe open; it is not waited for long. */
  private static AgentOutcome answer(CompletableFuture<byte[]> output)
      throws InterruptedException, ExecutionException {
    try {
      return AgentProtocol.outcome(output.get(PIPE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return AgentOutcome.possiblyBilled(
          ErrorKind.AGENT_CRASH,
          "the script ended, but a process it started holds its output open; let the script wait"
              + " for it or close its output");
    }
  }

  private static String tail(CompletableFuture<String> errors)
      throws InterruptedException, ExecutionException {
    try {
      return errors.get(PIPE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return "";
    }
  }

  private static AgentOutcome crash(int exit, String errors) {
    return AgentOutcome.possiblyBilled(
        ErrorKind.AGENT_CRASH,
        "the script ended with exit code " + exit + (errors.isEmpty() ? "" : ": " + errors));
  }

  private AgentOutcome tooMuch() {
    return AgentOutcome.possiblyBilled(
        ErrorKind.SCHEMA_MISMATCH,
        "the script wrote more than "
            + settings.maxOutputBytes()
            + " bytes; let it answer shorter, or raise settings.maxOutputBytes");
  }

  /** Children first: behind a dead parent they could not be found any more. */
  static void kill(Process process) {
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      List<ProcessHandle> children = descendants.toList();
      children.forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
  }
}
