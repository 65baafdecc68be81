package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Requests that wait for what comes of their command. */
final class Waiting {

  private final Map<String, CompletableFuture<Outcome>> futures = new ConcurrentHashMap<>();

  /** Two requests with the same command wait for the same outcome. */
  CompletableFuture<Outcome> expect(String reviewId, String commandId) {
    return futures.computeIfAbsent(key(reviewId, commandId), any -> new CompletableFuture<>());
  }

  void complete(String reviewId, String commandId, Outcome outcome) {
    CompletableFuture<Outcome> future = futures.remove(key(reviewId, commandId));
    if (future != null) {
      future.complete(outcome);
    }
  }

  void giveUp(String reviewId, String commandId) {
    futures.remove(key(reviewId, commandId));
  }

  /** Clients may use one key for several reviews. */
  private static String key(String reviewId, String commandId) {
    return reviewId + " " + commandId;
  }
}
