package io.ligature.executor.execution;

import io.ligature.executor.execution.ResultCache.Answer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Calls in flight that identical attempts may wait for instead of making their own. */
final class SharedCalls {

  private final Map<CallKey, Lead> leads = new ConcurrentHashMap<>();

  /** How a call ended for those that waited for it. */
  sealed interface Ended {}

  /** There is a result for all. */
  record Answered(Answer answer) implements Ended {}

  /** There is none; whoever waited calls. */
  record Nothing() implements Ended {}

  /** This executor stops; whoever owns the partition next calls. */
  record HandedOver() implements Ended {}

  /** One call in flight. */
  static final class Lead {
    private final CompletableFuture<Ended> end = new CompletableFuture<>();

    CompletableFuture<Ended> end() {
      return end;
    }
  }

  /** Null when nobody makes this call yet: then the caller does, and must {@link #end} it. */
  @Nullable Lead join(CallKey key, Lead own) {
    return leads.putIfAbsent(key, own);
  }

  void end(CallKey key, Lead own, Ended how) {
    leads.remove(key, own);
    own.end.complete(how);
  }
}
