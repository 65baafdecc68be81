package io.ligature.approval.review;

import io.ligature.avro.Decision;
import io.ligature.avro.Escalation;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import io.ligature.schemas.BusinessHours;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the passing of time does to an open review: reminders, escalations, its end. Each happens
 * once, at the moment it was due, however late it is noticed.
 */
public final class Clockwork {

  private Clockwork() {}

  /** When the next thing is due; empty: nothing ever is. */
  public static Optional<Instant> next(Review review) {
    return review instanceof Review.Open open
        ? Optional.ofNullable(nextStep(open)).map(ReviewEvent::at)
        : Optional.empty();
  }

  /** All that is due at that moment, in order. */
  public static List<ReviewEvent> due(Review.Open review, Instant now) {
    List<ReviewEvent> events = new ArrayList<>();
    Review state = review;
    while (state instanceof Review.Open open) {
      ReviewEvent step = nextStep(open);
      if (step == null || step.at().isAfter(now)) {
        return events;
      }
      events.add(step);
      state = Evolution.evolve(open, step);
    }
    return events;
  }

  private static @Nullable ReviewEvent nextStep(Review.Open review) {
    NeedsReview request = review.request();
    ReviewRule rule = request.getRule();
    List<ReviewEvent> steps = new ArrayList<>();
    int escalated = review.standing().escalations().size();
    if (escalated < rule.getEscalate().size()) {
      Escalation step = rule.getEscalate().get(escalated);
      steps.add(
          new ReviewEvent.Escalated(
              escalated + 1, step.getTo(), moment(request, step.getAfterMs())));
    }
    int reminded = review.standing().reminders();
    if (reminded < rule.getRemindAfterMs().size()) {
      steps.add(
          new ReviewEvent.Reminded(
              reminded + 1, moment(request, rule.getRemindAfterMs().get(reminded))));
    }
    Instant end = request.getExpiresAt();
    if (end != null) {
      steps.add(new ReviewEvent.Decided(Voting.expired(review, end)));
    }
    return steps.stream().min(Comparator.comparing(ReviewEvent::at)).orElse(null);
  }

  private static Instant moment(NeedsReview request, long afterMs) {
    return moment(request.getRequestedAt(), request.getRule().getWorkingTime(), afterMs);
  }

  /**
   * @param working in which time counts; null: always
   */
  static Instant moment(Instant asked, @Nullable WorkingTime working, long afterMs) {
    Duration after = Duration.ofMillis(afterMs);
    return working == null ? asked.plus(after) : hours(working).after(asked, after);
  }

  private static BusinessHours hours(WorkingTime working) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    working.getDays().forEach(day -> days.add(DayOfWeek.of(day)));
    return new BusinessHours(
        ZoneId.of(working.getZone()),
        days,
        LocalTime.ofSecondOfDay(working.getFromMinute() * 60L),
        LocalTime.ofSecondOfDay(working.getToMinute() * 60L));
  }

  /** What silence means, in the words of the record. */
  static Decision onSilence(ReviewRule rule) {
    return switch (rule.getOnExpiry()) {
      case reject -> Decision.reject;
      case abort -> Decision.abort;
      case approve -> Decision.approve;
    };
  }
}
