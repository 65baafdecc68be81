package io.ligature.state.stream;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Parsed definitions, the last used ones; shared by all partitions and by the view. */
public final class PlanCache {

  private final DefinitionParser parser;
  private final Map<DefinitionRef, Plan> plans;

  public PlanCache(DefinitionParser parser, int most) {
    this.parser = parser;
    this.plans =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<DefinitionRef, Plan> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * @param text looked up only when the plan is not known
   */
  synchronized Plan plan(DefinitionRef ref, Supplier<WorkflowDefinition> text) {
    Plan known = plans.get(ref);
    if (known == null) {
      known = Plan.of(ref, parse(text.get()));
      plans.put(ref, known);
    }
    return known;
  }

  /**
   * @throws IllegalStateException when the text, which was found sound when it was put, no longer
   *     is
   */
  public Definition parse(WorkflowDefinition definition) {
    return switch (parser.parse(definition.getSource())) {
      case ParsedDefinition.Sound sound -> sound.definition();
      case ParsedDefinition.Refused refused ->
          throw new IllegalStateException(
              "definition "
                  + definition.getName()
                  + " version "
                  + definition.getVersion()
                  + " is not sound: "
                  + refused.problems().getFirst().in(definition.getName()));
    };
  }
}
