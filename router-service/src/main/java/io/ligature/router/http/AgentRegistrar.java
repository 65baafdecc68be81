package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.AgentRegistration;
import io.ligature.router.contract.Clash;
import io.ligature.router.contract.Contracts;
import io.ligature.router.stream.AgentPage;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.EntityTag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Registers agents: reads what an operator wrote, compares it with what is registered, and writes
 * only what is new. What it compares with is this router's own view, which another router's writes
 * reach a moment later.
 */
@ApplicationScoped
public class AgentRegistrar {

  private static final Logger LOG = Logger.getLogger(AgentRegistrar.class);
  private static final int PAGE = 1_000;
  private static final String ANY = "*";

  private final RouterRuntime router;
  private final String currency;

  public AgentRegistrar(
      RouterRuntime router,
      @ConfigProperty(name = "ligature.currency", defaultValue = "USD") String currency) {
    this.router = router;
    this.currency = currency;
  }

  /** What came of it. */
  enum Change {
    CREATED,
    CHANGED,
    UNCHANGED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param force although schemas clash
   * @param dryRun check, but write nothing
   * @param ifMatch tag that the present registration must have; null: any or none
   * @param ifNoneMatch {@code *}: there must be none; null: any or none
   */
  record Terms(
      boolean force, boolean dryRun, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
    static final Terms NONE = new Terms(false, false, null, null);
  }

  record Outcome(AgentRegistration registration, Change change) {}

  Outcome register(String id, ObjectNode body, String actor, Terms terms) {
    AgentRegistration before = router.agent(id).map(AgentPage.Entry::registration).orElse(null);
    check(id, before, terms);
    AgentRegistration wanted = AgentForm.read(id, body, before, actor, router.now(), currency);
    if (before != null && tagOf(before).equals(tagOf(wanted))) {
      return new Outcome(before, Change.UNCHANGED);
    }
    List<Clash> clashes = Contracts.clashes(wanted, before, all());
    if (!clashes.isEmpty() && !terms.force) {
      throw refused(id, clashes);
    }
    if (!terms.dryRun) {
      router.put(wanted);
      LOG.infof(
          "agent registered: agent=%s actor=%s clashesOverridden=%d", id, actor, clashes.size());
    }
    return new Outcome(wanted, before == null ? Change.CREATED : Change.CHANGED);
  }

  /** Of what the operator said, whoever said it and whenever. */
  static EntityTag tagOf(AgentRegistration registration) {
    ObjectNode said = AgentView.of(registration);
    said.remove(List.of("registeredAt", "registeredBy"));
    return new EntityTag(
        Payloads.of(Payloads.JSON_TYPE, said.toString().getBytes(StandardCharsets.UTF_8))
            .getSha256()
            .substring(0, 32));
  }

  private static void check(String id, @Nullable AgentRegistration before, Terms terms) {
    String wanted = terms.ifMatch;
    if (wanted != null && (before == null || !matches(wanted, before))) {
      throw new Problem(
          412,
          "Not the registration you saw",
          before == null
              ? "no agent has the id '" + id + "'; leave If-Match out to register it"
              : "the registration of '"
                  + id
                  + "' is another by now: its ETag is \""
                  + tagOf(before).getValue()
                  + "\"; look at it and try again",
          List.of());
    }
    if (ANY.equals(terms.ifNoneMatch) && before != null) {
      throw new Problem(
          412,
          "There is one already",
          "an agent has the id '" + id + "'; leave If-None-Match out to replace it",
          List.of());
    }
  }

  private static boolean matches(String wanted, AgentRegistration before) {
    String tag = tagOf(before).getValue();
    for (String each : wanted.split(",", -1)) {
      String told = each.strip();
      if (told.equals(ANY) || told.equals("\"" + tag + "\"") || told.equals(tag)) {
        return true;
      }
    }
    return false;
  }

  private List<AgentRegistration> all() {
    List<AgentRegistration> all = new ArrayList<>();
    String cursor = null;
    do {
      AgentPage page = router.agents(cursor, PAGE);
      page.agents().forEach(each -> all.add(each.registration()));
      cursor = page.next();
    } while (cursor != null);
    return all;
  }

  private static Problem refused(String id, List<Clash> clashes) {
    ArrayNode told = Payloads.JSON.createArrayNode();
    for (Clash clash : clashes) {
      told.addObject()
          .put("capability", clash.capability())
          .put("agent", clash.agent())
          .put("side", clash.side())
          .put("pointer", clash.pointer())
          .put("problem", clash.problem())
          .put("remedy", clash.remedy());
    }
    return new Problem(
            409,
            "The agent cannot stand in for others",
            "'" + id + "' claims a capability of other agents, but its schemas do not fit theirs",
            clashes.stream().map(Clash::toString).toList())
        .with("clashes", told);
  }
}
