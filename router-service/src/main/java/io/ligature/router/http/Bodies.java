package io.ligature.router.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ligature.schemas.wire.Payloads;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads request bodies in JSON or YAML. */
final class Bodies {

  static final String YAML = "application/yaml";

  private static final ObjectMapper YAML_MAPPER =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Bodies() {}

  /** The YAML documents of a text, each an object. */
  static List<ObjectNode> documents(String yaml) {
    List<ObjectNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> read = YAML_MAPPER.readerFor(JsonNode.class).readValues(yaml)) {
      while (read.hasNextValue()) {
        if (!(read.nextValue() instanceof ObjectNode object)) {
          throw Problem.invalid("Not an object", List.of("each document must be a YAML object"));
        }
        documents.add(object);
      }
      return documents;
    } catch (IOException e) {
      throw Problem.invalid("Not readable", List.of("not YAML: " + e.getMessage()));
    }
  }

  static ObjectNode object(String body, HttpHeaders headers) {
    MediaType type = headers.getMediaType();
    boolean yaml = type != null && type.getSubtype().contains("yaml");
    try {
      JsonNode node = (yaml ? YAML_MAPPER : Payloads.JSON).readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw Problem.invalid(
          "Not an object", List.of("the body must be one " + (yaml ? "YAML" : "JSON") + " object"));
    } catch (JsonProcessingException e) {
      throw Problem.invalid(
          "Not readable",
          List.of(
              "the body is not "
                  + (yaml ? "YAML" : "JSON")
                  + ": line "
                  + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
                  + ": "
                  + e.getOriginalMessage()));
    }
  }
}
