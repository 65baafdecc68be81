package io.ligature.state.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.schemas.definition.Definition.CatchUp;
import io.ligature.schemas.definition.Definition.Overlap;
import io.ligature.schemas.definition.Definition.Schedule;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DueTimesTest {

  private static final DueTimes.Bounds BOUNDS =
      new DueTimes.Bounds(Duration.ofDays(2), 100, Duration.ofMinutes(1));

  @Test
  void givesWhatIsDueSinceTheLastLook() {
    assertThat(due("0 9 * * *", CatchUp.NONE, "2027-01-01T08:59:59Z", "2027-01-01T09:00:00Z"))
        .containsExactly("2027-01-01T09:00:00Z");
    assertThat(due("0 9 * * *", CatchUp.NONE, "2027-01-01T09:00:00Z", "2027-01-01T09:00:01Z"))
        .isEmpty();
  }

  @Test
  void startsNothingThatWasMissedUnlessItCatchesUp() {
    String looked = "2027-01-01T08:30:00Z";
    String now = "2027-01-01T11:30:00Z";

    assertThat(due("0 * * * *", CatchUp.NONE, looked, now)).isEmpty();
    assertThat(due("0 * * * *", CatchUp.LAST, looked, now)).containsExactly("2027-01-01T11:00:00Z");
    assertThat(due("0 * * * *", CatchUp.ALL, looked, now))
        .containsExactly("2027-01-01T09:00:00Z", "2027-01-01T10:00:00Z", "2027-01-01T11:00:00Z");
  }

  @Test
  void aRunThatIsALittleLateIsOnTime() {
    assertThat(due("0 * * * *", CatchUp.NONE, "2027-01-01T08:30:00Z", "2027-01-01T09:01:00Z"))
        .containsExactly("2027-01-01T09:00:00Z");
    assertThat(due("0 * * * *", CatchUp.NONE, "2027-01-01T08:30:00Z", "2027-01-01T09:01:01Z"))
        .isEmpty();
  }

  @Test
  void looksBackNoFurtherThanItsWindow() {
    assertThat(due("0 0 * * *", CatchUp.ALL, "2020-01-01T00:00:00Z", "2027-01-05T00:00:00Z"))
        .containsExactly("2027-01-04T00:00:00Z", "2027-01-05T00:00:00Z");
  }

  @Test
  void startsNoMoreAtOnceThanItsBoundTheNewest() {
    List<String> due =
        due("* * * * *", CatchUp.ALL, "2027-01-01T00:00:00Z", "2027-01-01T12:00:00Z");

    assertThat(due).hasSize(100).first().isEqualTo("2027-01-01T10:21:00Z");
    assertThat(due).last().isEqualTo("2027-01-01T12:00:00Z");
  }

  @Test
  void goesByTheClockOfItsTimeZone() {
    assertThat(
            due(
                "Europe/Berlin",
                "0 9 * * MON-FRI",
                CatchUp.ALL,
                "2027-06-04T00:00:00Z",
                "2027-06-05T23:00:00Z"))
        .containsExactly("2027-06-04T07:00:00Z");
  }

  @Test
  void aTimeThatTheClockLeavesOutComesRightAfterTheGap() {
    assertThat(
            due(
                "Europe/Berlin",
                "30 2 * * *",
                CatchUp.ALL,
                "2027-03-27T12:00:00Z",
                "2027-03-29T12:00:00Z"))
        .containsExactly("2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z");
  }

  @Test
  void aTimeThatComesTwiceCountsOnce() {
    assertThat(
            due(
                "Europe/Berlin",
                "30 2 * * *",
                CatchUp.ALL,
                "2027-10-30T12:00:00Z",
                "2027-11-01T12:00:00Z"))
        .containsExactly("2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z");
  }

  @Test
  void everyHalfHourStaysSoWhenClocksChange() {
    for (String day : List.of("2027-03-28", "2027-10-31")) {
      assertThat(
              due(
                  "Europe/Berlin",
                  "*/30 * * * *",
                  CatchUp.ALL,
                  day + "T00:00:00Z",
                  day + "T02:00:00Z"))
          .containsExactly(
              day + "T00:30:00Z", day + "T01:00:00Z", day + "T01:30:00Z", day + "T02:00:00Z");
    }
  }

  @Test
  void aDayThatNeverComesIsNeverDue() {
    assertThat(due("0 0 30 2 *", CatchUp.ALL, "2027-01-01T00:00:00Z", "2027-03-05T00:00:00Z"))
        .isEmpty();
  }

  @Test
  void refusesWhatIsNoCron() {
    assertThatThrownBy(
            () -> due("61 9 * * *", CatchUp.ALL, "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** However often and whenever it looks, the runs are those of one single look. */
  @Test
  void aRunIsDueExactlyOnceOverManyLooks() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      String cron =
          List.of("*/7 * * * *", "15 */2 * * *", "30 2 * * *", "0 0,1,2,3 * * *")
              .get(random.nextInt(4));
      Instant begin =
          Instant.parse(random.nextBoolean() ? "2027-03-27T20:00:00Z" : "2027-10-30T20:00:00Z");
      Schedule schedule = schedule("Europe/Berlin", cron, CatchUp.ALL);
      List<Instant> found = new ArrayList<>();
      Instant looked = begin;
      while (looked.isBefore(begin.plus(Duration.ofHours(10)))) {
        Instant now = looked.plusSeconds(random.nextInt(4_000));
        found.addAll(DueTimes.between(schedule, looked, now, BOUNDS));
        looked = now;
      }

      assertThat(found)
          .as("seed %d, %s", seed, cron)
          .doesNotHaveDuplicates()
          .isSorted()
          .isEqualTo(DueTimes.between(schedule, begin, looked, BOUNDS));
    }
  }

  private static List<String> due(String cron, CatchUp catchUp, String looked, String now) {
    return due("UTC", cron, catchUp, looked, now);
  }

  private static List<String> due(
      String zone, String cron, CatchUp catchUp, String looked, String now) {
    return DueTimes.between(
            schedule(zone, cron, catchUp), Instant.parse(looked), Instant.parse(now), BOUNDS)
        .stream()
        .map(Instant::toString)
        .toList();
  }

  private static Schedule schedule(String zone, String cron, CatchUp catchUp) {
    return new Schedule(
        cron, ZoneId.of(zone), Overlap.ALLOW, catchUp, Payloads.JSON.createObjectNode());
  }
}
