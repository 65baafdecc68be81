package io.ligature.router.routing;

import io.ligature.avro.TaskEnvelope;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs of a task.
 *
 * @param inputBytes size of the input; negative: unknown
 * @param maxCost most that the attempt may cost, which its budget already holds; null: no limit
 * @param remaining neither spent nor held of the workflow's budget; null: no budget
 * @param excludedAgents must not get it
 */
public record RoutingRequest(
    String capability,
    String tenant,
    long inputBytes,
    @Nullable Money maxCost,
    @Nullable Money remaining,
    Set<String> excludedAgents) {

  /** Rough, but for English and JSON near what tokenizers count. */
  private static final int BYTES_PER_TOKEN = 4;

  public RoutingRequest {
    excludedAgents = Set.copyOf(excludedAgents);
  }

  public static RoutingRequest of(TaskEnvelope envelope) {
    return new RoutingRequest(
        envelope.getCapability(),
        envelope.getContext().getTenant(),
        envelope.getInput().getSize(),
        money(envelope.getConstraints().getMaxCost()),
        money(envelope.getContext().getRemaining()),
        Set.copyOf(envelope.getExcludedAgents()));
  }

  /** 0 when the size is unknown: an unknown input is not held against anyone. */
  public long inputTokens() {
    return inputBytes <= 0 ? 0 : (inputBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  private static @Nullable Money money(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount);
  }
}
