package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
  private static final Set<String> OURS =
      caseless("content-type", "idempotency-key", "traceparent");

  static HttpSettings of(AgentRegistration agent) {
    SettingsReader reader = new SettingsReader(HttpAdapter.NAME, agent);
    String url =
        reader.requiredText("url", "give the address that takes the requests, http:// or https://");
    HttpSettings settings =
        new HttpSettings(
            url.isEmpty() ? URI.create("http://missing") : uri(url, reader),
            headers(reader, OURS),
            reader.size("maxResponseBytes", DEFAULT_RESPONSE_BYTES, MOST_RESPONSE_BYTES));
    reader.check();
    return settings;
  }

  static URI uri(String text, SettingsReader reader) {
    try {
      URI uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, as another scheme is.
    }
    reader.refuse(
        "url",
        "is not an address; give one with http:// or https:// and a host, and credentials in"
            + " settings.headers");
    return URI.create("http://refused");
  }

  /**
   * @param ours names that the adapter sets itself
   */
  static Map<String, String> headers(SettingsReader reader, Set<String> ours) {
    Map<String, String> headers = reader.map("headers");
    for (String name : headers.keySet()) {
      if (ours.contains(name)) {
        reader.refuse("headers." + name, "is set by the executor; take it out");
      } else {
        try {
          HttpRequest.newBuilder().header(name, "any");
        } catch (IllegalArgumentException e) {
          reader.refuse("headers." + name, "is not a header that may be set; take it out");
        }
      }
    }
    return headers;
  }

  static Set<String> caseless(String... names) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(Set.of(names));
    return set;
  }
}
