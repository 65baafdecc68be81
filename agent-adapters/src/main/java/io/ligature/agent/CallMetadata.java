package io.ligature.agent;

import io.ligature.schemas.Money;
import org.jspecify.annotations.Nullable;

/**
 * What the agent told of one call; null is unknown, never 0.
 *
 * @param inputTokens all of them, the cached ones included
 * @param cachedInputTokens those of the input tokens that came from the provider's cache
 */
public record CallMetadata(
    @Nullable Money cost,
    @Nullable Double confidence,
    @Nullable String model,
    @Nullable Long inputTokens,
    @Nullable Long cachedInputTokens,
    @Nullable Long outputTokens,
    @Nullable String providerRequestId) {

  public static final CallMetadata UNKNOWN =
      new CallMetadata(null, null, null, null, null, null, null);

  public CallMetadata withCost(@Nullable Money newCost) {
    return new CallMetadata(
        newCost,
        confidence,
        model,
        inputTokens,
        cachedInputTokens,
        outputTokens,
        providerRequestId);
  }

  public CallMetadata withConfidence(double newConfidence) {
    return new CallMetadata(
        cost,
        newConfidence,
        model,
        inputTokens,
        cachedInputTokens,
        outputTokens,
        providerRequestId);
  }
}
