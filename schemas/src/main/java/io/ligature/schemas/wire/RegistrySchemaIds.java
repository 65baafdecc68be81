package io.ligature.schemas.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Content ids from an Apicurio Registry (REST API v3).
 *
 * <p>Every record type is one artifact: its namespace is the group, its name the artifact id, as
 * the registry's own {@code RecordIdStrategy} has it. Registering is idempotent, and the rule
 * BACKWARD stands on each artifact, so that a schema that could not read the records already
 * written is refused when a service starts.
 */
public final class RegistrySchemaIds implements SchemaIds {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final URI api;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();

  private RegistrySchemaIds(URI registry) {
    this.api = URI.create(registry.toString().replaceAll("/+$", "") + "/apis/registry/v3");
  }

  /**
   * Registers every record type and puts the rule BACKWARD on it.
   *
   * @param registry base address, for example {@code http://localhost:8080}
   * @throws UncheckedIOException when the registry does not answer; worth another try
   * @throws IllegalStateException when it refuses a schema; not worth one
   */
  public static RegistrySchemaIds connect(URI registry) {
    RegistrySchemaIds connected = new RegistrySchemaIds(registry);
    for (Schema schema : Records.ALL) {
      connected.register(schema);
    }
    return connected;
  }

  @Override
  public int idOf(Schema schema) {
    Integer id = ids.get(schema.getFullName());
    if (id == null) {
      throw new IllegalArgumentException(
          schema.getFullName() + " is not among the records that stand on topics");
    }
    return id;
  }

  @Override
  public Schema writer(int id) {
    HttpResponse<String> content = get("/ids/contentIds/" + id);
    if (content.statusCode() == 404) {
      throw new UnknownSchemaException("the registry knows no schema of content id " + id);
    }
    JsonNode references = json(expectOk(get("/ids/contentIds/" + id + "/references")));
    return parse(expectOk(content), references, new Schema.Parser(), new HashMap<>());
  }

  /** Stock serializers may register nested records as artifacts of their own. */
  private Schema parse(
      String text, JsonNode references, Schema.Parser parser, Map<String, Schema> parsed) {
    for (JsonNode reference : references) {
      String version =
          artifact(
                  reference.path("groupId").asText("default"),
                  reference.path("artifactId").asText())
              + "/versions/"
              + encode(reference.path("version").asText());
      if (!parsed.containsKey(version)) {
        String nested = expectOk(get(version + "/content"));
        JsonNode further = json(expectOk(get(version + "/references")));
        parsed.put(version, parse(nested, further, parser, parsed));
      }
    }
    return parser.parse(text);
  }

  private void register(Schema schema) {
    ObjectNode content = Payloads.JSON.createObjectNode();
    content.put("content", schema.toString()).put("contentType", Payloads.JSON_TYPE);
    ObjectNode artifact = Payloads.JSON.createObjectNode();
    artifact.put("artifactId", schema.getName()).put("artifactType", "AVRO");
    artifact.putObject("firstVersion").set("content", content);
    HttpResponse<String> created =
        post(
            "/groups/"
                + encode(schema.getNamespace())
                + "/artifacts?ifExists=FIND_OR_CREATE_VERSION",
            artifact);
    if (created.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          "the registry at "
              + api
              + " refuses the schema of "
              + schema.getFullName()
              + ": "
              + json(created.body()).path("title").asText()
              + " (HTTP "
              + created.statusCode()
              + "); give each new field a default, or register the records under another registry");
    }
    ids.put(
        schema.getFullName(), json(created.body()).path("version").path("contentId").intValue());

    ObjectNode rule = Payloads.JSON.createObjectNode();
    rule.put("ruleType", "COMPATIBILITY").put("config", "BACKWARD");
    HttpResponse<String> ruled =
        post(artifact(schema.getNamespace(), schema.getName()) + "/rules", rule);
    if (ruled.statusCode() / 100 != 2 && ruled.statusCode() != 409) {
      throw new IllegalStateException(
          "the registry at "
              + api
              + " refuses the rule BACKWARD for "
              + schema.getFullName()
              + ": HTTP "
              + ruled.statusCode());
    }
  }

  private static String artifact(String group, String artifact) {
    return "/groups/" + encode(group) + "/artifacts/" + encode(artifact);
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(api + path)).GET());
  }

  private HttpResponse<String> post(String path, JsonNode body) {
    return send(
        HttpRequest.newBuilder(URI.create(api + path))
            .header("content-type", Payloads.JSON_TYPE)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      if (List.of(429, 500, 502, 503, 504).contains(response.statusCode())) {
        throw new IOException("HTTP " + response.statusCode());
      }
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException("the registry at " + api + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the registry", e);
    }
  }

  private String expectOk(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          "the registry answers HTTP " + response.statusCode() + " to " + response.uri());
    }
    return response.body();
  }

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("the registry's answer is not JSON", e);
    }
  }
}
