package io.ligature.state.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.Unavailable;
import io.ligature.state.engine.WorkflowStatus;
import io.ligature.state.schedule.Runs.Standing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** Asks another instance's REST interface for a run. */
public final class PeerRuns {

  private final HttpClient client;
  private final @Nullable String authorization;
  private final Duration wait;

  /**
   * @param authorization header; null: none
   */
  public PeerRuns(@Nullable String authorization, Duration wait) {
    this.client = HttpClient.newBuilder().connectTimeout(wait).build();
    this.authorization = authorization;
    this.wait = wait;
  }

  /**
   * @throws Unavailable when it does not say
   */
  Standing of(String host, int port, String workflowId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://" + host + ":" + port + "/workflows/" + workflowId))
            .timeout(wait);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return switch (response.statusCode()) {
        case 200 -> standing(response.body());
        case 404 -> Standing.UNKNOWN_ID;
        default ->
            throw new Unavailable(
                host
                    + ":"
                    + port
                    + " answers "
                    + response.statusCode()
                    + " when it is asked for a run;"
                    + " see ligature.state.schedule.peer-authorization");
      };
    } catch (IOException e) {
      throw new Unavailable(host + ":" + port + " cannot be asked for a run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while another instance was asked for a run", e);
    }
  }

  private static Standing standing(String view) throws JsonProcessingException {
    String word = Payloads.JSON.readTree(view).path("status").asText();
    return EnumSet.allOf(WorkflowStatus.class).stream()
        .filter(status -> status.wireName().equals(word))
        .findFirst()
        .map(status -> status.isOpen() ? Standing.OPEN : Standing.ENDED)
        .orElseThrow(() -> new Unavailable("'" + word + "' is no status of a workflow"));
  }
}
