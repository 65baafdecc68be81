package io.ligature.approval.inbox;

import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * Styles and scripts of the page. Their addresses hold a hash of their content, so that browsers
 * may keep them for good.
 */
@ApplicationScoped
class Assets {

  private static final String WEBJARS = "META-INF/resources/webjars/";

  private final Map<String, Asset> byAddress = new HashMap<>();

  /** A file as it is served. */
  record Asset(String address, String type, String content) {}

  private final Asset pico =
      add("pico.css", "text/css", webjar("picocss__pico", "css/pico.min.css"));
  private final Asset style = add("inbox.css", "text/css", read("inbox/inbox.css"));
  private final Asset htmx =
      add("htmx.js", "text/javascript", webjar("htmx.org", "dist/htmx.min.js"));
  private final Asset script = add("inbox.js", "text/javascript", read("inbox/inbox.js"));

  Frame frame(String title, String user, String token) {
    return new Frame(
        title,
        user,
        token,
        UUID.randomUUID().toString(),
        pico.address(),
        style.address(),
        htmx.address(),
        script.address());
  }

  Optional<Asset> find(String hash, String name) {
    return Optional.ofNullable(byAddress.get(address(hash, name)));
  }

  private Asset add(String name, String type, String content) {
    String address =
        address(Payloads.sha256(content.getBytes(StandardCharsets.UTF_8)).substring(0, 16), name);
    Asset asset = new Asset(address, type + ";charset=UTF-8", content);
    byAddress.put(address, asset);
    return asset;
  }

  private static String address(String hash, String name) {
    return "/inbox/assets/" + hash + "/" + name;
  }

  /** The library says its version itself, so that it stands in one place. */
  private static String webjar(String library, String file) {
    Properties properties = new Properties();
    try (InputStream in = open("META-INF/maven/org.webjars.npm/" + library + "/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the version of " + library + " cannot be read", e);
    }
    return read(WEBJARS + library + "/" + properties.getProperty("version") + "/" + file);
  }

  private static String read(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(resource + " is not on the class path");
    }
    return in;
  }
}
