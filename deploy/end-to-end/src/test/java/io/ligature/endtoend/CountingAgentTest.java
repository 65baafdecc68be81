package io.ligature.endtoend;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.wire.Payloads;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CountingAgentTest {

  @Test
  void seesACallThatIsMadeTwice() throws Exception {
    try (CountingAgent agent = new CountingAgent(Duration.ofMillis(1));
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(agent.url()))
              .header("Idempotency-Key", "w/a#1")
              .POST(HttpRequest.BodyPublishers.ofString("{\"input\": {\"number\": 7}}"))
              .build();

      String first = http.send(request, ofString()).body();
      http.send(request, ofString());

      assertThat(Payloads.JSON.readTree(first).at("/output/number").asInt()).isEqualTo(7);
      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(agent.callsByKey().get("w/a#1")).hasSize(2));
      assertThat(agent.runningCalls()).isZero();
    }
  }

  @Test
  void answersAHeldCallOnlyWhenItIsReleasedAndFailsAsItIsTold() throws Exception {
    try (CountingAgent agent = new CountingAgent(Duration.ZERO);
        HttpClient http = HttpClient.newHttpClient()) {
      agent.hold();
      var held = http.sendAsync(request(agent, "{\"held\": true}"), ofString());

      String failed = http.send(request(agent, "{\"fail\": true}"), ofString()).body();

      assertThat(Payloads.JSON.readTree(failed).at("/error/kind").asText())
          .isEqualTo("invalid_input");
      assertThat(held).isNotDone();
      agent.release();
      assertThat(held).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  private static HttpRequest request(CountingAgent agent, String input) {
    return HttpRequest.newBuilder(URI.create(agent.url()))
        .POST(HttpRequest.BodyPublishers.ofString("{\"input\": " + input + "}"))
        .build();
  }
}
