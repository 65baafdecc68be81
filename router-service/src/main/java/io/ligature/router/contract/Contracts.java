package io.ligature.router.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that agents of one capability can stand in for one another: a new one must accept every
 * input that the others accept, and promise of its output what the others promise, as far as {@link
 * SchemaFit} can tell.
 */
public final class Contracts {

  private Contracts() {}

  /**
   * @param before the registration in whose place it comes; what it has not changed is not checked
   *     again
   * @param others all registered agents; those that drain or are shadows do not count
   */
  public static List<Clash> clashes(
      AgentRegistration agent,
      @Nullable AgentRegistration before,
      Collection<AgentRegistration> others) {
    List<Clash> clashes = new ArrayList<>();
    for (AgentCapability capability : agent.getCapabilities()) {
      if (before != null && capability.equals(of(before, capability.getName()).orElse(null))) {
        continue;
      }
      for (AgentRegistration other : others) {
        if (isRival(agent, other)) {
          of(other, capability.getName())
              .ifPresent(theirs -> compare(capability, other.getId(), theirs, clashes));
        }
      }
    }
    inGroup(agent, others).ifPresent(clashes::add);
    return clashes;
  }

  private static boolean isRival(AgentRegistration agent, AgentRegistration other) {
    return !other.getId().equals(agent.getId())
        && !other.getDraining()
        && other.getShadowShare() == null;
  }

  /** Members of a group share tasks, so they must have some to share. */
  private static Optional<Clash> inGroup(
      AgentRegistration agent, Collection<AgentRegistration> others) {
    String group = agent.getGroup();
    if (group == null) {
      return Optional.empty();
    }
    List<AgentRegistration> members =
        others.stream()
            .filter(other -> isRival(agent, other) && Objects.equals(group, other.getGroup()))
            .toList();
    boolean shares =
        members.stream()
            .flatMap(member -> member.getCapabilities().stream())
            .anyMatch(theirs -> of(agent, theirs.getName()).isPresent());
    if (members.isEmpty() || shares) {
      return Optional.empty();
    }
    return Optional.of(
        new Clash(
            agent.getCapabilities().getFirst().getName(),
            members.getFirst().getId(),
            "input",
            "",
            "no member of the group '" + group + "' has a capability in common with it",
            "agents of one group are versions of one another: choose another group"));
  }

  private static void compare(
      AgentCapability mine, String other, AgentCapability theirs, List<Clash> clashes) {
    String name = mine.getName();
    String remedy =
        "change the schema, register it under another capability such as '"
            + name
            + ".v2', or override with ?force=true";
    JsonNode ownInput = schema(mine.getInputSchema());
    JsonNode theirInput = schema(theirs.getInputSchema());
    if (!ownInput.isMissingNode() && !theirInput.isMissingNode()) {
      SchemaFit.problems(theirInput, ownInput, SchemaFit.Side.INPUT)
          .forEach(
              each ->
                  clashes.add(
                      new Clash(name, other, "input", each.pointer(), each.words(), remedy)));
    }
    JsonNode ownOutput = schema(mine.getOutputSchema());
    JsonNode theirOutput = schema(theirs.getOutputSchema());
    if (theirOutput.isMissingNode()) {
      return;
    }
    JsonNode promised = ownOutput.isMissingNode() ? Payloads.JSON.createObjectNode() : ownOutput;
    SchemaFit.problems(promised, theirOutput, SchemaFit.Side.OUTPUT)
        .forEach(
            each ->
                clashes.add(
                    new Clash(name, other, "output", each.pointer(), each.words(), remedy)));
  }

  private static Optional<AgentCapability> of(AgentRegistration agent, String capability) {
    return agent.getCapabilities().stream()
        .filter(each -> each.getName().equals(capability))
        .findFirst();
  }

  private static JsonNode schema(@Nullable String json) {
    try {
      return json == null ? MissingNode.getInstance() : Payloads.JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a registration holds no JSON Schema", e);
    }
  }
}
