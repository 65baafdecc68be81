package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Candidate;
import io.ligature.router.stream.Explained.Parts;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One agent that routing looked at. */
final class CandidateView {

  private CandidateView() {}

  static ObjectNode of(Candidate candidate) {
    BigDecimal score = candidate.getScore();
    return Payloads.JSON
        .createObjectNode()
        .put("agent", candidate.getAgent())
        .put("score", score == null ? null : Money.of(score).toString())
        .put("droppedBy", candidate.getDroppedBy())
        .put("reason", candidate.getReason());
  }

  static ObjectNode of(Candidate candidate, @Nullable Parts parts) {
    ObjectNode view = of(candidate);
    if (parts == null) {
      return view;
    }
    Duration latency = parts.latency();
    view.putObject("parts")
        .put("price", text(parts.price()))
        .put("acceptance", parts.acceptance())
        .put("reviewShare", parts.reviewShare())
        .put("meanCost", text(parts.meanCost()))
        .put("latency", latency == null ? null : latency.toString())
        .put("calls", parts.calls());
    return view;
  }

  private static @Nullable String text(@Nullable Money money) {
    return money == null ? null : money.toString();
  }
}
