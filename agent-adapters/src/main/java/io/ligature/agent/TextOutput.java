package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;

/** The output of an agent that answers with a text. */
final class TextOutput {

  private TextOutput() {}

  /** The JSON object or array that the text is; else an object with the field {@code text}. */
  static JsonNode of(String text) {
    try {
      JsonNode json = Payloads.JSON.readTree(text);
      if (json != null && json.isContainerNode()) {
        return json;
      }
    } catch (IOException e) {
      // Plain text, then.
    }
    return JsonNodeFactory.instance.objectNode().put("text", text);
  }
}
