package io.ligature.state.stream;

import io.ligature.schemas.wire.RecordCodec;
import java.time.Duration;

/**
 * What every processor of this process shares; all of it is safe for several threads.
 *
 * @param maxTransitions most that one input or timer may lead to in its tree of workflows
 * @param maxRecordBytes largest value of a record that the broker takes
 * @param timerInterval between two looks at the timers
 * @param timersPerTick most timers fired at one look, for each partition
 */
public record Shell(
    RecordCodec codec,
    PlanCache plans,
    Core core,
    int maxTransitions,
    int maxRecordBytes,
    Duration timerInterval,
    int timersPerTick,
    TransitionMetrics metrics,
    Tracing tracing) {}
