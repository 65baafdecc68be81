package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentServerTest {

  private static final String REQUEST =
      "{\"id\":\"w/research#1\",\"context\":{\"attempt\":1},\"input\":{\"topic\":\"wind\"}}";

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private AgentServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        AgentServer.start(
            0,
            Agents.all(ExampleDocuments.load()),
            new CallLog(folder.resolve("calls")),
            Duration.ZERO);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void answersWithOutputPriceAndConfidence() throws Exception {
    HttpResponse<String> response = post("/search-bm25", REQUEST, "a");

    JsonNode body = Json.MAPPER.readTree(response.body());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(body.path("status").textValue()).isEqualTo("success");
    assertThat(body.at("/metadata/cost").textValue()).isEqualTo("0.020");
    assertThat(body.at("/metadata/confidence").doubleValue()).isEqualTo(1);
    assertThat(body.at("/output/findings")).isNotEmpty();
  }

  @Test
  void doesTheWorkOfOneKeyOnce() throws Exception {
    String first = post("/search-bm25", REQUEST, "same").body();
    String second = post("/search-bm25", REQUEST.replace("wind", "salt"), "same").body();

    assertThat(second).isEqualTo(first);
    assertThat(Files.readAllLines(folder.resolve("calls"))).containsExactly("search-bm25 same 200");
  }

  @Test
  void doesNotRememberAFailure() throws Exception {
    assertThat(post("/search-bm25", "{\"input\":{}}", "k").statusCode()).isEqualTo(422);
    assertThat(post("/search-bm25", REQUEST, "k").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/search-bm25 | not json | 400 | the request is not JSON",
        "/search-bm25 | {\"input\":3} | 422 | 'input' must be an object",
        "/search-bm25 | {\"input\":{\"topic\":\" \"}} | 422 | 'topic' is missing or empty; give it as text",
        "/search-bm25/x | {} | 404 | no such agent",
        "/search-bm25?fail=200 | {} | 400 | 'fail' must be a number from 400 to 599",
        "/search-bm25?delay=PT2H | {} | 400 | 'delay' must be a duration such as PT2S, at most PT1M",
        "/search-bm25?slow=1 | {} | 400 | unknown [slow]; known are delay, fail, attempts, retryAfter",
      })
  void saysWhatIsWrongWithARequest(String path, String body, int status, String message)
      throws Exception {
    HttpResponse<String> response = post(path, body, null);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Json.MAPPER.readTree(response.body()).at("/error/message").textValue())
        .isEqualTo(message);
  }

  @Test
  void failsTheFirstAttemptsOnPurpose() throws Exception {
    String path = "/search-bm25?fail=429&retryAfter=PT3S&attempts=1";

    HttpResponse<String> first = post(path, REQUEST, "1");
    HttpResponse<String> second =
        post(path, REQUEST.replace("\"attempt\":1", "\"attempt\":2"), "2");

    assertThat(first.statusCode()).isEqualTo(429);
    assertThat(first.headers().firstValue("Retry-After")).hasValue("3");
    assertThat(second.statusCode()).isEqualTo(200);
  }

  @Test
  void refusesARequestThatIsTooLarge() throws Exception {
    assertThat(post("/search-bm25", "x".repeat(AgentServer.MOST_REQUEST + 1), null).statusCode())
        .isEqualTo(413);
  }

  @Test
  void wantsPost() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/search-bm25")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
  }

  private HttpResponse<String> post(String path, String body, String key) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
