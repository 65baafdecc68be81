package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;

/** Reaches agents by POST over HTTP. */
final class HttpAdapter implements AgentAdapter, AutoCloseable {

  static final String NAME = "http";

  private final Secrets secrets;

  /** Redirects are not followed: they could carry secrets elsewhere. */
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  HttpAdapter(Secrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    return new HttpAgent(HttpSettings.of(agent), client, secrets, Clock.systemUTC());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
