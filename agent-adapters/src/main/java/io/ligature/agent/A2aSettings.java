package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the adapter {@code a2a}.
 *
 * @param url the JSON-RPC interface of the agent's card
 * @param headers sent with each request; values may be or hold secret references
 * @param tenant of the interface; empty for none
 * @param stream whether the agent tells by itself how far it is; else it is asked
 * @param pollEvery longest time between two questions
 * @param send whether the input is sent as data or as a text
 * @param acceptedOutputModes media types the agent may answer with
 * @param sendContext also hands on where in which workflow the attempt stands
 * @param maxResponseBytes a larger answer is a {@code schema_mismatch}
 */
record A2aSettings(
    URI url,
    Map<String, String> headers,
    Optional<String> tenant,
    boolean stream,
    Duration pollEvery,
    Form send,
    List<String> acceptedOutputModes,
    boolean sendContext,
    int maxResponseBytes) {

  /** How the input is sent. */
  enum Form {
    /** As a part with data. */
    DATA,
    /**
     * As a part with a text: the input's field {@code text} when it has no other, else its JSON.
     */
    TEXT
  }

  private static final int DEFAULT_RESPONSE_BYTES = 1_000_000;
  private static final int MOST_RESPONSE_BYTES = 64_000_000;
  private static final Duration DEFAULT_POLL_EVERY = Duration.ofSeconds(2);
  private static final Duration LEAST_POLL_EVERY = Duration.ofMillis(10);
  private static final List<String> DEFAULT_MODES = List.of("application/json", "text/plain");
  private static final Set<String> OURS =
      WebSettings.caseless(
          "accept", "content-type", "a2a-version", "idempotency-key", "traceparent");

  static A2aSettings of(AgentRegistration agent) {
    SettingsReader reader = new SettingsReader(A2aAdapter.NAME, agent);
    String url =
        reader.requiredText(
            "url", "give the address of the JSON-RPC interface in the agent's card");
    A2aSettings settings =
        new A2aSettings(
            url.isEmpty() ? URI.create("http://missing") : WebSettings.address(reader, "url", url),
            WebSettings.headers(reader, OURS),
            reader.text("tenant"),
            reader.flag("stream", false),
            reader.duration("pollEvery", DEFAULT_POLL_EVERY),
            form(reader),
            reader.texts("acceptedOutputModes", DEFAULT_MODES),
            reader.flag("sendContext", false),
            reader.size("maxResponseBytes", DEFAULT_RESPONSE_BYTES, MOST_RESPONSE_BYTES));
    if (settings.pollEvery.compareTo(LEAST_POLL_EVERY) < 0) {
      reader.refuse("pollEvery", "is shorter than " + LEAST_POLL_EVERY);
    }
    reader.check();
    return settings;
  }

  private static Form form(SettingsReader reader) {
    String form = reader.text("send").orElse("data");
    return switch (form) {
      case "data" -> Form.DATA;
      case "text" -> Form.TEXT;
      default -> {
        reader.refuse("send", "is neither data nor text");
        yield Form.DATA;
      }
    };
  }
}
