package io.ligature.executor.stream;

import io.ligature.agent.ProgressListener;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one call tells while it runs. Progress goes out at most once an interval, however often the
 * agent reports: the first at once, then the latest. After the call nothing goes out any more.
 */
final class CallReports implements ProgressListener {

  private final long intervalNanos;
  private final LongSupplier ticker;
  private final ProgressListener out;
  private final Partials.Stream partials;
  private @Nullable Progress pending;
  private boolean told;
  private boolean over;
  private long lastNanos;

  private record Progress(@Nullable Double share, @Nullable String message) {}

  /**
   * @param out gets the progress that goes out
   */
  CallReports(
      Duration interval, LongSupplier ticker, ProgressListener out, Partials.Stream partials) {
    this.intervalNanos = interval.toNanos();
    this.ticker = ticker;
    this.out = out;
    this.partials = partials;
  }

  @Override
  public synchronized void progress(@Nullable Double share, @Nullable String message) {
    if (!over) {
      pending = new Progress(share, message);
      tellWhenDue();
    }
  }

  @Override
  public void partial(String text) {
    partials.add(text);
  }

  /** To be called now and then. */
  synchronized void tellWhenDue() {
    Progress latest = pending;
    long now = ticker.getAsLong();
    if (latest != null && !over && (!told || now - lastNanos >= intervalNanos)) {
      told = true;
      lastNanos = now;
      pending = null;
      out.progress(latest.share, latest.message);
    }
  }

  void close() {
    synchronized (this) {
      over = true;
      pending = null;
    }
    partials.close();
  }
}
