package io.ligature.approval.stream;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an edit smuggles in beside what the schema looks at: members that neither the schema names
 * nor the output under review has, where the schema does not say that others may be there; and
 * numbers of a few characters that fill a memory when they are written out.
 */
final class NewMembers {

  /** Deeper is refused; as deep as what is hidden from others is looked for. */
  static final int MOST_DEPTH = 64;

  static final int MOST_DIGITS = 400;
  private static final int LONGEST_NAME = 100;

  private final SchemaPlaces schema;
  private final int most;
  private final List<String> violations = new ArrayList<>();

  private NewMembers(JsonNode schema, int most) {
    this.schema = new SchemaPlaces(schema);
    this.most = most;
  }

  /** What is nested or numbered so that nobody should look at it any closer. */
  static List<String> beyondMeasure(JsonNode value, int most) {
    return violations(MissingNode.getInstance(), MissingNode.getInstance(), value, most);
  }

  /**
   * @param schema missing: none
   * @param before the output under review; missing: none
   * @param most violations that are told
   * @return each with the JSON pointer of its place
   */
  static List<String> violations(JsonNode schema, JsonNode before, JsonNode after, int most) {
    NewMembers search = new NewMembers(schema, most);
    search.look(after, List.of(before), search.schema.root(), JsonPointer.empty(), 0);
    return search.violations;
  }

  /**
   * @param before what stood in this place, or in its like in other elements of the list
   */
  private void look(
      JsonNode value, List<JsonNode> before, List<JsonNode> place, JsonPointer at, int depth) {
    if (depth >= MOST_DEPTH && value.isContainerNode()) {
      tell(at, "this is nested deeper than " + MOST_DEPTH + " levels");
    } else if (value.isObject()) {
      // Where neither says what there is, there is nothing to go beyond.
      boolean described =
          before.stream().anyMatch(JsonNode::isObject) || SchemaPlaces.describesMembers(place);
      for (var member : value.properties()) {
        String name = member.getKey();
        JsonPointer below = at.appendProperty(shortened(name));
        List<JsonNode> known =
            before.stream().filter(each -> each.has(name)).map(each -> each.get(name)).toList();
        if (described && known.isEmpty() && !SchemaPlaces.allows(place, name)) {
          tell(
              below,
              "neither the schema nor the output under review has this member, and the schema does"
                  + " not say that others may be added");
        } else {
          look(member.getValue(), known, schema.member(place, name), below, depth + 1);
        }
      }
    } else if (value.isArray()) {
      List<JsonNode> known = new ArrayList<>();
      before.stream().filter(JsonNode::isArray).forEach(list -> list.forEach(known::add));
      List<JsonNode> items = schema.items(place);
      for (int i = 0; i < value.size(); i++) {
        look(value.get(i), known, items, at.appendIndex(i), depth + 1);
      }
    } else if (value.isNumber() && isHuge(value.decimalValue())) {
      tell(at, "this number has more than " + MOST_DIGITS + " digits");
    }
  }

  private static boolean isHuge(BigDecimal number) {
    return number.precision() > MOST_DIGITS
        || Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS;
  }

  private void tell(JsonPointer at, String what) {
    if (violations.size() < most) {
      violations.add(String.format(Locale.ROOT, "%s: %s", at.matches() ? "/" : at, what));
    }
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }
}
