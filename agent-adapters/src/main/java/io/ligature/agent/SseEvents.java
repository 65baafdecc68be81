package io.ligature.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Takes the data of server-sent events out of a stream of bytes (HTML standard, 9.2.6). */
final class SseEvents {

  private final int maxBytes;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private final Deque<String> ready = new ArrayDeque<>();
  private boolean hasData;
  private boolean afterReturn;

  /**
   * @param maxBytes of one event
   */
  SseEvents(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void feed(byte[] bytes) throws BoundedBody.TooLargeException {
    for (byte each : bytes) {
      if (each == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = each == '\r';
      if (each == '\n' || each == '\r') {
        take(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(each);
        if (line.size() + data.length() > maxBytes) {
          throw new BoundedBody.TooLargeException(maxBytes);
        }
      }
    }
  }

  /** The data of the next whole event that has any; null when there is none yet. */
  @Nullable String next() {
    return ready.poll();
  }

  private void take(String text) {
    if (text.isEmpty()) {
      if (hasData && !data.toString().isBlank()) {
        ready.add(data.toString());
      }
      data.setLength(0);
      hasData = false;
    } else if (text.startsWith("data:")) {
      if (hasData) {
        data.append('\n');
      }
      hasData = true;
      data.append(text, text.startsWith("data: ") ? 6 : 5, text.length());
    }
  }
}
