package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.URI;
import java.util.Map;

/**
 * Settings of the adapter {@code http}.
 *
 * @param url where the request goes
 * @param headers sent with each request; values may be or hold secret references
 * @param maxResponseBytes a larger response is a {@code schema_mismatch}
 */
record HttpSettings(URI url, Map<String, String> headers, int maxResponseBytes) {

  private static final int DEFAULT_RESPONSE_BYTES = 1_000_000;
  private static final int MOST_RESPONSE_BYTES = 64_000_000;

  static HttpSettings of(AgentRegistration agent) {
    SettingsReader reader = new SettingsReader(HttpAdapter.NAME, agent);
    String url =
        reader.requiredText("url", "give the address that takes the requests, http:// or https://");
    HttpSettings settings =
        new HttpSettings(
            url.isEmpty() ? URI.create("http://missing") : WebSettings.address(reader, "url", url),
            WebSettings.headers(reader),
            reader.size("maxResponseBytes", DEFAULT_RESPONSE_BYTES, MOST_RESPONSE_BYTES));
    reader.check();
    return settings;
  }
}
