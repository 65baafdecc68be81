package io.ligature.router.statistics;

import static io.ligature.router.statistics.Events.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ligature.avro.AgentStatistics;
import io.ligature.avro.Decision;
import io.ligature.avro.Grade;
import io.ligature.avro.WorkflowEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of the fold, on random workflows. */
class FoldLawsTest {

  private static final HalfLife HALF_LIFE = new HalfLife(Duration.ofHours(3));
  private static final Instant END = NOW.plus(Duration.ofDays(2));
  private static final int PARTITION = 3;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aRestartAnywhereChangesNothing(long seed) {
    Random random = new Random(seed);
    List<WorkflowEvent> log = interleaved(random, 60);
    EventFold live = fold(0);
    play(live, log, 0, log.size());

    EventFold first = fold(0);
    Map<AgentAt, AgentStatistics> topic = new HashMap<>();
    int stop = random.nextInt(log.size());
    play(first, log, 0, stop);
    publish(first, topic);
    long position = first.nextOffset();
    long readFrom = first.readFrom();
    // Some more is counted and written, but the position is not.
    int crash = Math.min(log.size(), stop + random.nextInt(20));
    play(first, log, stop, crash);
    List<AgentStatistics> late = first.takeChanged(PARTITION);
    Collections.shuffle(late, random);
    late.subList(0, late.size() / 2).forEach(each -> topic.put(AgentAt.of(each), each));
    EventFold second = fold(position);
    topic.values().forEach(second::restore);
    play(second, log, (int) readFrom, log.size());

    assertThat(told(second)).as("seed %d", seed).isEqualTo(told(live));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void partitionsAddUpToTheWholeInAnyOrder(long seed) {
    Random random = new Random(seed);
    List<List<WorkflowEvent>> workflows = workflows(random, 40);
    EventFold whole = fold(0);
    List<EventFold> parts = List.of(fold(0), fold(0), fold(0));
    List<List<WorkflowEvent>> shuffled = new ArrayList<>(workflows);
    Collections.shuffle(shuffled, random);
    long offset = 0;
    for (List<WorkflowEvent> workflow : shuffled) {
      for (WorkflowEvent event : workflow) {
        whole.take(event, offset++);
      }
    }
    for (int i = 0; i < workflows.size(); i++) {
      for (WorkflowEvent event : workflows.get(i)) {
        parts.get(i % 3).take(event, offset++);
      }
    }

    Map<AgentAt, Tally> merged = new HashMap<>();
    List<EventFold> anyOrder = new ArrayList<>(parts);
    Collections.shuffle(anyOrder, random);
    for (EventFold part : anyOrder) {
      part.tallies()
          .forEach(
              (key, tally) -> merged.computeIfAbsent(key, any -> new Tally(HALF_LIFE)).add(tally));
    }

    assertThat(merged.keySet()).as("seed %d", seed).isEqualTo(whole.tallies().keySet());
    whole
        .tallies()
        .forEach((key, tally) -> same("seed " + seed, tally.at(END), merged.get(key).at(END)));
  }

  private static void same(String seed, Figures one, Figures other) {
    for (Count count : Count.values()) {
      assertThat(other.count(count))
          .as("%s %s", seed, count)
          .isCloseTo(one.count(count), within(1e-9 * (1 + one.count(count))));
    }
    assertThat(other.failures()).as(seed).isCloseTo(one.failures(), within(1e-9));
    assertThat(other.latency(0.9)).as(seed).isEqualTo(one.latency(0.9));
    assertThat(other.cost(0.9)).as(seed).isEqualTo(one.cost(0.9));
    assertThat(other.reliability().count())
        .as(seed)
        .isCloseTo(one.reliability().count(), within(1e-9));
  }

  private static EventFold fold(long countFrom) {
    return new EventFold(HALF_LIFE, 1000, 10_000, 10_000, countFrom);
  }

  private static void play(EventFold fold, List<WorkflowEvent> log, int from, int to) {
    for (int i = from; i < to; i++) {
      fold.take(log.get(i), i);
    }
  }

  private static void publish(EventFold fold, Map<AgentAt, AgentStatistics> topic) {
    fold.takeChanged(PARTITION).forEach(each -> topic.put(AgentAt.of(each), each));
  }

  private static Map<String, AgentStatistics> told(EventFold fold) {
    Map<String, AgentStatistics> told = new TreeMap<>();
    fold.tallies()
        .forEach(
            (key, tally) ->
                told.put(key.toString(), tally.toRecord(key.agent(), key.capability(), 0, 0)));
    return told;
  }

  /** Each in its own order, but all mixed, as in a partition. */
  private static List<WorkflowEvent> interleaved(Random random, int count) {
    List<List<WorkflowEvent>> left = new ArrayList<>(workflows(random, count));
    List<WorkflowEvent> log = new ArrayList<>();
    while (!left.isEmpty()) {
      int which = random.nextInt(left.size());
      log.add(left.get(which).removeFirst());
      if (left.get(which).isEmpty()) {
        left.remove(which);
      }
    }
    return log;
  }

  private static List<List<WorkflowEvent>> workflows(Random random, int count) {
    List<List<WorkflowEvent>> workflows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      workflows.add(workflow("w" + i, random));
    }
    return workflows;
  }

  private static List<WorkflowEvent> workflow(String id, Random random) {
    List<WorkflowEvent> events = new ArrayList<>();
    Instant at = NOW.plusSeconds(random.nextInt(86_400));
    for (int attempt = 1; attempt <= 3; attempt++) {
      String name = id + "/t#" + attempt;
      String agent = random.nextBoolean() ? "a" : "b";
      var figures =
          Events.figures(random.nextDouble()).setDuration(1 + random.nextInt(5000)).build();
      events.add(Events.scheduled(name, at));
      at = at.plusSeconds(random.nextInt(3600));
      switch (random.nextInt(7)) {
        case 0 -> events.add(Events.failed(name, agent, "model_error", null, at));
        case 1 -> {
          events.add(Events.started(name, agent, at));
          events.add(Events.failed(name, null, "timeout", null, at));
        }
        case 2 -> {
          events.add(Events.answered(name, agent, figures, at));
          at = at.plusSeconds(10);
          events.add(Events.failed(name, agent, "rejected_by_validator", figures, at));
        }
        case 3 -> {
          events.add(Events.failed(name, agent, "low_confidence", figures, at));
          events.add(Events.asked(name, "result", null, null, at));
          at = at.plusSeconds(random.nextInt(20_000));
          events.add(Events.decided(name, Decision.approve, "rita", at));
          events.add(Events.succeeded(name, agent, null, Grade.clean, at));
          return events;
        }
        case 4 -> {
          events.add(Events.asked(name, "result", agent, figures, at));
          at = at.plusSeconds(random.nextInt(20_000));
          events.add(Events.decided(name, Decision.request_changes, "rita", at));
        }
        case 5 -> {
          events.add(Events.answered(name, agent, figures, at));
          events.add(Events.succeeded(name, agent, figures, Grade.repaired, at));
          return events;
        }
        default -> {
          events.add(Events.succeeded(name, agent, figures, Grade.clean, at));
          return events;
        }
      }
    }
    return events;
  }
}
