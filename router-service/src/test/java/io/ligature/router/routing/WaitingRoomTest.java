package io.ligature.router.routing;

import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.avro.TaskEnvelope;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.schemas.AttemptId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {

  private static final long FLOOR = 1_000;
  private static final Set<String> AGENTS = Set.of("a", "b");

  private final WaitingRoom room = new WaitingRoom(FLOOR);
  private final Map<String, Long> cost = new HashMap<>();
  private long offset;

  @Test
  void offersNothingBeforeAnAgentChanges() {
    add("w1", "acme", 5, AGENTS);

    assertThat(room.next()).isNull();
  }

  @Test
  void offersNothingForAnAgentThatCannotTakeIt() {
    add("w1", "acme", 5, AGENTS);

    room.agentChanged("c");

    assertThat(room.next()).isNull();
  }

  @Test
  void offersByPriorityThenByArrival() {
    add("low", "acme", 1, AGENTS);
    add("first", "acme", 5, AGENTS);
    add("second", "acme", 5, AGENTS);
    add("high", "acme", 9, AGENTS);

    assertThat(placeAll("a")).containsExactly("high", "first", "second", "low");
  }

  @Test
  void takesTurnsBetweenTenants() {
    for (int i = 0; i < 4; i++) {
      add("big" + i, "big", 5, AGENTS);
    }
    add("small0", "small", 5, AGENTS);
    add("small1", "small", 5, AGENTS);

    assertThat(placeAll("a")).containsExactly("big0", "small0", "big1", "small1", "big2", "big3");
  }

  @Test
  void takesTurnsBetweenTenantsThatWaitForDifferentAgents() {
    add("big0", "big", 5, Set.of("a"));
    add("big1", "big", 5, Set.of("a"));
    add("small0", "small", 5, AGENTS);

    assertThat(placeAll("a")).containsExactly("big0", "small0", "big1");
  }

  @Test
  void givesTheTenantOfCheapTasksMoreTurns() {
    cost.put("dear", 3 * FLOOR);
    for (int i = 0; i < 3; i++) {
      add("dear" + i, "dear", 5, AGENTS);
    }
    for (int i = 0; i < 7; i++) {
      add("cheap" + i, "cheap", 5, AGENTS);
    }

    assertThat(placeAll("a"))
        .containsExactly(
            "dear0", "cheap0", "cheap1", "cheap2", "dear1", "cheap3", "cheap4", "cheap5", "dear2",
            "cheap6");
  }

  @Test
  void countsFreeTasksToo() {
    cost.put("dear", FLOOR);
    for (int i = 0; i < 2; i++) {
      add("free" + i, "free", 5, AGENTS);
    }
    for (int i = 0; i < 2; i++) {
      add("dear" + i, "dear", 5, AGENTS);
    }

    assertThat(placeAll("a")).containsExactly("free0", "dear0", "free1", "dear1");
  }

  @Test
  void remembersTheDebtOfATenantThatLeaves() {
    cost.put("dear", 3 * FLOOR);
    add("dear0", "dear", 5, AGENTS);
    for (int i = 0; i < 5; i++) {
      add("cheap" + i, "cheap", 5, AGENTS);
    }
    room.agentChanged("a");
    List<String> placed = new ArrayList<>(List.of(placeOne()));

    add("dear1", "dear", 5, AGENTS);

    placed.addAll(placeAll("a"));
    assertThat(placed)
        .containsExactly("dear0", "cheap0", "cheap1", "cheap2", "dear1", "cheap3", "cheap4");
  }

  @Test
  void givesATenantThatComesLateNoCreditForTheTimeBefore() {
    for (int i = 0; i < 4; i++) {
      add("early" + i, "early", 5, AGENTS);
    }
    room.agentChanged("a");
    placeOne();
    placeOne();

    for (int i = 0; i < 3; i++) {
      add("late" + i, "late", 5, AGENTS);
    }

    assertThat(placeAll("a")).containsExactly("late0", "early2", "late1", "early3", "late2");
  }

  @Test
  void leavesABlockedQueueAloneUntilItsAgentChanges() {
    add("w1", "acme", 5, AGENTS);
    add("w2", "acme", 5, AGENTS);
    room.agentChanged("a");

    room.blocked(room.next());

    assertThat(room.next()).isNull();
    room.agentChanged("b");
    assertThat(room.next().id()).isEqualTo("w1/t#1");
  }

  @Test
  void goesOnWithOtherQueuesWhenOneIsBlocked() {
    add("w1", "acme", 9, Set.of("a", "b"));
    add("w2", "acme", 5, Set.of("a"));
    room.agentChanged("a");

    room.blocked(room.next());

    assertThat(room.next().id()).isEqualTo("w2/t#1");
  }

  @Test
  void removesATaskFromTheMiddle() {
    add("w1", "acme", 5, AGENTS);
    add("w2", "acme", 5, AGENTS);
    add("w3", "acme", 5, AGENTS);

    assertThat(room.remove("w2/t#1").id()).isEqualTo("w2/t#1");

    assertThat(room.remove("w2/t#1")).isNull();
    assertThat(room.size()).isEqualTo(2);
    assertThat(placeAll("a")).containsExactly("w1", "w3");
    assertThat(room.size()).isZero();
  }

  @Test
  void asksAgainWhoCanTakeWhatWhenRegistrationsChange() {
    add("w1", "acme", 5, Set.of());

    room.regroup(request -> Set.of("new"));

    assertThat(room.next().id()).isEqualTo("w1/t#1");
    room.blocked(room.next());
    room.agentChanged("new");
    assertThat(room.next().id()).isEqualTo("w1/t#1");
  }

  @Test
  void refusesTheSameTaskTwice() {
    add("w1", "acme", 5, AGENTS);

    assertThatThrownBy(() -> add("w1", "acme", 5, AGENTS)).hasMessage("w1/t#1 waits already");
  }

  private void add(String workflow, String tenant, int priority, Set<String> eligible) {
    String id = workflow + "/t#1";
    TaskEnvelope envelope =
        task(id)
            .setContext(Samples.context(AttemptId.parse(id), tenant))
            .setPriority(priority)
            .build();
    room.add(
        new Waiting(
            envelope, RoutingRequest.of(envelope), new Origin(0, offset++, workflow, null), NOW),
        eligible);
  }

  private String placeOne() {
    Waiting task = room.next();
    room.placed(task, cost.getOrDefault(task.tenant(), 0L));
    return AttemptId.parse(task.id()).workflowId();
  }

  private List<String> placeAll(String agent) {
    room.agentChanged(agent);
    List<String> placed = new ArrayList<>();
    for (Waiting task = room.next(); task != null; task = room.next()) {
      room.placed(task, cost.getOrDefault(task.tenant(), 0L));
      placed.add(AttemptId.parse(task.id()).workflowId());
    }
    return placed;
  }
}
