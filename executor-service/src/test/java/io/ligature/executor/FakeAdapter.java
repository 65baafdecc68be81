package io.ligature.executor;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentAdapter;
import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Counts the calls of each attempt, and holds those it was told to hold. Several executors share
 * one, as they would share a real agent.
 */
public final class FakeAdapter implements AgentAdapter {

  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();
  private final Set<String> interrupted = ConcurrentHashMap.newKeySet();
  private volatile Function<AgentCall, AgentOutcome> answer =
      call -> new AgentOutcome.Success(call.input(), CallMetadata.UNKNOWN);

  @Override
  public String name() {
    return "fake";
  }

  /** Settings that are not JSON make it break; a real adapter says so itself. */
  @Override
  public AgentContract open(AgentRegistration agent) {
    JsonNode settings;
    try {
      settings = Payloads.JSON.readTree(agent.getSettings());
    } catch (IOException e) {
      throw new IllegalArgumentException("settings are not JSON", e);
    }
    return settings.path("throws").asBoolean()
        ? call -> {
          throw new IllegalStateException("a bug");
        }
        : this::call;
  }

  private AgentOutcome call(AgentCall call) {
    calls.merge(call.attempt(), 1, Integer::sum);
    CompletableFuture<Void> release = held.get(call.attempt());
    if (release != null) {
      try {
        release.get();
      } catch (InterruptedException e) {
        interrupted.add(call.attempt());
        return AgentOutcome.possiblyBilled(ErrorKind.CANCELLED, "cancelled during the call");
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return answer.apply(call);
  }

  public void answer(Function<AgentCall, AgentOutcome> with) {
    answer = with;
  }

  public void hold(String attempt) {
    held.put(attempt, new CompletableFuture<>());
  }

  public void release(String attempt) {
    held.remove(attempt).complete(null);
  }

  public int calls(String attempt) {
    return calls.getOrDefault(attempt, 0);
  }

  public Map<String, Integer> calls() {
    return Map.copyOf(calls);
  }

  public boolean wasInterrupted(String attempt) {
    return interrupted.contains(attempt);
  }
}
