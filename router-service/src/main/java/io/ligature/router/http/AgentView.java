package io.ligature.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Price;
import io.ligature.router.stream.AgentPage.Entry;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An agent as the API shows it: what was registered, and {@code status} for how it does. */
final class AgentView {

  private AgentView() {}

  static ObjectNode of(Entry entry) {
    ObjectNode view = of(entry.registration());
    ObjectNode status = view.putObject("status");
    status.put("alive", entry.alive());
    status.put("inFlight", entry.inFlight());
    status.put("outstanding", entry.outstanding());
    put(status, "cooldownUntil", entry.cooldownUntil());
    put(status, "heartbeatAt", entry.heartbeatAt());
    Duration latency = entry.latency();
    status.put("latency", latency == null ? null : latency.toString());
    status.put("succeeded", entry.succeeded());
    status.put("failed", entry.failed());
    status.put("acceptance", entry.acceptance());
    return view;
  }

  static ObjectNode of(AgentRegistration agent) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("id", agent.getId());
    view.put("version", agent.getVersion());
    view.put("description", agent.getDescription());
    ArrayNode capabilities = view.putArray("capabilities");
    for (AgentCapability capability : agent.getCapabilities()) {
      ObjectNode each = capabilities.addObject().put("name", capability.getName());
      putJson(each, "inputSchema", capability.getInputSchema());
      putJson(each, "outputSchema", capability.getOutputSchema());
    }
    view.put("adapter", agent.getAdapter());
    putJson(view, "settings", agent.getSettings());
    price(view.putObject("price"), agent.getPrice());
    view.put("allowUnknownPrice", agent.getAllowUnknownPrice());
    ObjectNode limits = view.putObject("limits");
    limits.put("concurrency", agent.getLimits().getConcurrency());
    limits.put("requestsPerMinute", agent.getLimits().getRequestsPerMinute());
    limits.put("tokensPerMinute", agent.getLimits().getTokensPerMinute());
    limits.put("quota", agent.getLimits().getQuota());
    view.put("contextWindow", agent.getContextWindow());
    Long latency = agent.getExpectedLatency();
    view.put("expectedLatency", latency == null ? null : Duration.ofMillis(latency).toString());
    view.put("expectedAcceptance", agent.getExpectedAcceptance());
    view.put("pool", agent.getPool());
    view.put("group", agent.getGroup());
    view.put("weight", agent.getWeight());
    view.put("fallbackTier", agent.getFallbackTier());
    view.put("shadowShare", agent.getShadowShare());
    agent.getTenants().forEach(view.putArray("tenants")::add);
    ObjectNode tags = view.putObject("tags");
    new TreeMap<>(agent.getTags()).forEach(tags::put);
    view.put("draining", agent.getDraining());
    view.put("registeredAt", agent.getRegisteredAt().toString());
    view.put("registeredBy", agent.getRegisteredBy());
    return view;
  }

  private static void price(ObjectNode view, Price price) {
    put(view, "perCall", price.getPerCall());
    put(view, "perMillionInputTokens", price.getPerMillionInputTokens());
    put(view, "perMillionCachedInputTokens", price.getPerMillionCachedInputTokens());
    put(view, "perMillionOutputTokens", price.getPerMillionOutputTokens());
    view.put("currency", price.getCurrency());
    put(view, "validFrom", price.getValidFrom());
    put(view, "validUntil", price.getValidUntil());
  }

  private static void put(ObjectNode view, String field, @Nullable BigDecimal amount) {
    view.put(field, amount == null ? null : Money.of(amount).toString());
  }

  private static void put(ObjectNode view, String field, @Nullable Instant instant) {
    view.put(field, instant == null ? null : instant.toString());
  }

  private static void putJson(ObjectNode view, String field, @Nullable String json) {
    try {
      JsonNode node = json == null ? null : Payloads.JSON.readTree(json);
      view.set(field, node);
    } catch (IOException e) {
      throw new UncheckedIOException("a registration holds no JSON in " + field, e);
    }
  }
}
