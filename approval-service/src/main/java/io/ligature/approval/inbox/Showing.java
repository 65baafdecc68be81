package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Payload;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON into what a person reads: texts as Markdown, lists of like objects as tables, the rest
 * as named values, deep parts folded. Bounded by the settings; what is left out is told.
 */
final class Showing {

  private static final int OPEN_DEPTH = 2;
  private static final int MOST_DEPTH = 24;
  private static final int MOST_COLUMNS = 8;
  private static final int LONG_LIST = 12;

  private final int maxText;
  private int left;
  private int grids;

  private Showing(InboxSettings settings) {
    this.left = settings.maxShown();
    this.maxText = settings.maxText();
  }

  static Shown of(JsonNode value, InboxSettings settings) {
    return new Showing(settings).show(value, 0);
  }

  /** Content that is not JSON is described; it is not for this page. */
  static Shown of(@Nullable Payload payload, InboxSettings settings) {
    if (payload == null) {
      return new Shown.Nothing();
    }
    return json(payload)
        .map(value -> of(value, settings))
        .orElseGet(
            () ->
                new Shown.Note(
                    "%s, %d bytes, SHA-256 %s%s"
                        .formatted(
                            payload.getContentType(),
                            payload.getSize(),
                            payload.getSha256(),
                            payload.getReference() == null
                                ? ""
                                : ", kept at " + payload.getReference())));
  }

  /** Empty when the content is not JSON or kept elsewhere. */
  static java.util.Optional<JsonNode> json(@Nullable Payload payload) {
    if (payload == null || payload.getInline() == null) {
      return java.util.Optional.empty();
    }
    try {
      return java.util.Optional.of(Payloads.parse(payload));
    } catch (IllegalArgumentException e) {
      return java.util.Optional.empty();
    }
  }

  /** The value as it is, for those who want to see that; cut at the same length as any text. */
  static String source(JsonNode value, InboxSettings settings) {
    String text = pretty(value);
    int most = settings.maxText() * 10;
    return text.length() <= most
        ? text
        : text.substring(0, most) + "\n… and " + (text.length() - most) + " characters more";
  }

  static String pretty(JsonNode value) {
    try {
      return Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  private Shown show(JsonNode value, int depth) {
    left--;
    if (value.isNull() || value.isMissingNode()) {
      return new Shown.Nothing();
    }
    if (value.isTextual()) {
      return text(value.textValue());
    }
    if (!value.isContainerNode()) {
      return new Shown.Plain(scalar(value));
    }
    if (value.isEmpty()) {
      return new Shown.Note(value.isArray() ? "an empty list" : "an empty object");
    }
    if (depth >= MOST_DEPTH) {
      return new Shown.Note("nested too deep to be shown; see the JSON");
    }
    if (left <= 0) {
      return new Shown.Note(value.size() + " entries more; see the JSON");
    }
    Shown shown = value.isArray() ? list(value, depth) : members(value, depth);
    return depth > OPEN_DEPTH || (depth > 0 && value.size() > LONG_LIST)
        ? new Shown.Folded(value.size() + (value.size() == 1 ? " entry" : " entries"), shown)
        : shown;
  }

  private Shown text(String whole) {
    String text = whole;
    if (whole.length() > maxText) {
      text =
          whole.substring(0, maxText) + "\n\n… and " + (whole.length() - maxText) + " characters";
    }
    if (text.isBlank()) {
      return new Shown.Note("an empty text");
    }
    return Markdown.looksLike(text) ? new Shown.Rich(Markdown.render(text)) : new Shown.Plain(text);
  }

  private static String scalar(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue() ? "yes" : "no";
    }
    return value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
  }

  private Shown members(JsonNode object, int depth) {
    List<Shown.Member> members = new ArrayList<>();
    for (var entry : object.properties()) {
      if (left <= 0) {
        members.add(new Shown.Member("…", more(object.size() - members.size())));
        break;
      }
      members.add(new Shown.Member(Labels.of(entry.getKey()), show(entry.getValue(), depth + 1)));
    }
    return new Shown.Members(members);
  }

  private Shown list(JsonNode array, int depth) {
    Set<String> columns = columns(array);
    return columns.isEmpty() ? bullets(array, depth) : grid(array, columns, depth);
  }

  private Shown bullets(JsonNode array, int depth) {
    List<Shown> items = new ArrayList<>();
    for (JsonNode item : array) {
      if (left <= 0) {
        items.add(more(array.size() - items.size()));
        break;
      }
      items.add(show(item, depth + 1));
    }
    return new Shown.Bullets(items);
  }

  private Shown grid(JsonNode array, Set<String> columns, int depth) {
    List<List<Shown>> rows = new ArrayList<>();
    boolean inner = grids > 0;
    grids++;
    for (JsonNode item : array) {
      if (left <= 0) {
        List<Shown> last = new ArrayList<>();
        last.add(more(array.size() - rows.size()));
        columns.stream().skip(1).forEach(any -> last.add(new Shown.Nothing()));
        rows.add(last);
        break;
      }
      rows.add(columns.stream().map(name -> show(item.path(name), depth + 1)).toList());
    }
    grids--;
    return new Shown.Grid(columns.stream().map(Labels::of).toList(), rows, inner);
  }

  private static Shown more(int count) {
    return new Shown.Note(count + " more; see the JSON");
  }

  /** Of a table; empty when the elements are not objects or have too many members for one. */
  private static Set<String> columns(JsonNode array) {
    Set<String> columns = new LinkedHashSet<>();
    for (JsonNode item : array) {
      if (!item.isObject()) {
        return Set.of();
      }
      item.fieldNames().forEachRemaining(columns::add);
      if (columns.size() > MOST_COLUMNS) {
        return Set.of();
      }
    }
    return columns;
  }
}
