package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedWorkTest {

  private final List<Duration> pauses = new ArrayList<>();
  private final SimulatedWork agent = new SimulatedWork(pauses::add);

  @Test
  void tellsTheTaskAndHowLongItWorked() throws Exception {
    Answer answer = agent.answer(Json.object().put("seconds", 1.5), "fan[3]");

    assertThat(answer)
        .isEqualTo(new Answer(Json.object().put("task", "fan[3]").put("seconds", 1.5), 1));
    assertThat(pauses).containsExactly(Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @CsvSource({"10, 0.1, PT1S", "240, 1, PT4M", "5, 0, PT0S", "0, 1, PT0S"})
  void worksAsManySecondsAsTheScaleMakesOfThem(double seconds, double scale, Duration pause)
      throws Exception {
    agent.answer(Json.object().put("seconds", seconds).put("scale", scale), "a");

    assertThat(pauses).containsExactly(pause);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'seconds':null}",
        "{'seconds':'1'}",
        "{'seconds':-0.001}",
        "{'seconds':240.001}",
        "{'seconds':1e400}",
      })
  void refusesSecondsItDoesNotAllow(String input) throws Exception {
    assertRefused(input, "'seconds' must be a number from 0 to 240");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "'1'", "-1", "1.001"})
  void refusesAScaleItDoesNotAllow(String scale) throws Exception {
    assertRefused("{'seconds':1,'scale':" + scale + "}", "'scale' must be a number from 0 to 1");
  }

  @Test
  void stopsWhenItsServerDoes() {
    SimulatedWork stopping =
        new SimulatedWork(
            _ -> {
              throw new InterruptedException();
            });

    assertThatThrownBy(() -> stopping.answer(Json.object().put("seconds", 1), "a"))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void worksOnThousandsOfCallsAtOnce() throws Exception {
    int calls = 2_000;
    CountDownLatch begun = new CountDownLatch(calls);
    // No call ends before all have begun: with fewer at once than there are, none would end.
    SimulatedWork together =
        new SimulatedWork(
            _ -> {
              begun.countDown();
              begun.await();
            });
    try (AgentServer server =
            AgentServer.start(0, List.of(together), new CallLog(null), Duration.ZERO);
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create(server.url() + "/simulate-work");
      List<CompletableFuture<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofString("{\"input\":{\"seconds\":1}}"))
                .build();
        statuses.add(
            client
                .sendAsync(request, BodyHandlers.discarding())
                .thenApply(response -> response.statusCode()));
      }

      for (CompletableFuture<Integer> status : statuses) {
        assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      }
    }
  }

  private void assertRefused(String input, String problem) throws Exception {
    JsonNode json = Json.MAPPER.readTree(input.replace('\'', '"'));

    assertThatThrownBy(() -> agent.answer(json, "a"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(problem);
    assertThat(pauses).isEmpty();
  }
}
