package io.ligature.executor.execution;

import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.Payload;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results of this process that other attempts may use; the ones used longest ago go first when
 * there are too many.
 */
public final class ResultCache {

  /** What an entry takes beside its output, about. */
  private static final long OVERHEAD = 512;

  private final int most;
  private final long mostBytes;
  private final Duration oldest;
  private final LinkedHashMap<CallKey, Answer> byKey = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * A result that was paid for.
   *
   * @param attempt the one that paid
   */
  record Answer(
      String attempt, CallMetadata told, Payload output, List<String> repairs, Instant madeAt) {

    /** Null when it is nothing to be used again. */
    static @Nullable Answer of(String attempt, Made made, Instant at) {
      return made.outcome() instanceof Success success
              && made.output() != null
              && made.served() == null
          ? new Answer(attempt, success.metadata(), made.output(), made.repairs(), at)
          : null;
    }

    /** Without a cost, because this one was paid for by another. */
    Success forAnother() {
      return new Success(
          Payloads.parse(output),
          new CallMetadata(Money.ZERO, told.confidence(), told.model(), 0L, 0L, 0L, null));
    }

    long size() {
      return output.getSize() + OVERHEAD;
    }
  }

  /**
   * @param most entries; 0: nothing is kept
   * @param oldest no entry is used longer, whatever a task allows
   */
  public ResultCache(int most, long mostBytes, Duration oldest) {
    this.most = most;
    this.mostBytes = mostBytes;
    this.oldest = oldest;
  }

  synchronized @Nullable Answer get(CallKey key, Duration maxAge, Instant now) {
    Answer answer = byKey.get(key);
    if (answer == null) {
      return null;
    }
    if (answer.madeAt.plus(oldest).isBefore(now)) {
      remove(key);
      return null;
    }
    return answer.madeAt.plus(maxAge).isBefore(now) ? null : answer;
  }

  synchronized void put(CallKey key, Answer answer) {
    remove(key);
    if (answer.size() > mostBytes) {
      return;
    }
    byKey.put(key, answer);
    bytes += answer.size();
    while (byKey.size() > most || bytes > mostBytes) {
      remove(byKey.firstEntry().getKey());
    }
  }

  synchronized void remove(CallKey key) {
    Answer old = byKey.remove(key);
    if (old != null) {
      bytes -= old.size();
    }
  }

  /** Forgets what is too old. */
  public synchronized void expire(Instant now) {
    List<CallKey> old =
        byKey.entrySet().stream()
            .filter(each -> each.getValue().madeAt.plus(oldest).isBefore(now))
            .map(Map.Entry::getKey)
            .toList();
    old.forEach(this::remove);
  }

  synchronized int size() {
    return byKey.size();
  }
}
