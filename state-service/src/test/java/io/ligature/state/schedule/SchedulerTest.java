package io.ligature.state.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.Definition.CatchUp;
import io.ligature.schemas.definition.Definition.Overlap;
import io.ligature.schemas.definition.Definition.Schedule;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.Unavailable;
import io.ligature.state.schedule.Runs.Standing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  private static final Instant PUT = Instant.parse("2027-01-01T08:30:00Z");
  private static final DueTimes.Bounds BOUNDS =
      new DueTimes.Bounds(Duration.ofDays(1), 100, Duration.ofMinutes(1));

  private final Map<WorkflowDefinition, Schedule> schedules = new HashMap<>();
  private final List<WorkflowDefinition> newest = new ArrayList<>();
  private final FakeRuns runs = new FakeRuns();
  private final List<WorkflowStart> put = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private int putsUntilFault = Integer.MAX_VALUE;

  @Test
  void startsARunUnderAnIdMadeOfItsDueTime() {
    define("report", 3, schedule("0 * * * *", Overlap.SKIP, CatchUp.NONE));

    scheduler().look(Instant.parse("2027-01-01T09:00:00.400Z"));

    assertThat(put)
        .containsExactly(
            WorkflowStart.newBuilder()
                .setWorkflowId("report-20270101T090000Z")
                .setDefinition("report")
                .setVersion(3)
                .setInput(Payloads.json(Payloads.JSON.createObjectNode().put("kind", "daily")))
                .setRequester("schedule")
                .build());
    assertThat(meters.counter("ligature.schedule.started").count()).isOne();
  }

  @Test
  void startsEachRunOnceOverManyLooks() {
    define("report", 1, schedule("*/10 * * * *", Overlap.ALLOW, CatchUp.NONE));
    Scheduler scheduler = scheduler();

    for (Instant now = PUT; now.isBefore(PUT.plusSeconds(1_900)); now = now.plusSeconds(1)) {
      scheduler.look(now);
    }

    assertThat(ids())
        .containsExactly(
            "report-20270101T084000Z", "report-20270101T085000Z", "report-20270101T090000Z");
  }

  @Test
  void startsNothingThatWasDueBeforeTheDefinitionWasPut() {
    define("report", 1, schedule("*/10 * * * *", Overlap.ALLOW, CatchUp.ALL));

    scheduler().look(Instant.parse("2027-01-01T08:41:00Z"));

    assertThat(ids()).containsExactly("report-20270101T084000Z");
  }

  @Test
  void skipsARunWhileTheOneBeforeIsOpen() {
    define("report", 1, schedule("0 * * * *", Overlap.SKIP, CatchUp.NONE));
    Scheduler scheduler = scheduler();
    scheduler.look(Instant.parse("2027-01-01T09:00:00Z"));
    runs.standings.put("report-20270101T090000Z", Standing.OPEN);

    scheduler.look(Instant.parse("2027-01-01T10:00:00Z"));
    scheduler.look(Instant.parse("2027-01-01T11:00:00Z"));
    assertThat(ids()).containsExactly("report-20270101T090000Z");
    assertThat(meters.counter("ligature.schedule.skipped").count()).isEqualTo(2);

    runs.standings.put("report-20270101T090000Z", Standing.ENDED);
    scheduler.look(Instant.parse("2027-01-01T12:00:00Z"));
    assertThat(ids()).last().isEqualTo("report-20270101T120000Z");
  }

  @Test
  void findsTheOpenRunBeforeAfterARestart() {
    define("report", 1, schedule("0 * * * *", Overlap.SKIP, CatchUp.NONE));
    runs.standings.put("report-20270101T090000Z", Standing.OPEN);

    scheduler().look(Instant.parse("2027-01-01T11:00:00Z"));

    assertThat(put).isEmpty();
  }

  @Test
  void startsARunBesideTheOneBeforeWhereThatIsAllowed() {
    define("report", 1, schedule("0 * * * *", Overlap.ALLOW, CatchUp.NONE));
    runs.standings.put("report-20270101T090000Z", Standing.OPEN);

    scheduler().look(Instant.parse("2027-01-01T10:00:00Z"));

    assertThat(ids()).containsExactly("report-20270101T100000Z");
  }

  @Test
  void isNotHeldUpForEverByAStartThatWasPutAside() {
    define("report", 1, schedule("0 * * * *", Overlap.SKIP, CatchUp.NONE));
    Scheduler scheduler = scheduler();
    scheduler.look(Instant.parse("2027-01-01T09:00:00Z"));

    scheduler.look(Instant.parse("2027-01-01T10:00:00Z"));

    assertThat(ids()).containsExactly("report-20270101T090000Z", "report-20270101T100000Z");
  }

  @Test
  void waitsUntilItKnowsWhatRuns() {
    define("report", 1, schedule("0 * * * *", Overlap.SKIP, CatchUp.NONE));
    Scheduler scheduler = scheduler();
    runs.away = true;
    scheduler.look(Instant.parse("2027-01-01T09:00:00Z"));
    assertThat(put).isEmpty();

    runs.away = false;
    scheduler.look(Instant.parse("2027-01-01T09:00:30Z"));

    assertThat(ids()).containsExactly("report-20270101T090000Z");
  }

  @Test
  void goesOnBehindItsLastRunAfterARestart() {
    define("report", 1, schedule("*/10 * * * *", Overlap.ALLOW, CatchUp.ALL));
    runs.standings.put("report-20270101T084000Z", Standing.ENDED);

    scheduler().look(Instant.parse("2027-01-01T09:05:00Z"));

    assertThat(ids()).containsExactly("report-20270101T085000Z", "report-20270101T090000Z");
  }

  @Test
  void startsOnlyTheLastMissedRunWhereItCatchesUpOnThat() {
    define("report", 1, schedule("*/10 * * * *", Overlap.ALLOW, CatchUp.LAST));

    scheduler().look(Instant.parse("2027-01-01T09:05:00Z"));

    assertThat(ids()).containsExactly("report-20270101T090000Z");
  }

  @Test
  void triesAStartAgainThatTheBrokerDidNotTake() {
    define("report", 1, schedule("*/10 * * * *", Overlap.ALLOW, CatchUp.ALL));
    Scheduler scheduler = scheduler();
    putsUntilFault = 1;
    scheduler.look(Instant.parse("2027-01-01T09:05:00Z"));
    assertThat(ids()).containsExactly("report-20270101T084000Z");

    putsUntilFault = Integer.MAX_VALUE;
    scheduler.look(Instant.parse("2027-01-01T09:05:01Z"));

    assertThat(ids())
        .containsExactly(
            "report-20270101T084000Z", "report-20270101T085000Z", "report-20270101T090000Z");
  }

  @Test
  void endsWithAVersionThatHasNoSchedule() {
    define("report", 1, schedule("0 * * * *", Overlap.ALLOW, CatchUp.ALL));
    Scheduler scheduler = scheduler();
    scheduler.look(Instant.parse("2027-01-01T08:59:00Z"));
    define("report", 2, null);

    scheduler.look(Instant.parse("2027-01-01T09:00:00Z"));

    assertThat(put).isEmpty();
  }

  @Test
  void followsTheOtherSchedulesWhenOneCannotBe() {
    define("bad", 1, schedule("99 * * * *", Overlap.ALLOW, CatchUp.NONE));
    define("good", 1, schedule("0 * * * *", Overlap.ALLOW, CatchUp.NONE));

    scheduler().look(Instant.parse("2027-01-01T09:00:00Z"));

    assertThat(ids()).containsExactly("good-20270101T090000Z");
    assertThat(meters.counter("ligature.schedule.failed").count()).isOne();
  }

  private Scheduler scheduler() {
    return new Scheduler(
        () -> List.copyOf(newest),
        text ->
            new Definition(
                text.getName(), null, null, null, 5, Map.of(), null, Map.of(), schedules.get(text)),
        runs,
        start -> {
          if (put.size() >= putsUntilFault) {
            throw new Unavailable("the broker is away");
          }
          put.add(start);
        },
        BOUNDS,
        new ScheduleMetrics(meters));
  }

  private void define(String name, int version, @Nullable Schedule schedule) {
    WorkflowDefinition text =
        new WorkflowDefinition(name, version, "", "application/yaml", "", PUT, "tester");
    newest.removeIf(older -> older.getName().equals(name));
    newest.add(text);
    schedules.put(text, schedule);
  }

  private static Schedule schedule(String cron, Overlap overlap, CatchUp catchUp) {
    return new Schedule(
        cron,
        ZoneOffset.UTC,
        overlap,
        catchUp,
        Payloads.JSON.createObjectNode().put("kind", "daily"));
  }

  private List<String> ids() {
    return put.stream().map(WorkflowStart::getWorkflowId).toList();
  }
}
