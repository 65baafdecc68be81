package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Requests that wait for what comes of their command. */
final class Waiting {

  private final Map<String, CompletableFuture<Outcome>> futures = new ConcurrentHashMap<>();

  /** Two requests with the same command wait for the same outcome. */
  CompletableFuture<Outcome> expect(String commandId) {
    return futures.computeIfAbsent(commandId, any -> new CompletableFuture<>());
  }

  void complete(String commandId, Outcome outcome) {
    CompletableFuture<Outcome> future = futures.remove(commandId);
    if (future != null) {
      future.complete(outcome);
    }
  }

  void giveUp(String commandId) {
    futures.remove(commandId);
  }
}
