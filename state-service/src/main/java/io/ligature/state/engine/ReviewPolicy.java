package io.ligature.state.engine;

import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import java.util.List;

/**
 * What a deployment says of all gates.
 *
 * @param risks the first that holds decides
 * @param sample least per cent of what passes that is reviewed all the same
 */
public record ReviewPolicy(List<Risk> risks, double sample) {

  public static final ReviewPolicy NONE = new ReviewPolicy(List.of(), 0);

  /** More is asked for at any gate; what passes is the definition's matter where it has risks. */
  List<Risk> risksAt(ReviewGate gate) {
    return gate.risks().isEmpty() ? risks : risks.stream().filter(risk -> !risk.pass()).toList();
  }
}
