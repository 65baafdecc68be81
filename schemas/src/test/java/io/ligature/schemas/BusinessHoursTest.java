package io.ligature.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusinessHoursTest {

  private static final BusinessHours BERLIN =
      new BusinessHours(
          ZoneId.of("Europe/Berlin"),
          EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
          LocalTime.of(9, 0),
          LocalTime.of(17, 0));

  @ParameterizedTest
  @CsvSource({
    // a Monday in winter: 09:00 there is 08:00Z
    "2026-03-02T08:00:00Z, PT4H, 2026-03-02T12:00:00Z",
    "2026-03-02T08:00:00Z, PT8H, 2026-03-02T16:00:00Z",
    "2026-03-02T08:00:00Z, PT9H, 2026-03-03T09:00:00Z",
    // before and after work
    "2026-03-02T03:00:00Z, PT1H, 2026-03-02T09:00:00Z",
    "2026-03-02T20:00:00Z, PT1H, 2026-03-03T09:00:00Z",
    // over a weekend
    "2026-03-06T15:30:00Z, PT1H, 2026-03-09T08:30:00Z",
    "2026-03-07T10:00:00Z, PT0S, 2026-03-09T08:00:00Z",
    // over the change to summer time on 2026-03-29
    "2026-03-27T15:00:00Z, PT2H, 2026-03-30T08:00:00Z",
  })
  void countsWorkingTimeAlone(Instant start, Duration time, Instant end) {
    assertThat(BERLIN.after(start, time)).isEqualTo(end);
  }

  @Test
  void countsANightShiftWithAClockPutForwardAsShort() {
    BusinessHours night =
        new BusinessHours(
            ZoneId.of("Europe/Berlin"),
            Set.of(DayOfWeek.SUNDAY),
            LocalTime.of(1, 0),
            LocalTime.of(4, 0));

    assertThat(night.after(Instant.parse("2026-03-29T00:00:00Z"), Duration.ofHours(2)))
        .isEqualTo(Instant.parse("2026-03-29T02:00:00Z"));
    assertThat(night.after(Instant.parse("2026-03-29T00:00:00Z"), Duration.ofHours(3)))
        .isEqualTo(Instant.parse("2026-04-05T00:00:00Z"));
  }

  @Test
  void refusesHoursThatNeverAre() {
    assertThatThrownBy(
            () ->
                new BusinessHours(
                    ZoneId.of("UTC"), Set.of(), LocalTime.of(9, 0), LocalTime.of(17, 0)))
        .hasMessage("business hours need at least one day");
    assertThatThrownBy(
            () ->
                new BusinessHours(
                    ZoneId.of("UTC"),
                    Set.of(DayOfWeek.MONDAY),
                    LocalTime.of(9, 0),
                    LocalTime.of(9, 0)))
        .hasMessage("business hours end before they begin");
  }
}
