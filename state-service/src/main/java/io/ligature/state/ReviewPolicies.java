package io.ligature.state;

import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.Expression;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import io.ligature.state.engine.ReviewPolicy;
import java.util.ArrayList;
import java.util.List;

/** Reads what the settings say of all gates, by the rules that hold for definitions. */
public final class ReviewPolicies {

  private static final String REVIEW = "ligature.state.review.";
  private static final int MOST_APPROVALS = 20;

  private ReviewPolicies() {}

  /**
   * @throws IllegalArgumentException that names the setting
   */
  public static ReviewPolicy of(StateSettings.Review settings, DefinitionParser parser) {
    double sample = settings.sample();
    check(sample >= 0 && sample <= 100, "sample", sample + " is not between 0 and 100");
    List<Risk> risks = new ArrayList<>();
    for (int i = 0; i < settings.risks().size(); i++) {
      risks.add(risk(settings.risks().get(i), "risks[" + i + "]", parser));
    }
    return new ReviewPolicy(List.copyOf(risks), sample);
  }

  private static Risk risk(StateSettings.ReviewRisk risk, String place, DefinitionParser parser) {
    String role = risk.role().orElse(null);
    Integer quorum = risk.quorum().orElse(null);
    String reason = risk.reason().orElse("");
    check(
        role == null || role.matches("[a-z][a-z0-9-]{0,63}"),
        place + ".role",
        "'" + role + "' is no role: give lower-case letters, digits and hyphens");
    check(
        quorum == null || (quorum >= 1 && quorum <= MOST_APPROVALS),
        place + ".quorum",
        quorum + " is not between 1 and " + MOST_APPROVALS);
    boolean changes = role != null || quorum != null;
    check(
        !risk.pass() || !changes,
        place + ".pass",
        "what passes has no reviewers: leave out role and quorum, or pass");
    check(risk.pass() || changes, place, "this rule changes nothing: give it role, quorum or pass");
    check(
        !risk.pass() || !reason.isBlank(),
        place + ".reason",
        "it is not said why this may pass: give a reason for the record");
    return new Risk(when(risk.when(), place + ".when", parser), role, quorum, risk.pass(), reason);
  }

  private static Expression when(String text, String key, DefinitionParser parser) {
    try {
      return parser.reviewCondition(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(REVIEW + key + ": " + e.getMessage(), e);
    }
  }

  private static void check(boolean holds, String key, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(REVIEW + key + ": " + otherwise);
    }
  }
}
