package io.ligature.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator writes about an agent, read and checked as a whole. */
final class AgentForm {

  static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern POOL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,49}");
  private static final Pattern QUOTA = Pattern.compile("\\S{1,128}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final int MOST_TIERS = 100;
  private static final Pattern VERSION = Pattern.compile("\\S{1,64}");
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(secret|passw|api[-_.]?key|authorization|credential|private[-_.]?key"
              + "|access[-_.]?key|(^|[-_.]|[a-z])token$).*");

  /** As executors look them up: a reference as a whole, or within a text in braces. */
  private static final Pattern REFERENCE =
      Pattern.compile("(env|file):.+|.*\\$\\{(env|file):[^}]+}.*");

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** Words that stand where ids do in addresses. */
  private static final Set<String> RESERVED = Set.of("statistics");

  private AgentForm() {}

  /**
   * @param before the registration in whose place it comes; it stays draining if it was and the
   *     body does not say
   * @param currency the deployment's
   */
  static AgentRegistration read(
      String id,
      ObjectNode body,
      @Nullable AgentRegistration before,
      String actor,
      Instant now,
      String currency) {
    List<String> violations = new ArrayList<>();
    Fields fields = new Fields(body, "", violations);
    if (!ID.matcher(id).matches()) {
      fields.refuse("id", "'" + id + "' does not match " + ID.pattern());
    }
    if (RESERVED.contains(id)) {
      fields.refuse("id", "'" + id + "' is an address of the API; choose another");
    }
    String told = fields.text("id", id);
    if (!told.equals(id)) {
      fields.refuse("id", "'" + told + "' in the body is not the '" + id + "' of the address");
    }
    AgentRegistration registration =
        new AgentRegistration(
            id,
            fields.name("version", "1", VERSION),
            fields.text("description", ""),
            capabilities(fields, violations),
            fields.name("adapter", null, ID),
            settings(fields, violations),
            price(fields.nested("price"), currency),
            fields.flag("allowUnknownPrice"),
            limits(fields.nested("limits")),
            fields.whole("contextWindow", 1),
            fields.duration("expectedLatency"),
            fields.share("expectedAcceptance"),
            fields.name("pool", "default", POOL),
            fields.texts("tenants"),
            tags(fields),
            fields.flag("draining", before != null && before.getDraining()),
            now,
            actor,
            fields.nameOrNone("group", ID),
            weight(fields),
            tier(fields),
            fields.share("shadowShare"));
    fields.refuseUnknown();
    if (!violations.isEmpty()) {
      throw Problem.invalid("The agent is refused", violations);
    }
    return registration;
  }

  /** The same, but for whether it drains. */
  static AgentRegistration draining(
      AgentRegistration agent, boolean draining, String actor, Instant now) {
    return new AgentRegistration(
        agent.getId(),
        agent.getVersion(),
        agent.getDescription(),
        agent.getCapabilities(),
        agent.getAdapter(),
        agent.getSettings(),
        agent.getPrice(),
        agent.getAllowUnknownPrice(),
        agent.getLimits(),
        agent.getContextWindow(),
        agent.getExpectedLatency(),
        agent.getExpectedAcceptance(),
        agent.getPool(),
        agent.getTenants(),
        agent.getTags(),
        draining,
        now,
        actor,
        agent.getGroup(),
        agent.getWeight(),
        agent.getFallbackTier(),
        agent.getShadowShare());
  }

  private static double weight(Fields fields) {
    Double weight = fields.number("weight");
    return weight == null ? 1.0 : weight;
  }

  private static int tier(Fields fields) {
    Long tier = fields.whole("fallbackTier", 0);
    if (tier != null && tier > MOST_TIERS) {
      fields.refuse("fallbackTier", "must be at most " + MOST_TIERS);
    }
    return tier == null ? 0 : (int) Math.min(tier, MOST_TIERS);
  }

  private static Price price(Fields fields, String currency) {
    Price price =
        new Price(
            fields.amount("perCall"),
            fields.amount("perMillionInputTokens"),
            fields.amount("perMillionCachedInputTokens"),
            fields.amount("perMillionOutputTokens"),
            fields.nameOrNone("currency", CURRENCY),
            fields.instant("validFrom"),
            fields.instant("validUntil"));
    String told = price.getCurrency();
    if (told != null && !told.equals(currency)) {
      fields.refuse(
          "currency",
          "'"
              + told
              + "' is not the deployment's currency (ligature.currency="
              + currency
              + "); give the price in "
              + currency);
    }
    Instant from = price.getValidFrom();
    Instant until = price.getValidUntil();
    if (from != null && until != null && !until.isAfter(from)) {
      fields.refuse("validUntil", until + " is not after validFrom (" + from + ")");
    }
    fields.refuseUnknown();
    return price;
  }

  private static AgentLimits limits(Fields fields) {
    AgentLimits limits =
        new AgentLimits(
            fields.count("concurrency"),
            fields.count("requestsPerMinute"),
            fields.whole("tokensPerMinute", 1),
            fields.nameOrNone("quota", QUOTA));
    fields.refuseUnknown();
    return limits;
  }

  private static Map<String, String> tags(Fields fields) {
    Map<String, String> tags = new LinkedHashMap<>();
    fields
        .object("tags")
        .properties()
        .forEach(
            tag -> {
              if (!tag.getValue().isValueNode()) {
                fields.refuse("tags." + tag.getKey(), "must be a text");
              }
              tags.put(tag.getKey(), tag.getValue().asText());
            });
    return tags;
  }

  private static List<AgentCapability> capabilities(Fields fields, List<String> violations) {
    JsonNode list = fields.take("capabilities");
    List<AgentCapability> capabilities = new ArrayList<>();
    Set<String> names = new HashSet<>();
    if (!list.isArray() || list.isEmpty()) {
      fields.refuse("capabilities", "must be a list with at least one entry");
      return capabilities;
    }
    for (int i = 0; i < list.size(); i++) {
      String path = "capabilities[" + i + "].";
      if (!list.get(i).isObject()) {
        fields.refuse("capabilities[" + i + "]", "must be an object with a name");
        continue;
      }
      Fields each = new Fields(list.get(i), path, violations);
      String name = each.name("name", null, ID);
      if (!names.add(name)) {
        each.refuse("name", "'" + name + "' is there twice");
      }
      capabilities.add(
          new AgentCapability(name, schema(each, "inputSchema"), schema(each, "outputSchema")));
      each.refuseUnknown();
    }
    return capabilities;
  }

  private static @Nullable String schema(Fields fields, String field) {
    JsonNode schema = fields.take(field);
    if (schema.isMissingNode()) {
      return null;
    }
    if (!schema.isObject() && !schema.isBoolean()) {
      fields.refuse(field, "must be a JSON Schema");
      return null;
    }
    String dialect =
        schema.path("$schema").asText(SpecificationVersion.DRAFT_2020_12.getDialectId());
    Optional<SpecificationVersion> version = SpecificationVersion.fromDialectId(dialect);
    if (version.isEmpty()) {
      fields.refuse(
          field + ".$schema",
          "'"
              + dialect
              + "' is not known; use "
              + SpecificationVersion.DRAFT_2020_12.getDialectId());
      return null;
    }
    Schema meta = SCHEMAS.getSchema(SchemaLocation.of(version.get().getDialectId()));
    meta.validate(schema)
        .forEach(
            error ->
                fields.refuse(
                    field + error.getInstanceLocation(),
                    "not a well-formed JSON Schema: " + error.getMessage()));
    return schema.toString();
  }

  private static String settings(Fields fields, List<String> violations) {
    JsonNode settings = fields.object("settings");
    if (settings.isMissingNode()) {
      return "{}";
    }
    refuseSecrets("settings", false, settings, violations);
    return settings.toString();
  }

  private static void refuseSecrets(
      String path, boolean secret, JsonNode node, List<String> violations) {
    if (node.isTextual() && secret && !REFERENCE.matcher(node.textValue()).matches()) {
      violations.add(
          path + ": looks like a secret; give a reference, env:NAME or file:/path, instead");
    }
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      boolean named = SECRET_KEY.matcher(each.getKey()).matches();
      refuseSecrets(path + "." + each.getKey(), secret || named, each.getValue(), violations);
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        refuseSecrets(path + "[" + i + "]", secret, node.get(i), violations);
      }
    }
  }
}
