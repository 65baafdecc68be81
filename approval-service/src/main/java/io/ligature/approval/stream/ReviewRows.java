package io.ligature.approval.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.review.Evolution;
import io.ligature.approval.review.Review;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.TrailLine;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads reviews from the rows of the one store.
 *
 * <pre>
 * request/ID                    the NeedsReview, in the wire format
 * decision/ID                   the ReviewDecision
 * withdrawal/ID                 the ReviewWithdrawn
 * trail/ID/NUMBER               a {@link TrailLine}
 * output/ID/NUMBER              the output that an edit in that entry made
 * diff/ID/NUMBER                what it changed, a JSON Patch
 * open|decided|withdrawn/MILLIS/ID   index: a {@link ReviewSummary}, by time
 * by/STATUS/HASH/MILLIS/ID      index: the same by {@link Terms}, empty
 * indexed                       there is one of the latter for each of the former
 * due/MILLIS/ID                 index: what time does next, empty
 * decider/WORKFLOW/ID           who approved, rejected or edited there, a JSON list
 * </pre>
 */
final class ReviewRows {

  static final String REQUEST = "request/";
  static final String DECISION = "decision/";
  static final String WITHDRAWAL = "withdrawal/";
  static final String TRAIL = "trail/";
  static final String OUTPUT = "output/";
  static final String DIFF = "diff/";
  static final String DUE = "due/";
  static final String DECIDER = "decider/";
  static final String INDEXED = "indexed";

  private final ReadOnlyKeyValueStore<String, byte[]> rows;
  private final RecordCodec codec;

  ReviewRows(ReadOnlyKeyValueStore<String, byte[]> rows, RecordCodec codec) {
    this.rows = rows;
    this.codec = codec;
  }

  /** A review with the hash of the last entry of its trail. */
  record Kept(Review review, String head) {}

  static String trailKey(String id, long number) {
    return numbered(TRAIL, id, number);
  }

  static String numbered(String prefix, String id, long number) {
    return prefix + id + String.format(Locale.ROOT, "/%09d", number);
  }

  static String dueKey(Instant due, String id) {
    return DUE + ReviewSummary.millis(due) + "/" + id;
  }

  static String deciderKey(String workflowId, String id) {
    return DECIDER + workflowId + "/" + id;
  }

  @Nullable Review find(String id) {
    Kept kept = load(id);
    return kept == null ? null : kept.review();
  }

  Optional<Review> review(String id) {
    return Optional.ofNullable(find(id));
  }

  @Nullable Kept load(String id) {
    NeedsReview request = read(REQUEST + id, NeedsReview.class);
    if (request == null) {
      return null;
    }
    // The trail first: what its entries speak of was written before them.
    List<TrailLine> trail = trail(id);
    ReviewDecision decision = read(DECISION + id, ReviewDecision.class);
    ReviewWithdrawn withdrawal = read(WITHDRAWAL + id, ReviewWithdrawn.class);
    Review review = trail.isEmpty() ? untold(request, decision, withdrawal) : null;
    String head = TrailLine.START;
    for (TrailLine line : trail) {
      TrailJson entry = TrailJson.parse(line);
      if (review == null && !entry.kind().equals("opened")) {
        review = new Review.Open(request);
      }
      review =
          Evolution.evolve(
              review, entry.event(request, decision, withdrawal, number -> edit(id, number)));
      head = line.hash();
    }
    return review == null ? null : new Kept(review, head);
  }

  /** Reviews of a version that wrote no trails. */
  private static Review untold(
      NeedsReview request,
      @Nullable ReviewDecision decision,
      @Nullable ReviewWithdrawn withdrawal) {
    Review.Open open = new Review.Open(request);
    if (decision != null) {
      return open.decided(decision);
    }
    return withdrawal == null ? open : open.withdrawn(withdrawal);
  }

  /** Oldest first. */
  List<TrailLine> trail(String id) {
    List<TrailLine> lines = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> found = rows.range(TRAIL + id + "/", TRAIL + id + "/~")) {
      found.forEachRemaining(row -> lines.add(TrailLine.of(row.value)));
    }
    return lines;
  }

  private TrailJson.Edit edit(String id, long number) {
    byte[] output = rows.get(numbered(OUTPUT, id, number));
    byte[] diff = rows.get(numbered(DIFF, id, number));
    if (output == null || diff == null) {
      throw new IllegalStateException(
          "expected the rows of the edit " + number + " of " + id + ", found none");
    }
    return new TrailJson.Edit(
        Payloads.of(Payloads.JSON_TYPE, output), new String(diff, StandardCharsets.UTF_8));
  }

  /** Commands that changed nothing, oldest first. */
  List<RefusedCommand> refused(String id) {
    List<RefusedCommand> refused = new ArrayList<>();
    for (TrailLine line : trail(id)) {
      TrailJson entry = TrailJson.parse(line);
      if (entry.kind().equals("refused")) {
        refused.add(RefusedCommand.of(entry.json()));
      }
    }
    return refused;
  }

  /** The review of that workflow that they decided; null: none. */
  @Nullable String decidedBefore(String workflowId, String who) {
    String prefix = DECIDER + workflowId + "/";
    try (KeyValueIterator<String, byte[]> found = rows.range(prefix, prefix + "~")) {
      while (found.hasNext()) {
        var row = found.next();
        for (JsonNode name : Payloads.JSON.readTree(row.value)) {
          if (name.asText().equals(who)) {
            return row.key.substring(prefix.length());
          }
        }
      }
      return null;
    } catch (java.io.IOException e) {
      throw new IllegalStateException("a row under " + prefix + " is not what was written", e);
    }
  }

  static byte[] json(JsonNode node) {
    try {
      return Payloads.JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  private <T extends SpecificRecord> @Nullable T read(String key, Class<T> type) {
    byte[] bytes = rows.get(key);
    if (bytes == null) {
      return null;
    }
    try {
      return type.cast(codec.decode(bytes));
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("row " + key + " is not what was written", e);
    }
  }
}
