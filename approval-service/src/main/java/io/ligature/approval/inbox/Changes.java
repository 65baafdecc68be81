package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an edit changes, value by value; inside texts word by word.
 *
 * @param more changes that are not listed
 */
public record Changes(List<Change> list, int more) {

  /** A kept, added or removed piece of a text. */
  public record Piece(String kind, String text) {}

  /**
   * @param place names on the way to the value, such as "Findings › 2 › Title"
   */
  public record Change(String place, List<Piece> pieces) {}

  private static final int MOST_WORDS = 4_000;
  private static final int MOST_ELEMENTS = 2_000;
  private static final String KEPT = "kept";
  private static final String ADDED = "added";
  private static final String REMOVED = "removed";

  public Changes {
    list = List.copyOf(list);
  }

  public boolean none() {
    return list.isEmpty();
  }

  static Changes between(JsonNode before, JsonNode after, InboxSettings settings) {
    List<Change> found = new ArrayList<>();
    compare("", before, after, found);
    int most = Math.min(found.size(), settings.maxChanges());
    return new Changes(found.subList(0, most), found.size() - most);
  }

  private static void compare(String place, JsonNode before, JsonNode after, List<Change> found) {
    if (before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      objects(place, before, after, found);
    } else if (before.isArray()
        && after.isArray()
        && before.size() + after.size() <= MOST_ELEMENTS) {
      arrays(place, before, after, found);
    } else if (before.isTextual() && after.isTextual()) {
      found.add(new Change(name(place), words(before.textValue(), after.textValue())));
    } else {
      found.add(new Change(name(place), whole(before, after)));
    }
  }

  private static void objects(String place, JsonNode before, JsonNode after, List<Change> found) {
    Set<String> names = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      compare(below(place, Labels.of(name)), before.path(name), after.path(name), found);
    }
  }

  /** Elements that moved together are compared with each other, others came or went. */
  private static void arrays(String place, JsonNode before, JsonNode after, List<Change> found) {
    List<JsonNode> old = elements(before);
    List<JsonNode> now = elements(after);
    for (AbstractDelta<JsonNode> delta : DiffUtils.diff(old, now).getDeltas()) {
      List<JsonNode> source = delta.getSource().getLines();
      List<JsonNode> target = delta.getTarget().getLines();
      int pairs = delta.getType() == DeltaType.CHANGE ? Math.min(source.size(), target.size()) : 0;
      for (int i = 0; i < pairs; i++) {
        int position = delta.getTarget().getPosition() + i + 1;
        compare(below(place, String.valueOf(position)), source.get(i), target.get(i), found);
      }
      for (int i = pairs; i < source.size(); i++) {
        int position = delta.getSource().getPosition() + i + 1;
        found.add(
            new Change(
                below(place, String.valueOf(position)),
                List.of(new Piece(REMOVED, text(source.get(i))))));
      }
      for (int i = pairs; i < target.size(); i++) {
        int position = delta.getTarget().getPosition() + i + 1;
        found.add(
            new Change(
                below(place, String.valueOf(position)),
                List.of(new Piece(ADDED, text(target.get(i))))));
      }
    }
  }

  private static List<Piece> whole(JsonNode before, JsonNode after) {
    List<Piece> pieces = new ArrayList<>();
    boolean otherType = before.getNodeType() != after.getNodeType();
    if (!before.isMissingNode()) {
      pieces.add(new Piece(REMOVED, otherType ? typed(before, after) : text(before)));
    }
    if (!after.isMissingNode()) {
      pieces.add(new Piece(ADDED, otherType ? typed(after, before) : text(after)));
    }
    return pieces;
  }

  private static List<Piece> words(String before, String after) {
    List<String> old = split(before);
    List<String> now = split(after);
    if (old.size() + now.size() > MOST_WORDS) {
      return List.of(new Piece(REMOVED, before), new Piece(ADDED, after));
    }
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    for (AbstractDelta<String> delta : DiffUtils.diff(old, now).getDeltas()) {
      add(pieces, KEPT, old.subList(at, delta.getSource().getPosition()));
      add(pieces, REMOVED, delta.getSource().getLines());
      add(pieces, ADDED, delta.getTarget().getLines());
      at = delta.getSource().getPosition() + delta.getSource().getLines().size();
    }
    add(pieces, KEPT, old.subList(at, old.size()));
    return pieces;
  }

  private static void add(List<Piece> pieces, String kind, List<String> words) {
    if (!words.isEmpty()) {
      pieces.add(new Piece(kind, String.join("", words)));
    }
  }

  /** Words with the space behind them, so that joined pieces are the text again. */
  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("(?<=\\s)(?=\\S)", -1));
  }

  private static List<JsonNode> elements(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements;
  }

  private static String text(JsonNode value) {
    if (value.isContainerNode()) {
      return Showing.pretty(value);
    }
    String text = value.asText();
    return text.isEmpty() ? "(empty)" : text;
  }

  /** With quotes around a text that took the place of something else, so that 2 is not "2". */
  private static String typed(JsonNode value, JsonNode other) {
    return value.isTextual() && other.isValueNode() ? value.toString() : text(value);
  }

  private static String below(String place, String name) {
    return place.isEmpty() ? name : place + " › " + name;
  }

  private static String name(String place) {
    return place.isEmpty() ? "The whole output" : place;
  }
}
