package io.ligature.agent.model;

import io.ligature.agent.AgentAdapter;
import io.ligature.agent.AgentContract;
import io.ligature.agent.Secrets;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reaches models over the API of one kind of provider; all its agents share one HTTP client. */
public final class ModelAdapter implements AgentAdapter, AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Provider provider;
  private final Secrets secrets;

  private @Nullable HttpClient client;

  ModelAdapter(Provider provider, Secrets secrets) {
    this.provider = provider;
    this.secrets = secrets;
  }

  /** {@code openai-compatible}, {@code anthropic}, {@code gemini} and {@code ollama}. */
  public static List<AgentAdapter> all(Secrets secrets) {
    return List.of(
        new ModelAdapter(OpenAiProvider.compatible(), secrets),
        new ModelAdapter(new AnthropicProvider(), secrets),
        new ModelAdapter(new GeminiProvider(), secrets),
        new ModelAdapter(OpenAiProvider.ollama(), secrets));
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    ModelSettings settings = ModelSettings.of(provider, agent);
    Map<String, AnswerShape> shapes = new HashMap<>();
    for (AgentCapability capability : agent.getCapabilities()) {
      shapes.put(capability.getName(), AnswerShape.of(capability, settings));
    }
    return new ModelAgent(
        provider, settings, Map.copyOf(shapes), client(), secrets, Clock.systemUTC());
  }

  /**
   * Made for the first agent. HTTP/1.1, so that ending a call closes its connection, which is what
   * stops a model. Redirects are not followed: they could carry keys elsewhere.
   */
  private synchronized HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT)
              .build();
      client = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
