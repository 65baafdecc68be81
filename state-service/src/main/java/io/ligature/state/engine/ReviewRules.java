package io.ligature.state.engine;

import io.ligature.avro.Decision;
import io.ligature.avro.Escalation;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import io.ligature.schemas.BusinessHours;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.ReviewTerms;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import io.ligature.schemas.definition.TaskDefinition.Silence;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who decides a review, and whether anyone has to. */
final class ReviewRules {

  private static final String ASKED = "the definition asks for an approval before it goes on";
  private static final int PARTS = 10_000;

  private ReviewRules() {}

  /**
   * What a gate comes to with what is known.
   *
   * @param reason why people are asked
   * @param passed why nobody is; null: people are
   */
  record Verdict(TaskDefinition.ReviewRule rule, String reason, @Nullable String passed) {}

  /** Who wrote a risk, in the words of the record. */
  private enum Author {
    DEFINITION("its risk", ""),
    DEPLOYMENT("the deployment's rule", "the deployment's rule: ");

    private final String whose;
    private final String passedBy;

    Author(String whose, String passedBy) {
      this.whose = whose;
      this.passedBy = passedBy;
    }
  }

  /**
   * The first risk of the definition that holds decides, and after it the first of the deployment,
   * which may only ask for more. What cannot be told passes nothing.
   */
  static Verdict verdict(Transition t, String task, ReviewGate gate) {
    ReviewPolicy policy = t.tuning().reviewPolicy();
    UnderReview about = new UnderReview(t, task);
    Verdict asked = new Verdict(gate.rule(), ASKED, null);
    Verdict own = first(gate.risks(), about, Author.DEFINITION, asked);
    Verdict verdict = first(policy.risksAt(gate), about, Author.DEPLOYMENT, own);
    String id = ReviewRow.id(t.state().workflowId(), task, t.task(task).reviews() + 1);
    return verdict.passed() != null && isSample(id, Math.max(gate.sample(), policy.sample()))
        ? new Verdict(
            gate.rule(),
            "a sample of what passes; it would have passed because: " + verdict.passed(),
            null)
        : verdict;
  }

  private static Verdict first(
      List<Risk> risks, UnderReview about, Author author, Verdict otherwise) {
    for (Risk risk : risks) {
      try {
        if (risk.when().isTrue(about.scope(risk.when()))) {
          return of(risk, author, otherwise);
        }
      } catch (ExpressionException e) {
        return new Verdict(
            otherwise.rule(),
            otherwise.reason() + "; " + author.whose + " could not be told: " + e.getMessage(),
            null);
      }
    }
    return otherwise;
  }

  private static Verdict of(Risk risk, Author author, Verdict before) {
    String why = risk.reason().isEmpty() ? risk.when().text() : risk.reason();
    if (risk.pass()) {
      return new Verdict(before.rule(), before.reason(), author.passedBy + why);
    }
    Integer quorum = risk.quorum();
    if (author == Author.DEPLOYMENT && quorum != null) {
      quorum = Math.max(quorum, before.rule().quorum());
    }
    return new Verdict(
        before.rule().of(risk.role(), quorum),
        before.reason() + "; " + author.whose + ": " + why,
        null);
  }

  /** The same review is always in the sample, or never. */
  static boolean isSample(String reviewId, double perCent) {
    String hash = Payloads.sha256(reviewId.getBytes(StandardCharsets.UTF_8));
    long number = Long.parseLong(hash.substring(0, 12), 16);
    return number % PARTS < Math.round(perCent * PARTS / 100);
  }

  static Silence silenceOf(TaskDefinition task) {
    return task.action() instanceof ReviewGate gate ? gate.silence() : Silence.REJECT;
  }

  static Decision decisionOf(Silence silence) {
    return switch (silence) {
      case REJECT -> Decision.reject;
      case ABORT -> Decision.abort;
      case APPROVE -> Decision.approve;
    };
  }

  /** In the words of the record. */
  static String meaning(Silence silence) {
    return "nobody decided in time; the definition says that "
        + switch (silence) {
          case REJECT -> "it counts as rejected then";
          case ABORT -> "the workflow ends then";
          case APPROVE -> "it counts as approved then";
        };
  }

  /** When the wait ends; null: with the workflow. */
  static @Nullable Instant endOf(Transition t, ReviewGate gate) {
    Duration after = gate.expireAfter();
    BusinessHours hours = gate.rule().terms().hours();
    if (after == null) {
      return null;
    }
    return hours == null ? t.now().plus(after) : hours.after(t.now(), after);
  }

  static ReviewRule of(TaskDefinition.ReviewRule rule, Silence silence) {
    ReviewTerms terms = rule.terms();
    return new ReviewRule(
        rule.role(),
        rule.quorum(),
        rule.fourEyes(),
        rule.edit(),
        terms.roles(),
        terms.users(),
        terms.rejections(),
        terms.otherThanBefore(),
        terms.maxChanges(),
        terms.remind().stream().map(Duration::toMillis).toList(),
        terms.escalate().stream()
            .map(step -> new Escalation(step.after().toMillis(), step.to()))
            .toList(),
        switch (silence) {
          case REJECT -> OnReviewExpiry.reject;
          case ABORT -> OnReviewExpiry.abort;
          case APPROVE -> OnReviewExpiry.approve;
        },
        terms.hours() == null ? null : workingTime(terms.hours()));
  }

  private static WorkingTime workingTime(BusinessHours hours) {
    return new WorkingTime(
        hours.zone().getId(),
        hours.days().stream().map(day -> (Integer) day.getValue()).sorted().toList(),
        hours.from().toSecondOfDay() / 60,
        hours.to().toSecondOfDay() / 60);
  }
}
