package io.ligature.approval.tracing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Remembers spans that have ended; the n-th that begins is the context {@code span-n}. */
public final class FakeTracing implements Tracing {

  public final List<Ended> spans = new CopyOnWriteArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();

  public record Ended(
      Kind kind,
      String name,
      Map<String, String> about,
      @Nullable String parent,
      String outcome,
      boolean good) {}

  @Override
  public Step begin(
      Kind kind, String name, Map<String, String> about, @Nullable String traceparent) {
    String own = "span-" + begun.incrementAndGet();
    return new Step() {
      private String outcome = FAULT;
      private boolean good;

      @Override
      public String traceparent() {
        return own;
      }

      @Override
      public void came(String word, boolean isGood) {
        outcome = word;
        good = isGood;
      }

      @Override
      public void close() {
        spans.add(new Ended(kind, name, about, traceparent, outcome, good));
      }
    };
  }
}
