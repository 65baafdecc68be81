package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose list it is: a value, so that another instance can be asked for them.
 *
 * @param roles of the one who asks
 */
public record ReviewScope(String tenant, String name, List<String> roles, Reach reach) {

  /** How far one's eyes go. */
  public enum Reach {
    /** All reviews of the tenant. */
    TENANT,
    /** What one may act on or has acted on. */
    CONCERNED,
    /** What one may decide. */
    DECIDABLE
  }

  public ReviewScope {
    roles = List.copyOf(roles);
  }

  public ReviewScope reaching(Reach other) {
    return new ReviewScope(tenant, name, roles, other);
  }

  public boolean covers(ReviewSummary review) {
    return tenant.equals(review.tenant())
        && switch (reach) {
          case TENANT -> true;
          case CONCERNED -> review.isFor(name, roles) || review.wasActedOnBy(name);
          case DECIDABLE -> review.isFor(name, roles);
        };
  }

  /** Each review that is covered has at least one of these. */
  Set<String> terms() {
    if (reach == Reach.TENANT) {
      return Set.of(Terms.ANY);
    }
    Set<String> terms = new LinkedHashSet<>();
    terms.add(Terms.person(name));
    roles.forEach(role -> terms.add(Terms.role(role)));
    return terms;
  }

  ObjectNode json() {
    ObjectNode json =
        Payloads.JSON
            .createObjectNode()
            .put("tenant", tenant)
            .put("name", name)
            .put("reach", reach.name());
    roles.forEach(json.putArray("roles")::add);
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static ReviewScope of(JsonNode json) {
    return new ReviewScope(
        Wire.text(json, "tenant"),
        Wire.text(json, "name"),
        json.path("roles").valueStream().map(JsonNode::asText).toList(),
        Reach.valueOf(Wire.text(json, "reach")));
  }
}
