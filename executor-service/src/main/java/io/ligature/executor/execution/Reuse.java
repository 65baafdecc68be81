package io.ligature.executor.execution;

import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.avro.TaskEnvelope;
import io.ligature.executor.execution.Answers.Terms;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.Made.Source;
import io.ligature.executor.execution.ResultCache.Answer;
import io.ligature.executor.execution.SharedCalls.Answered;
import io.ligature.executor.execution.SharedCalls.Ended;
import io.ligature.executor.execution.SharedCalls.HandedOver;
import io.ligature.executor.execution.SharedCalls.Lead;
import io.ligature.executor.execution.SharedCalls.Nothing;
import io.ligature.schemas.ErrorKind;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gives an attempt the result of an identical call, where its task allows that: one that is stored,
 * or one that is in flight. Only successes are handed on.
 *
 * <p>An attempt that has failed before, or was sent back by a reviewer, always calls, and what was
 * stored is forgotten: it was not good enough. Shadows always call, because they are compared.
 */
final class Reuse {

  private final ResultCache cache;
  private final SharedCalls shared = new SharedCalls();
  private final Answers answers;
  private final Clock clock;

  Reuse(ResultCache cache, Answers answers, Clock clock) {
    this.cache = cache;
    this.answers = answers;
    this.clock = clock;
  }

  /** A call of the agent. */
  interface OwnCall {
    Optional<Made> within(Duration timeout);
  }

  Optional<Made> make(Terms terms, CallControl control, Duration timeout, OwnCall own) {
    TaskEnvelope envelope = terms.assignment().getEnvelope();
    Long maxAge = envelope.getCacheMaxAge();
    boolean share = envelope.getShareIdenticalCalls();
    if ((maxAge == null && !share) || terms.assignment().getShadow()) {
      return own.within(timeout);
    }
    CallKey key = CallKey.of(terms.assignment(), terms.agent());
    if (CallKey.wantsAnother(envelope)) {
      cache.remove(key);
      return own.within(timeout);
    }
    if (maxAge != null) {
      Answer stored = cache.get(key, Duration.ofMillis(maxAge), clock.instant());
      if (stored != null) {
        return Optional.of(handedOn(stored, Source.CACHE, Duration.ZERO, terms));
      }
    }
    return share ? shared(key, terms, control, timeout, own) : paid(key, terms, own, timeout);
  }

  private Optional<Made> paid(CallKey key, Terms terms, OwnCall own, Duration timeout) {
    Optional<Made> made = own.within(timeout);
    if (terms.assignment().getEnvelope().getCacheMaxAge() != null) {
      made.map(each -> answer(terms, each)).ifPresent(answer -> cache.put(key, answer));
    }
    return made;
  }

  private Optional<Made> shared(
      CallKey key, Terms terms, CallControl control, Duration timeout, OwnCall own) {
    Lead mine = new Lead();
    Lead other = shared.join(key, mine);
    if (other != null) {
      return follow(other, key, terms, control, timeout, own);
    }
    Ended ended = new Nothing();
    try {
      Optional<Made> made = paid(key, terms, own, timeout);
      Answer answer = made.map(each -> answer(terms, each)).orElse(null);
      if (made.isEmpty()) {
        ended = new HandedOver();
      } else if (answer != null) {
        ended = new Answered(answer);
      }
      return made;
    } finally {
      shared.end(key, mine, ended);
    }
  }

  private Optional<Made> follow(
      Lead lead, CallKey key, Terms terms, CallControl control, Duration timeout, OwnCall own) {
    if (!control.enter()) {
      return Calls.notBegun(control);
    }
    long begun = System.nanoTime();
    Ended ended;
    try {
      ended = lead.end().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return overTime(timeout);
    } catch (InterruptedException e) {
      return control.ending() == Ending.OVER_TIME ? overTime(timeout) : Calls.notBegun(control);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it badly", e);
    } finally {
      control.leave();
    }
    Duration waited = Duration.ofNanos(System.nanoTime() - begun);
    return switch (ended) {
      case Answered(Answer answer) ->
          Optional.of(handedOn(answer, Source.SHARED_CALL, waited, terms));
      case HandedOver _ -> Optional.empty();
      case Nothing _ -> {
        Duration left = timeout.minus(waited);
        yield left.isPositive() ? paid(key, terms, own, left) : overTime(timeout);
      }
    };
  }

  private static Optional<Made> overTime(Duration timeout) {
    return Calls.refused(
        ErrorKind.TIMEOUT, "the identical call it waited for gave no answer within " + timeout);
  }

  private @Nullable Answer answer(Terms terms, Made made) {
    return Answer.of(terms.assignment().getEnvelope().getId(), made, clock.instant());
  }

  /** Judged anew by what this attempt asks for, with the repairs of the one that paid. */
  private Made handedOn(Answer answer, Source source, Duration duration, Terms terms) {
    Success outcome = answer.forAnother();
    Made judged = answers.judge((AgentOutcome) outcome, terms, duration);
    return new Made(
        judged.outcome(),
        judged.output(),
        duration,
        false,
        answer.repairs(),
        judged.calibratedConfidence(),
        judged.outputSchema(),
        new Made.Served(answer.attempt(), source));
  }
}
