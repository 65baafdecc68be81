package io.ligature.example;

import io.ligature.example.Protocol.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Remembers answers by key, so that a repeated request is answered without doing it again.
 *
 * <p>A request that comes while the first is being worked on waits for that one's answer. Failures
 * are not remembered: asking again may help. The oldest answers are forgotten when there are too
 * many or their texts are too long.
 */
final class Answers {

  private final int mostEntries;
  private final long mostText;
  private final LinkedHashMap<String, Reply> done = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Reply>> running = new LinkedHashMap<>();
  private long text;

  Answers(int mostEntries, long mostText) {
    this.mostEntries = mostEntries;
    this.mostText = mostText;
  }

  /**
   * @param work is run on the calling thread unless the answer is known or being worked on
   */
  Reply answer(String key, Supplier<Reply> work) {
    CompletableFuture<Reply> mine = new CompletableFuture<>();
    CompletableFuture<Reply> theirs;
    synchronized (this) {
      Reply known = done.get(key);
      if (known != null) {
        return known;
      }
      theirs = running.putIfAbsent(key, mine);
    }
    return theirs == null ? workOn(key, work, mine) : theirs.join();
  }

  synchronized int size() {
    return done.size();
  }

  private Reply workOn(String key, Supplier<Reply> work, CompletableFuture<Reply> mine) {
    try {
      Reply reply = work.get();
      remember(key, reply);
      mine.complete(reply);
      return reply;
    } catch (RuntimeException | Error e) {
      forget(key);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private synchronized void remember(String key, Reply reply) {
    running.remove(key);
    if (!reply.succeeded()) {
      return;
    }
    done.put(key, reply);
    text += reply.body().length();
    var oldest = done.entrySet().iterator();
    while (done.size() > mostEntries || text > mostText) {
      text -= oldest.next().getValue().body().length();
      oldest.remove();
    }
  }

  private synchronized void forget(String key) {
    running.remove(key);
  }
}
