package io.ligature.state.ingest;

import io.ligature.avro.PinnedDefinition;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.ChildDefinitions.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides, when a root workflow is accepted, which versions the child workflows of its whole tree
 * run with: the asked one, or the newest there is at that moment.
 *
 * <p>Definitions may call one another in a circle: each call is decided once, and each text goes
 * with the start once.
 */
public final class ChildPins {

  /** To find that a definition does not exist, all there is has to be read each time. */
  private static final int MOST_MISSING = 20;

  private final Definitions definitions;
  private final Function<WorkflowDefinition, Set<Call>> calls;
  private final int most;

  /** Finds definitions; must not say "none" before it has read everything there is. */
  @FunctionalInterface
  public interface Definitions {
    Optional<WorkflowDefinition> find(String name, @Nullable Integer version);
  }

  /**
   * What was decided.
   *
   * @param pins one for each call
   * @param children each version that is called, but the root's own
   * @param violations calls that cannot be carried out; then the others count for nothing
   */
  public record Decision(
      List<PinnedDefinition> pins, List<WorkflowDefinition> children, List<String> violations) {}

  /** A definition version, of which there is one text. */
  private record Version(String name, int version) {
    static Version of(WorkflowDefinition definition) {
      return new Version(definition.getName(), definition.getVersion());
    }

    @Override
    public String toString() {
      return "'" + name + "' version " + version;
    }
  }

  /**
   * @param calls the children that a definition's own tasks ask for
   * @param most versions that one tree may call
   */
  public ChildPins(
      Definitions definitions, Function<WorkflowDefinition, Set<Call>> calls, int most) {
    this.definitions = definitions;
    this.calls = calls;
    this.most = most;
  }

  Decision decide(WorkflowDefinition root) {
    List<PinnedDefinition> pins = new ArrayList<>();
    List<WorkflowDefinition> children = new ArrayList<>();
    List<String> violations = new ArrayList<>();
    Set<Call> seen = new HashSet<>();
    Set<Version> known = new HashSet<>(Set.of(Version.of(root)));
    Queue<WorkflowDefinition> open = new ArrayDeque<>(List.of(root));
    for (WorkflowDefinition caller = open.poll(); caller != null; caller = open.poll()) {
      for (Call call : calls.apply(caller)) {
        if (!seen.add(call)) {
          continue;
        }
        WorkflowDefinition found = definitions.find(call.definition(), call.version()).orElse(null);
        if (found == null) {
          violations.add(missing(Version.of(caller), call));
          if (violations.size() == MOST_MISSING) {
            return refused(violations);
          }
          continue;
        }
        pins.add(pin(call, found));
        if (known.add(Version.of(found))) {
          if (children.size() == most) {
            violations.add(tooMany(Version.of(root)));
            return refused(violations);
          }
          children.add(found);
          open.add(found);
        }
      }
    }
    return violations.isEmpty() ? new Decision(pins, children, List.of()) : refused(violations);
  }

  private static Decision refused(List<String> violations) {
    return new Decision(List.of(), List.of(), violations);
  }

  private static PinnedDefinition pin(Call call, WorkflowDefinition found) {
    return new PinnedDefinition(
        call.definition(), call.version(), found.getVersion(), found.getSha256());
  }

  private static String missing(Version caller, Call call) {
    return "definition: "
        + caller
        + " calls "
        + (call.version() == null
            ? "'"
                + call.definition()
                + "', which does not exist; put it under /definitions/"
                + call.definition()
            : new Version(call.definition(), call.version())
                + ", which does not exist; name a version that does, or none for the newest");
  }

  private String tooMany(Version root) {
    return "definition: "
        + root
        + " calls, over all levels, more than "
        + most
        + " versions of definitions (ligature.definitions.max-children)";
  }
}
