package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.http.HttpClient;
import java.time.Duration;

/** Reaches remote agents over A2A 1.0. */
final class A2aAdapter implements AgentAdapter, AutoCloseable {

  static final String NAME = "a2a";

  private final Secrets secrets;

  /** Redirects are not followed: they could carry secrets elsewhere. */
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  A2aAdapter(Secrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    return new A2aAgent(A2aSettings.of(agent), client, secrets);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
