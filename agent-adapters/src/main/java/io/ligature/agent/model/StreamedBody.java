package io.ligature.agent.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body that its reader takes as it comes. Reading ends with {@link Broken} when the time
 * is over, the reader is interrupted or the body is too large; whatever ends it early closes the
 * connection.
 */
final class StreamedBody extends InputStream implements BodySubscriber<InputStream> {

  private sealed interface Part {
    record Bytes(List<ByteBuffer> buffers) implements Part {}

    record End() implements Part {}

    record Failure(Throwable cause) implements Part {}
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final long deadlineNanos;
  private final Duration timeout;
  private final int maxBytes;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean closed;

  private List<ByteBuffer> pending = List.of();
  private int next;
  private ByteBuffer current = NOTHING;
  private long read;
  private boolean ended;
  private @Nullable Broken broken;

  /**
   * @param deadlineNanos on the scale of {@link System#nanoTime()}
   * @param timeout for the message
   */
  StreamedBody(long deadlineNanos, Duration timeout, int maxBytes) {
    this.deadlineNanos = deadlineNanos;
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    parts.add(new Part.Bytes(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    parts.add(new Part.Failure(failure));
  }

  @Override
  public void onComplete() {
    parts.add(new Part.End());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (!current.hasRemaining()) {
      if (next < pending.size()) {
        current = pending.get(next++);
      } else if (!take()) {
        return -1;
      }
    }
    int many = Math.min(length, current.remaining());
    current.get(target, offset, many);
    read += many;
    if (read > maxBytes) {
      throw end(Broken.Cause.TOO_LARGE, "more than " + maxBytes + " bytes");
    }
    return many;
  }

  /** False at the body's end. */
  private boolean take() throws Broken {
    if (broken != null) {
      throw broken;
    }
    if (ended) {
      return false;
    }
    return switch (await()) {
      case Part.Bytes(List<ByteBuffer> buffers) -> {
        pending = buffers;
        next = 0;
        Flow.Subscription source = subscription;
        if (source != null) {
          source.request(1);
        }
        yield true;
      }
      case Part.End() -> {
        ended = true;
        yield false;
      }
      case Part.Failure(Throwable cause) ->
          throw end(Broken.Cause.CONNECTION, cause.getClass().getSimpleName());
    };
  }

  private Part await() throws Broken {
    try {
      Part part = parts.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (part == null) {
        throw end(Broken.Cause.TIMEOUT, "no whole answer within " + timeout);
      }
      return part;
    } catch (InterruptedException e) {
      throw end(Broken.Cause.CANCELLED, "cancelled during the call");
    }
  }

  private Broken end(Broken.Cause cause, String message) {
    Broken end = new Broken(cause, message);
    broken = end;
    close();
    return end;
  }

  /** Closes the connection unless the body has come to its end. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription source = subscription;
    if (source != null && !ended) {
      source.cancel();
    }
  }
}
