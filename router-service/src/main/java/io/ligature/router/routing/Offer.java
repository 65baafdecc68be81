package io.ligature.router.routing;

/**
 * One agent at one capability, with what a score is made of. It is computed again only when
 * something was reported or counted since.
 */
final class Offer {

  private static final double LEAST_ACCEPTANCE = 0.01;

  private final Member member;
  private final int group;
  private TrackRecord track;
  private int version = -1;
  private double acceptance;
  private double reviewed;
  private double outputTokens;
  private long latency;
  private double observations;

  /**
   * @param group number of its group within the capability; negative: it stands alone
   */
  Offer(Member member, int group, TrackRecord track) {
    this.member = member;
    this.group = group;
    this.track = track;
  }

  Member member() {
    return member;
  }

  Agent agent() {
    return member.agent();
  }

  int group() {
    return group;
  }

  void track(TrackRecord record) {
    track = record;
    version = -1;
  }

  void refresh(RoutingSettings settings) {
    int newest = member.health().version();
    if (version == newest) {
      return;
    }
    version = newest;
    double calls = track.calls();
    // What executors count is in the events too, so that one of the two is taken.
    double chance =
        calls > 0
            ? member.acceptance(settings, track.accepted(), track.rejected() + track.failed())
            : member.acceptance(settings);
    acceptance = Math.max(LEAST_ACCEPTANCE, chance);
    reviewed = calls > 0 ? Math.min(1, track.reviewed() / calls) : 0;
    observations = calls > 0 ? calls : member.succeeded() + (double) member.failed();
    outputTokens =
        track.meanOutputTokens() >= 0 ? track.meanOutputTokens() : settings.expectedOutputTokens();
    latency =
        track.medianLatency() != null ? track.medianLatency().toMillis() : member.latencyMillis();
  }

  /** Probability that a result is accepted; never so small that a score has no end. */
  double acceptance() {
    return acceptance;
  }

  /** Share of its results that people look at. */
  double reviewed() {
    return reviewed;
  }

  /** Calls that its acceptance rests on. */
  double observations() {
    return observations;
  }

  /** Milliseconds; {@link Long#MAX_VALUE}: unknown. */
  long latency() {
    return latency;
  }

  /** Micros that a call is expected to cost, when its price is known. */
  double estimate(RoutingRequest request) {
    return agent().price().estimate(request.inputTokens(), outputTokens, member.cachedShare());
  }

  /** Input and output tokens that a call is expected to take. */
  long tokens(RoutingRequest request) {
    return request.inputTokens() + (long) Math.ceil(outputTokens);
  }
}
