package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A passage as {@code documents.search} hands it on. */
record Finding(String source, String title, String passage) {

  /** Most findings one call takes. */
  static final int MOST = 200;

  static List<Finding> list(JsonNode input) throws InvalidInputException {
    List<JsonNode> items = Json.list(input, "findings");
    if (items.size() > MOST) {
      throw new InvalidInputException("'findings' holds more than " + MOST + " entries");
    }
    List<Finding> findings = new ArrayList<>();
    for (JsonNode item : items) {
      String source = Json.text(item, "source");
      String title = Json.optionalText(item, "title");
      findings.add(new Finding(source, title == null ? source : title, Json.text(item, "passage")));
    }
    return findings;
  }
}
