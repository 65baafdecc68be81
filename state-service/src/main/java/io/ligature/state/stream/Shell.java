package io.ligature.state.stream;

import io.ligature.schemas.wire.RecordCodec;
import io.ligature.state.engine.Tuning;
import java.time.Duration;

/**
 * What every processor of this process shares; all of it is safe for several threads.
 *
 * @param maxRecordBytes largest value of a record that the broker takes
 * @param timerInterval between two looks at the timers
 * @param timersPerTick most timers fired at one look, for each partition
 */
public record Shell(
    RecordCodec codec,
    PlanCache plans,
    Tuning tuning,
    int maxRecordBytes,
    Duration timerInterval,
    int timersPerTick,
    TransitionMetrics metrics,
    Tracing tracing) {}
