package io.ligature.approval.stream;

import io.ligature.approval.review.Review;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.TrailLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about all reviews: from this instance's share of the store, and from other
 * instances for theirs. What it tells may be ahead of the last commit by as much as a commit takes.
 *
 * <p>Whatever cannot be known now is {@link UnavailableException}, never "there is none": while a
 * share moves, when an instance does not answer, and when a list would be without some partition.
 */
final class ReviewQueries {

  private final Whereabouts whereabouts;
  private final Peers peers;
  private final RecordCodec codec;
  private final int partitions;
  private final int maxScan;

  /**
   * @param partitions of the store, over all instances
   * @param maxScan index rows that each instance looks at for one page
   */
  ReviewQueries(
      Whereabouts whereabouts, Peers peers, RecordCodec codec, int partitions, int maxScan) {
    this.whereabouts = whereabouts;
    this.peers = peers;
    this.codec = codec;
    this.partitions = partitions;
    this.maxScan = maxScan;
  }

  Optional<Review> find(String reviewId) {
    return ask(() -> rows(RowsQuestion.review(reviewId)).review(reviewId));
  }

  List<RefusedCommand> refused(String reviewId) {
    return ask(() -> rows(RowsQuestion.trail(reviewId)).refused(reviewId));
  }

  List<TrailLine> trail(String reviewId) {
    return ask(() -> rows(RowsQuestion.trail(reviewId)).trail(reviewId));
  }

  @Nullable String decidedBefore(String workflowId, String who) {
    return ask(() ->
            Optional.ofNullable(
                rows(RowsQuestion.deciders(workflowId)).decidedBefore(workflowId, who)))
        .orElse(null);
  }

  private ReviewRows rows(RowsQuestion question) {
    Whereabouts.Place place = whereabouts.of(question.root());
    ReadOnlyKeyValueStore<String, byte[]> rows =
        whereabouts.here(place)
            ? whereabouts.store(place.partition())
            : peers.rows(place.host(), question);
    return new ReviewRows(rows, codec);
  }

  ReviewPage list(ListQuestion question) {
    return ask(
        () -> {
          Map<HostInfo, CompletableFuture<ReviewLists.Part>> asked = new HashMap<>();
          whereabouts.others().forEach(peer -> asked.put(peer, peers.list(peer, question)));
          List<ReviewLists.Part> parts = new ArrayList<>();
          parts.add(listHere(question));
          asked.forEach((peer, answer) -> parts.add(peers.answer(peer, answer)));
          Set<Integer> covered = new HashSet<>();
          parts.forEach(part -> covered.addAll(part.partitions()));
          if (covered.size() < partitions) {
            throw Whereabouts.moving();
          }
          return ReviewLists.page(question, parts);
        });
  }

  /** For another instance: of what this one has. */
  ReviewLists.Part listHere(ListQuestion question) {
    return ask(
        () -> {
          var stores = whereabouts.stores();
          return ReviewLists.read(stores.keySet(), stores.values(), question, maxScan);
        });
  }

  /** For another instance; this one must have them. */
  FetchedRows rowsHere(RowsQuestion question) {
    return ask(
        () ->
            FetchedRows.read(
                whereabouts.store(whereabouts.of(question.root()).partition()), question));
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (InvalidStateStoreException e) {
      throw Whereabouts.moving();
    }
  }
}
