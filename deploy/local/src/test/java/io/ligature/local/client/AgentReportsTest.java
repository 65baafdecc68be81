package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentReportsTest {

  private static final String STATISTICS =
      """
      {"statistics": [
        {"agent": "a", "capability": "x", "accepted": 9.5, "repaired": 1.0, "edited": 0.0,
         "rejected": {"validator": 1.0, "reviewer": 0.5, "threshold": 0.0},
         "failed": {"timeout": 2.0}, "reviewed": 1.0, "acceptance": 0.73,
         "latency": {"p50": "PT1S", "p90": "PT2S", "p99": null},
         "cost": {"mean": "0.02", "p50": "0.02", "p90": "0.02", "p99": "0.02"},
         "shadow": {"agreement": null}}]}
      """;

  private FakeServices services;

  @BeforeEach
  void start() throws Exception {
    services = new FakeServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void showsStatistics() {
    services
        .answer("GET /agents/statistics", 200, STATISTICS)
        .answer("GET /agents/a/statistics?capability=x", 200, "{\"statistics\": []}");

    assertThat(Run.with(services, "agents", "statistics").out())
        .isEqualTo(
            """
            AGENT  CAPABILITY  ACCEPTED  REPAIRED  REJECTED  FAILED  REVIEWED  ACCEPTANCE  P50   P90   MEAN COST  SHADOW
            a      x           9.5       1.0       1.5       2.0     1.0       73 %        PT1S  PT2S  0.02       -
            """);
    assertThat(Run.with(services, "agents", "statistics", "a", "--capability=x", "--json").out())
        .contains("\"statistics\" : [ ]");
    assertThat(Run.with(services, "agents", "statistics", "none").exitCode()).isEqualTo(1);
  }

  @Test
  void showsWhatConfidencesWereWorth() {
    services
        .answer("GET /agents/statistics", 200, STATISTICS)
        .answer(
            "GET /agents/a/calibration",
            200,
            """
            {"agent": "a", "enabled": false, "minVerdicts": 30, "capabilities": [
              {"capability": "x", "verdicts": 12.0, "inUse": false, "brierScore": 0.2,
               "calibrationError": 0.15, "curve": null, "bins": [
                 {"from": 0.0, "to": 0.1, "verdicts": 0, "claimed": null, "observed": null},
                 {"from": 0.9, "to": 1.0, "verdicts": 12, "claimed": 0.95, "observed": 0.8}]}]}
            """);

    assertThat(Run.with(services, "agents", "calibration").out())
        .isEqualTo(
            """
            a at x: 12.0 verdicts, Brier score 0.200, calibration error 0.150, taken as claimed: corrections are off (ligature.router.calibration.enabled)
            CONFIDENCE  VERDICTS  CLAIMED  OBSERVED
            0.9 to 1    12.0      0.950    0.800
            """);
    assertThat(Run.with(services, "agents", "calibration", "a", "--json").out())
        .contains("\"minVerdicts\" : 30");
  }

  @Test
  void explainsWhoWouldGetATask() {
    services.answer(
        "POST /route/explain",
        200,
        """
        {"decision": "assigned", "agent": "a", "candidates": [
          {"agent": "a", "score": "0.025", "droppedBy": null, "reason": "lowest expected cost",
           "parts": {"price": "0.02", "acceptance": 0.8}},
          {"agent": "b", "score": null, "droppedBy": "health", "reason": "no executor"}]}
        """);

    Run run =
        Run.with(
            services,
            "agents",
            "explain",
            "x",
            "--input={\"a\":1}",
            "--max-cost=0.40",
            "--prefer=b",
            "--sticky");

    assertThat(run.out())
        .isEqualTo(
            """
            It would go to a.
            AGENT  SCORE  PRICE  ACCEPTANCE  WHY
            a      0.025  0.02   80 %        lowest expected cost
            b                    -           health: no executor
            """);
    assertThat(services.calls().getFirst().body())
        .isEqualTo(
            "{\"capability\":\"x\",\"input\":{\"a\":1},\"maxCost\":\"0.40\",\"prefer\":[\"b\"],"
                + "\"sticky\":true}");
  }

  @Test
  void joinsWhyAnAgentWasChosenWithWhatItCost() {
    services
        .answer(
            "GET /assignments/w%2Ft%232",
            200,
            """
            {"agent": "a", "agentVersion": "3", "assignedAt": "2026-03-01T10:00:00Z",
             "candidates": [{"agent": "a", "score": "0.02", "reason": "lowest expected cost"}],
             "shadows": [{"agent": "s"}]}
            """)
        .answer(
            "GET /workflows/w",
            200,
            """
            {"tasks": [{"task": "t", "attempts": [
              {"number": 1, "status": "failed"},
              {"number": 2, "status": "failed", "cost": "0.02", "costKnown": false,
               "model": "m-1", "duration": "PT2S",
               "failure": {"kind": "timeout", "message": "no answer"}}]}]}
            """);

    assertThat(Run.with(services, "agents", "why", "w/t#2").out())
        .isEqualTo(
            """
            w/t#2 went to a (version 3) at 2026-03-01T10:00:00Z
            It failed: timeout: no answer, model m-1, cost 0.02 (a guess), took PT2S
            AGENT  SCORE  PRICE  ACCEPTANCE  WHY
            a      0.02          -           lowest expected cost
            A copy went to the shadow s.
            """);
  }

  @Test
  void looksForInnerTasksOnTheirPage() {
    services
        .answer("GET /assignments/w%2Ffan%5B7%5D%231", 200, "{\"agent\": \"a\"}")
        .answer("GET /workflows/w", 200, "{\"tasks\": []}")
        .answer(
            "GET /workflows/w/tasks?after=fan%5B7",
            200,
            """
            {"tasks": [{"task": "fan[7]", "attempts": [
              {"number": 1, "status": "succeeded", "cost": "0.02"}]}]}
            """);

    assertThat(Run.with(services, "agents", "why", "w/fan[7]#1").out())
        .contains("It succeeded, cost 0.02\n");
  }

  @Test
  void refusesWhatIsNoAttemptAndTellsWhatIsNotFound() {
    assertThat(Run.with(services, "agents", "why", "w").exitCode()).isEqualTo(2);
    assertThat(services.calls()).isEmpty();
    assertThat(Run.with(services, "agents", "why", "w/t#1").exitCode()).isEqualTo(1);
  }
}
