package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which parts of a JSON Schema speak about which place of a value: itself, what it refers to and
 * what it is put together from, whether or not that branch holds.
 *
 * <p>Where the schema refers to something that cannot be found in it, {@link #UNKNOWN} stands among
 * the parts.
 */
public final class SchemaPlaces {

  /** What a reference that leads nowhere stands for. */
  public static final JsonNode UNKNOWN = MissingNode.getInstance();

  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef", "$recursiveRef");
  private static final List<String> COMPOUND = List.of("allOf", "anyOf", "oneOf");
  private static final List<String> BRANCHES = List.of("if", "then", "else");

  private final JsonNode schema;

  /**
   * @param schema missing or {@code true}: says nothing
   */
  public SchemaPlaces(JsonNode schema) {
    this.schema = schema;
  }

  /** The parts that speak about the whole value. */
  public List<JsonNode> root() {
    return schema.isObject() ? expanded(List.of(schema)) : List.of();
  }

  /** The parts that speak about that member of an object at this place. */
  public List<JsonNode> member(List<JsonNode> place, String name) {
    List<JsonNode> below = new ArrayList<>();
    for (JsonNode part : place) {
      JsonNode properties = part.path("properties");
      boolean named = properties.has(name);
      if (named) {
        below.add(properties.get(name));
      }
      for (var pattern : part.path("patternProperties").properties()) {
        if (matches(pattern.getKey(), name)) {
          named = true;
          below.add(pattern.getValue());
        }
      }
      if (!named) {
        below.add(part.path("additionalProperties"));
      }
      below.add(part.path("unevaluatedProperties"));
    }
    return expanded(below);
  }

  /** The parts that speak about the elements of a list at this place. */
  public List<JsonNode> items(List<JsonNode> place) {
    List<JsonNode> below = new ArrayList<>();
    for (JsonNode part : place) {
      below.add(part.path("items"));
      below.add(part.path("contains"));
      below.add(part.path("unevaluatedItems"));
      part.path("prefixItems").forEach(below::add);
    }
    return expanded(below);
  }

  /** Whether the schema says anything about which members there are. */
  static boolean describesMembers(List<JsonNode> place) {
    return place.stream().anyMatch(part -> part.has("properties") || part.has("patternProperties"));
  }

  /** Whether the schema names the member, or says that members it does not name may be there. */
  static boolean allows(List<JsonNode> place, String name) {
    for (JsonNode part : place) {
      if (part.path("properties").has(name)
          || isGiven(part.path("additionalProperties"))
          || isGiven(part.path("unevaluatedProperties"))) {
        return true;
      }
      for (var pattern : part.path("patternProperties").properties()) {
        if (matches(pattern.getKey(), name)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isGiven(JsonNode others) {
    return others.isObject() || others.asBoolean(false);
  }

  /** A pattern that Java does not know counts as one that fits. */
  private static boolean matches(String pattern, String name) {
    try {
      return Pattern.compile(pattern).matcher(name).find();
    } catch (PatternSyntaxException e) {
      return true;
    }
  }

  /** Each part once, so that circles end. */
  private List<JsonNode> expanded(List<JsonNode> parts) {
    List<JsonNode> all = new ArrayList<>();
    Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    parts.forEach(part -> expand(part, all, seen));
    return all;
  }

  private void expand(JsonNode part, List<JsonNode> all, Set<JsonNode> seen) {
    if (!part.isObject() || !seen.add(part)) {
      return;
    }
    all.add(part);
    for (String word : REFERENCES) {
      if (part.path(word).isTextual()) {
        JsonNode target = target(part.get(word).textValue());
        if (target.isMissingNode()) {
          all.add(UNKNOWN);
        }
        expand(target, all, seen);
      }
    }
    for (String word : COMPOUND) {
      part.path(word).forEach(each -> expand(each, all, seen));
    }
    for (String word : BRANCHES) {
      expand(part.path(word), all, seen);
    }
    part.path("dependentSchemas").forEach(each -> expand(each, all, seen));
  }

  private JsonNode target(String reference) {
    try {
      URI address = URI.create(reference);
      String place = address.getFragment() == null ? "" : address.getFragment();
      if (!reference.startsWith("#")) {
        return UNKNOWN;
      }
      return place.isEmpty() || place.startsWith("/") ? schema.at(place) : anchor(place);
    } catch (IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  private JsonNode anchor(String name) {
    for (String word : List.of("$anchor", "$dynamicAnchor")) {
      for (JsonNode holder : schema.findParents(word)) {
        if (holder.path(word).asText().equals(name)) {
          return holder;
        }
      }
    }
    return UNKNOWN;
  }
}
