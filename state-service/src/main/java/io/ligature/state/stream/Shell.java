package io.ligature.state.stream;

import io.ligature.schemas.wire.RecordCodec;
import java.time.Duration;

/**
 * What every processor of this process shares; all of it is safe for several threads.
 *
 * @param maxTransitions most that one input or timer may lead to in its tree of workflows
 * @param maxRecordBytes largest value of a record that the broker takes
 * @param turns between its writers and those who read beside them
 */
public record Shell(
    RecordCodec codec,
    PlanCache plans,
    Core core,
    int maxTransitions,
    int maxRecordBytes,
    Timers timers,
    TransitionMetrics metrics,
    Tracing tracing,
    Turns turns) {

  /**
   * How timers are fired.
   *
   * @param interval between two looks at them
   * @param perTick most that are fired at one look, for each partition
   * @param catchUpWait how long at most they wait, after an assignment, for the backlog to be read
   */
  public record Timers(Duration interval, int perTick, Duration catchUpWait, Backlog backlog) {}
}
