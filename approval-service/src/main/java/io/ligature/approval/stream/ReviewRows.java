package io.ligature.approval.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ligature.approval.review.Review;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads reviews from the rows of the one store.
 *
 * <pre>
 * request/ID                    the NeedsReview, in the wire format
 * decision/ID                   the ReviewDecision
 * withdrawal/ID                 the ReviewWithdrawn
 * refused/ID                    refused commands, a JSON list
 * open|decided|withdrawn/MILLIS/ID   index: a {@link ReviewSummary}, by time
 * </pre>
 */
final class ReviewRows {

  static final String REQUEST = "request/";
  static final String DECISION = "decision/";
  static final String WITHDRAWAL = "withdrawal/";
  static final String REFUSED = "refused/";

  private final ReadOnlyKeyValueStore<String, byte[]> rows;
  private final RecordCodec codec;

  ReviewRows(ReadOnlyKeyValueStore<String, byte[]> rows, RecordCodec codec) {
    this.rows = rows;
    this.codec = codec;
  }

  @Nullable Review find(String id) {
    NeedsReview request = read(REQUEST + id, NeedsReview.class);
    if (request == null) {
      return null;
    }
    ReviewDecision decision = read(DECISION + id, ReviewDecision.class);
    if (decision != null) {
      return new Review.Decided(request, decision);
    }
    ReviewWithdrawn withdrawal = read(WITHDRAWAL + id, ReviewWithdrawn.class);
    return withdrawal == null
        ? new Review.Open(request)
        : new Review.Withdrawn(request, withdrawal);
  }

  Optional<Review> review(String id) {
    return Optional.ofNullable(find(id));
  }

  /** Oldest first. */
  List<RefusedCommand> refused(String id) {
    byte[] bytes = rows.get(REFUSED + id);
    if (bytes == null) {
      return List.of();
    }
    try {
      List<RefusedCommand> refused = new ArrayList<>();
      for (JsonNode entry : Payloads.JSON.readTree(bytes)) {
        refused.add(RefusedCommand.of(entry));
      }
      return refused;
    } catch (IOException e) {
      throw new IllegalStateException("row " + REFUSED + id + " is not what was written", e);
    }
  }

  static byte[] refusedRow(List<RefusedCommand> refused) {
    ArrayNode list = Payloads.JSON.createArrayNode();
    refused.forEach(entry -> list.add(entry.json()));
    return json(list);
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
