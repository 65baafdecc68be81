package io.ligature.executor.execution;

import io.ligature.agent.Adapters;
import io.ligature.agent.ProgressListener;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.executor.FakeAdapter;
import io.ligature.executor.Samples;
import io.ligature.schemas.wire.PayloadLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An executor's calls of agent {@code a}, with a clock that stands until it is moved. */
final class CallsWithOneAgent {

  static final int LIMIT = 2_000;

  final FakeAdapter adapter = new FakeAdapter();
  volatile AgentRegistration agent = Samples.agent("a", "fake");
  volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Calls calls;

  CallsWithOneAgent() {
    this(new ResultCache(100, 100_000, Duration.ofHours(1)));
  }

  CallsWithOneAgent(ResultCache cache) {
    Clock clock =
        new Clock() {
          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now;
          }
        };
    calls =
        new Calls(
            new AgentDirectory() {
              @Override
              public @Nullable AgentRegistration find(String id) {
                return id.equals("a") ? agent : null;
              }

              @Override
              public void refresh() {}
            },
            new Adapters(List.of(adapter)),
            new PayloadLimit(LIMIT),
            cache,
            clock);
  }

  Made make(TaskAssignment assignment) {
    return make(assignment, new CallControl()).orElseThrow();
  }

  Optional<Made> make(TaskAssignment assignment, CallControl control) {
    return calls.make(assignment, control, null, ProgressListener.NONE);
  }

  static TaskAssignment assignment(String attempt, UnaryOperator<TaskEnvelope.Builder> with) {
    TaskEnvelope envelope =
        Samples.envelope(attempt, Samples.json("{\"n\": 1}"), Duration.ofMinutes(1));
    return Samples.assignment(with.apply(TaskEnvelope.newBuilder(envelope)).build(), "a");
  }
}
