package io.ligature.agent;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A response body that one reader takes in pieces as they come, waiting no longer than it may. One
 * piece is asked for at a time, so that a fast server waits for a slow reader. Closing it before
 * its end closes the connection.
 */
final class HttpStream implements BodySubscriber<HttpStream>, AutoCloseable {

  private sealed interface Piece {
    record Bytes(ByteBuffer all) implements Piece {}

    record End() implements Piece {}

    record Broken(Throwable why) implements Piece {}
  }

  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  @Override
  public CompletionStage<HttpStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    int size = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer all = ByteBuffer.allocate(size);
    buffers.forEach(all::put);
    pieces.add(new Piece.Bytes(all.flip()));
  }

  @Override
  public void onError(Throwable failure) {
    pieces.add(new Piece.Broken(failure));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece.End());
  }

  /** The next piece; null at the end. */
  byte @Nullable [] next(Deadline deadline)
      throws IOException, InterruptedException, TimeoutException {
    Piece piece = pieces.poll(deadline.left(), TimeUnit.NANOSECONDS);
    return switch (piece) {
      case null -> throw new TimeoutException();
      case Piece.Bytes(ByteBuffer all) -> {
        askForMore();
        byte[] bytes = new byte[all.remaining()];
        all.get(bytes);
        yield bytes;
      }
      case Piece.End end -> {
        pieces.add(end);
        yield null;
      }
      case Piece.Broken broken -> {
        pieces.add(broken);
        throw new IOException("the connection broke", broken.why());
      }
    };
  }

  private synchronized void askForMore() {
    if (subscription != null && !closed) {
      subscription.request(1);
    }
  }

  /** Whoever reads sees the end. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
    pieces.add(new Piece.End());
  }
}
