package io.ligature.agent;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Settings that all adapters over HTTP take: addresses and headers. */
public final class WebSettings {

  private static final Set<String> OURS =
      caseless("content-type", "idempotency-key", "traceparent");

  private WebSettings() {}

  /** The address as text, refused unless it is {@code http(s)} with a host and no credentials. */
  public static URI address(SettingsReader reader, String key, String text) {
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
        key,
        "is not an address; give one with http:// or https:// and a host, and credentials in"
            + " settings.headers");
    return URI.create("http://refused");
  }

  /** The headers in {@code settings.headers}; values may be or hold secret references. */
  public static Map<String, String> headers(SettingsReader reader) {
    return headers(reader, OURS);
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
