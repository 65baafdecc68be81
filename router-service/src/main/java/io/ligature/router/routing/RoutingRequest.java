package io.ligature.router.routing;

import io.ligature.avro.RoutingHints;
import io.ligature.avro.TaskEnvelope;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs of a task.
 *
 * @param inputBytes size of the input; negative: unknown
 * @param maxCost most that the attempt may cost, which its budget already holds; null: no limit
 * @param remaining neither spent nor held of the workflow's budget; null: no budget
 * @param excludedAgents must not get it
 * @param largerContextThan tokens that the agent's window must exceed; negative: any will do
 * @param hints who should do it
 * @param attempt its id, which stands for chance where there is a choice
 * @param workflow its id
 */
public record RoutingRequest(
    String capability,
    String tenant,
    long inputBytes,
    @Nullable Money maxCost,
    @Nullable Money remaining,
    Set<String> excludedAgents,
    long largerContextThan,
    Hints hints,
    String attempt,
    String workflow) {

  /** Rough, but for English and JSON near what tokenizers count. */
  private static final int BYTES_PER_TOKEN = 4;

  /**
   * @param prefer agents that come first, in this order
   * @param avoid agents that get it only when no other can take it
   * @param pin the only agent that may get it; null: any
   * @param sticky the same agent for the workflow and the capability
   */
  public record Hints(
      List<String> prefer, Set<String> avoid, @Nullable String pin, boolean sticky) {

    public static final Hints NONE = new Hints(List.of(), Set.of(), null, false);

    public Hints {
      prefer = List.copyOf(prefer);
      avoid = Set.copyOf(avoid);
    }

    /** True when no agent comes before or after the others. */
    boolean plain() {
      return prefer.isEmpty() && avoid.isEmpty();
    }

    private static Hints of(@Nullable RoutingHints told) {
      return told == null
          ? NONE
          : new Hints(
              told.getPrefer(), Set.copyOf(told.getAvoid()), told.getPin(), told.getSticky());
    }
  }

  public RoutingRequest {
    excludedAgents = Set.copyOf(excludedAgents);
  }

  /** A request that says nothing about who should do it. */
  public RoutingRequest(
      String capability,
      String tenant,
      long inputBytes,
      @Nullable Money maxCost,
      @Nullable Money remaining,
      Set<String> excludedAgents) {
    this(
        capability, tenant, inputBytes, maxCost, remaining, excludedAgents, -1, Hints.NONE, "", "");
  }

  public static RoutingRequest of(TaskEnvelope envelope) {
    Long larger = envelope.getLargerContextThan();
    return new RoutingRequest(
        envelope.getCapability(),
        envelope.getContext().getTenant(),
        envelope.getInput().getSize(),
        money(envelope.getConstraints().getMaxCost()),
        money(envelope.getContext().getRemaining()),
        Set.copyOf(envelope.getExcludedAgents()),
        larger == null ? -1 : larger,
        Hints.of(envelope.getRouting()),
        envelope.getId(),
        envelope.getContext().getWorkflowId());
  }

  /** 0 when the size is unknown: an unknown input is not held against anyone. */
  public long inputTokens() {
    return tokensOf(inputBytes);
  }

  /** About how many tokens so many bytes are. */
  public static long tokensOf(long bytes) {
    return bytes <= 0 ? 0 : (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  private static @Nullable Money money(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount);
  }
}
