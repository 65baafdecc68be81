package io.ligature.approval.review;

import java.time.Duration;

/**
 * How much of each there may be.
 *
 * @param lease how long a claim holds unless its holder does something
 * @param maxDelegations how often a review may be handed on
 * @param longestDelegation how long one may be with whom it was handed to
 * @param maxEntries of a trail; with so many only decisions are taken
 * @param maxText characters of a reason or comment
 */
public record ReviewLimits(
    Duration lease, int maxDelegations, Duration longestDelegation, int maxEntries, int maxText) {

  public static final ReviewLimits DEFAULTS =
      new ReviewLimits(Duration.ofMinutes(15), 2, Duration.ofDays(3), 500, 4_000);
}
