package io.ligature.state.http;

import static io.ligature.state.http.World.GREETING;
import static io.ligature.state.http.World.TOPICS;
import static io.ligature.state.http.World.as;
import static io.ligature.state.http.World.awaitStatus;
import static io.ligature.state.http.World.command;
import static io.ligature.state.http.World.known;
import static io.ligature.state.http.World.send;
import static io.ligature.state.http.World.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.ligature.avro.TaskPartial;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers while they are being written, over HTTP. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class PartialHttpTest {

  @TestHTTPResource URI service;

  @BeforeEach
  void ready() {
    World.awaitReady();
    known("greeting", GREETING);
  }

  private static void piece(String workflowId, long sequence, String text) {
    send(
        TOPICS.tasksPartial(),
        workflowId,
        new TaskPartial(
            workflowId + "/first#1", workflowId, "executor-1", sequence, text, Instant.now()));
  }

  private Iterator<String> lines(HttpClient client, String path) throws Exception {
    String login =
        Base64.getEncoder().encodeToString("mia:mia-password".getBytes(StandardCharsets.UTF_8));
    HttpResponse<java.util.stream.Stream<String>> response =
        client.send(
            HttpRequest.newBuilder(service.resolve(path))
                .header("Authorization", "Basic " + login)
                .timeout(Duration.ofSeconds(30))
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    return response.body().iterator();
  }

  private static List<String> until(Iterator<String> lines, Predicate<String> last) {
    List<String> read = new ArrayList<>();
    while (lines.hasNext()) {
      read.add(lines.next());
      if (last.test(read.getLast())) {
        return read;
      }
    }
    throw new AssertionError("the stream ended: " + read);
  }

  @Test
  void streamsThePiecesOfAWorkflowUntilItHasEnded() throws Exception {
    String id = started("partial-1");
    started("partial-2");
    awaitStatus(id, "running");
    try (HttpClient client = HttpClient.newHttpClient()) {
      Iterator<String> lines = lines(client, "/workflows/" + id + "/partial");
      piece("partial-2", 0, "of another");
      piece(id, 0, "Hel");
      piece(id, 1, "lo");

      assertThat(until(lines, line -> line.contains("\"text\":\"lo\"")))
          .anyMatch(line -> line.contains("\"text\":\"Hel\""))
          .anyMatch(line -> line.equals("event:partial"))
          .noneMatch(line -> line.contains("of another"));

      command(id + "/cancel", "{\"reason\":\"enough\"}").then().statusCode(200);
      assertThat(until(lines, line -> line.contains("cancelled"))).contains("event:end");
      assertThat(lines.hasNext() && !lines.next().isEmpty()).isFalse();
    }
  }

  @Test
  void beginsWithWhatWasSentBeforeWhenAsked() throws Exception {
    String id = started("partial-3");
    awaitStatus(id, "running");
    piece(id, 0, "earlier");
    try (HttpClient client = HttpClient.newHttpClient()) {
      Iterator<String> lines = lines(client, "/workflows/" + id + "/partial?since=PT5M");

      assertThat(until(lines, line -> line.contains("earlier"))).contains("event:partial");
      command(id + "/cancel", "{\"reason\":\"enough\"}").then().statusCode(200);
      until(lines, line -> line.equals("event:end"));
    }
  }

  @Test
  void refusesATimeThatIsNoneOrTooLong() throws IOException {
    String id = started("partial-4");
    awaitStatus(id, "running");
    for (String since : List.of("five", "PT-1S", "PT11M")) {
      as("mia")
          .get("/workflows/" + id + "/partial?since=" + since)
          .then()
          .statusCode(400)
          .body("detail", containsString("PT10M"));
    }
  }

  @Test
  void showsNothingOfAnotherTenantsWorkflow() {
    String id = started("partial-5");
    awaitStatus(id, "running");

    as("eve").get("/workflows/" + id + "/partial").then().statusCode(404);
  }
}
