package io.ligature.agent;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A request body that notes when its sending begins: then the agent is reached. */
public final class NotingPublisher implements BodyPublisher {

  private final BodyPublisher bytes;
  private volatile boolean begun;

  public NotingPublisher(byte[] bytes) {
    this.bytes = BodyPublishers.ofByteArray(bytes);
  }

  public boolean begun() {
    return begun;
  }

  @Override
  public long contentLength() {
    return bytes.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    begun = true;
    bytes.subscribe(subscriber);
  }
}
