package io.ligature.approval.stream;

import io.ligature.approval.review.Review;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.TrailLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions from this instance's share of the store. What it tells may be ahead of the last
 * commit by as much as a commit takes.
 */
final class ReviewQueries {

  private final KafkaStreams streams;
  private final RecordCodec codec;

  ReviewQueries(KafkaStreams streams, RecordCodec codec) {
    this.streams = streams;
    this.codec = codec;
  }

  Optional<Review> find(String reviewId) {
    return ask(() -> new ReviewRows(all(), codec).review(reviewId));
  }

  List<RefusedCommand> refused(String reviewId) {
    return ask(() -> new ReviewRows(all(), codec).refused(reviewId));
  }

  List<TrailLine> trail(String reviewId) {
    return ask(() -> new ReviewRows(all(), codec).trail(reviewId));
  }

  @Nullable String decidedBefore(String workflowId, String who) {
    return ask(() ->
            Optional.ofNullable(new ReviewRows(all(), codec).decidedBefore(workflowId, who)))
        .orElse(null);
  }

  /**
   * A page of an index: open reviews with the oldest first, others with the newest first.
   *
   * @param after key to go on behind; null: from the beginning
   * @param most reviews on the page
   * @param maxScan reviews looked at
   */
  ReviewPage list(
      ReviewSummary.Status status,
      @Nullable String after,
      Predicate<ReviewSummary> visible,
      int most,
      int maxScan) {
    return ask(
        () -> {
          boolean newestFirst = status != ReviewSummary.Status.OPEN;
          List<ReviewSummary> found = new ArrayList<>();
          boolean cut = false;
          String lastSeen = null;
          for (int partition : partitions()) {
            try (KeyValueIterator<String, byte[]> rows =
                range(store(partition), status, after, newestFirst)) {
              int seen = 0;
              int taken = 0;
              while (rows.hasNext() && taken <= most && seen < maxScan) {
                KeyValue<String, byte[]> row = rows.next();
                seen++;
                ReviewSummary summary = ReviewSummary.read(row.key, row.value);
                if (visible.test(summary)) {
                  found.add(summary);
                  taken++;
                }
                if (seen == maxScan && rows.hasNext()) {
                  cut = true;
                  lastSeen = nearer(lastSeen, row.key, newestFirst);
                }
              }
            }
          }
          return page(found, most, newestFirst, cut ? lastSeen : null);
        });
  }

  /** The scan of a partition was cut at that key: nothing behind it may be shown yet. */
  private static ReviewPage page(
      List<ReviewSummary> found, int most, boolean newestFirst, @Nullable String cutAt) {
    Comparator<String> order =
        newestFirst ? Comparator.<String>naturalOrder().reversed() : Comparator.naturalOrder();
    List<ReviewSummary> sorted =
        found.stream()
            .filter(entry -> cutAt == null || order.compare(entry.key(), cutAt) <= 0)
            .sorted(Comparator.comparing(ReviewSummary::key, order))
            .toList();
    if (sorted.size() > most) {
      List<ReviewSummary> page = sorted.subList(0, most);
      return new ReviewPage(page, page.getLast().key());
    }
    return new ReviewPage(sorted, cutAt);
  }

  private static String nearer(@Nullable String one, String other, boolean newestFirst) {
    if (one == null) {
      return other;
    }
    boolean otherFirst = newestFirst ? other.compareTo(one) > 0 : other.compareTo(one) < 0;
    return otherFirst ? other : one;
  }

  /** Both ends of a range are inclusive; behind and before a key stand its neighbours in text. */
  private static KeyValueIterator<String, byte[]> range(
      ReadOnlyKeyValueStore<String, byte[]> store,
      ReviewSummary.Status status,
      @Nullable String after,
      boolean newestFirst) {
    String first = status.prefix();
    String last = status.prefix() + "~";
    if (newestFirst) {
      String end = after == null ? last : before(after);
      return store.reverseRange(first, end);
    }
    return store.range(after == null ? first : after + " ", last);
  }

  private static String before(String key) {
    char end = key.charAt(key.length() - 1);
    return key.substring(0, key.length() - 1) + (char) (end - 1) + "~";
  }

  private List<Integer> partitions() {
    return streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .map(task -> task.taskId().partition())
        .sorted()
        .toList();
  }

  private ReadOnlyKeyValueStore<String, byte[]> all() {
    return streams.store(
        StoreQueryParameters.fromNameAndType(
            ReviewTopology.STORE, QueryableStoreTypes.<String, byte[]>keyValueStore()));
  }

  private ReadOnlyKeyValueStore<String, byte[]> store(int partition) {
    return streams.store(
        StoreQueryParameters.fromNameAndType(
                ReviewTopology.STORE, QueryableStoreTypes.<String, byte[]>keyValueStore())
            .withPartition(partition));
  }

  private static <T> T ask(java.util.function.Supplier<T> question) {
    try {
      return question.get();
    } catch (InvalidStateStoreException e) {
      throw new UnavailableException("the reviews are being moved or restored; try again soon");
    }
  }
}
