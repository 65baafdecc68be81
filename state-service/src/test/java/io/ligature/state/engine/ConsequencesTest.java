package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ligature.avro.Consequence;
import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.WorstCase;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reviewers are told about what follows from their decision, and what that can cost. */
class ConsequencesTest {

  /** One attempt and no more, whatever goes wrong. */
  private static final String ONCE =
      "onError: { rate_limited: fail, upstream_unavailable: fail, model_error: fail, timeout: fail,"
          + " agent_crash: fail, schema_mismatch: fail, rejected_by_validator: fail,"
          + " context_overflow: fail, low_confidence: fail }";

  private static FakeWorld world(String tasks) {
    return world("", tasks);
  }

  private static FakeWorld world(String head, String tasks) {
    FakeWorld world =
        FakeWorld.started(
            "name: gated\n" + head + "tasks:\n" + tasks.replace("ONCE", ONCE).indent(2));
    world.succeed("draft");
    return world;
  }

  private static List<Consequence> on(NeedsReview review, String path) {
    return review.getConsequences().stream().filter(c -> c.getPath().equals(path)).toList();
  }

  private static WorstCase worst(NeedsReview review, String path) {
    return review.getWorstCases().stream()
        .filter(w -> w.getPath().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static BigDecimal money(String amount) {
    return Money.of(amount).toDecimal();
  }

  @Test
  void listsAllThatCanStillRunWithWhatItsAttemptsCanCost() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                check: { needs: [draft], review: { role: a } }
                send:
                  needs: [check]
                  capability: mail
                  constraints: { maxCost: 0.10 }
                  onError: { model_error: [ { retry: { max: 60 } } ] }
                tell: { needs: [send], when: "${true}", capability: tell, constraints: { maxCost: 0.01 }, ONCE }
                """)
            .reviewAsked();

    assertThat(on(review, "approval"))
        .containsExactly(
            new Consequence(
                "send", "approval", "agent", "mail", 64, money("0.1"), money("6.4"), false),
            new Consequence(
                "tell", "approval", "agent", "tell", 1, money("0.01"), money("0.01"), true));
    assertThat(worst(review, "approval"))
        .isEqualTo(new WorstCase("approval", money("6.41"), 0, false));
    assertThat(on(review, "rejection")).isEmpty();
    assertThat(worst(review, "rejection"))
        .isEqualTo(new WorstCase("rejection", money("0"), 0, false));
  }

  @Test
  void countsTheAttemptsOfTheDefaultLadders() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                check: { needs: [draft], review: { role: a } }
                send: { needs: [check], capability: mail }
                """)
            .reviewAsked();

    assertThat(on(review, "approval"))
        .extracting(Consequence::getAttempts, Consequence::getMaxCost)
        .containsExactly(tuple(24, null));
    assertThat(worst(review, "approval").getMaxCost()).isNull();
  }

  @Test
  void isBoundedByWhatIsLeftOfTheBudget() {
    NeedsReview review =
        world(
                "budget: { maxCost: 0.50 }\n",
                """
                draft: { capability: write }
                check: { needs: [draft], review: { role: a } }
                send: { needs: [check], capability: mail }
                """)
            .reviewAsked();

    assertThat(worst(review, "approval").getMaxCost())
        .isEqualByComparingTo(review.getRemaining())
        .isLessThan(money("0.50"));
  }

  @Test
  void countsTheShareOfWhatHasOne() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                check: { needs: [draft], review: { role: a } }
                all:
                  needs: [check]
                  budget: { maxCost: 0.30 }
                  forEach:
                    in: "${[1, 2]}"
                    do: { capability: translate, constraints: { maxCost: 0.10 } }
                """)
            .reviewAsked();

    assertThat(on(review, "approval"))
        .extracting(Consequence::getTask, Consequence::getAttempts, Consequence::getMaxCost)
        .containsExactly(tuple("all[0]", null, null));
    assertThat(worst(review, "approval").getMaxCost()).isEqualTo(money("0.30"));
  }

  @Test
  void multipliesLoopsAndTakesTheDearestBranch() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                check: { needs: [draft], review: { role: a } }
                loop:
                  needs: [check]
                  repeat: { until: "${false}", max: 3, do: { capability: polish, constraints: { maxCost: 0.02 }, ONCE } }
                fork:
                  needs: [check]
                  choose:
                    - { when: "${tasks.draft.output.made == 'x'}", do: { capability: dear, constraints: { maxCost: 0.5 }, ONCE } }
                    - { do: { capability: cheap, constraints: { maxCost: 0.2 }, ONCE } }
                """)
            .reviewAsked();

    assertThat(on(review, "approval"))
        .extracting(Consequence::getTask, Consequence::getMaxCost, Consequence::getConditional)
        .containsExactly(
            tuple("loop~1", money("0.06"), false),
            tuple("fork[0]", money("0.5"), true),
            tuple("fork[1]", money("0.2"), true));
    assertThat(worst(review, "approval").getMaxCost()).isEqualTo(money("0.56"));
  }

  @Test
  void followsARejectionThatTheWorkflowSurvives() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                check: { needs: [draft], review: { role: a } }
                send: { needs: { any: [check] }, capability: mail }
                clean: { needs: { ended: [check] }, capability: clean, constraints: { maxCost: 0.1 }, ONCE }
                skipping: { needs: [draft], review: { role: a }, onError: { rejected_by_reviewer: skip } }
                after: { needs: { ended: [skipping] }, capability: log, ONCE }
                never: { needs: [skipping], capability: never, ONCE }
                """)
            .reviewAsked();

    assertThat(review.getTask()).isEqualTo("skipping");
    assertThat(on(review, "rejection")).extracting(Consequence::getTask).containsExactly("after");
    assertThat(on(review, "approval"))
        .extracting(Consequence::getTask)
        .containsExactly("after", "never");
  }

  @Test
  void tellsWhatARejectionUndoes() {
    FakeWorld world =
        world(
            "budget: { maxCost: 0.50 }\n",
            """
            draft: { capability: write }
            charge:
              needs: [draft]
              capability: pay
              compensate: { capability: refund, constraints: { maxCost: 3 }, ONCE }
            check: { needs: [charge], review: { role: a } }
            send: { needs: [check], capability: mail }
            """);
    world.succeed("charge");

    NeedsReview review = world.reviewAsked();

    assertThat(on(review, "rejection"))
        .containsExactly(
            new Consequence(
                "charge!", "rejection", "undo", "refund", 1, money("3"), money("3"), false));
    assertThat(worst(review, "rejection").getMaxCost()).isEqualTo(money("3"));
  }

  @Test
  void goesOnBehindTheBlocksThatTheTaskIsInsideOf() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                block:
                  needs: [draft]
                  tasks:
                    check: { review: { role: a, subject: "${tasks.draft.output}" } }
                    inner: { needs: [check], capability: inner, ONCE }
                outer: { needs: [block], capability: outer, ONCE }
                beside: { capability: beside }
                """)
            .reviewAsked();

    assertThat(on(review, "approval"))
        .extracting(Consequence::getTask)
        .containsExactly("block.inner", "outer");
    assertThat(on(review, "rejection")).isEmpty();
  }

  @Test
  void countsWhatIsLeftOfALoopAroundTheReview() {
    NeedsReview review =
        world(
                """
                draft: { capability: write }
                loop:
                  needs: [draft]
                  repeat:
                    until: "${last.ok}"
                    max: 4
                    do: { tasks: { check: { review: { role: a, subject: "${tasks.draft.output}" } }, fix: { needs: [check], capability: fix, constraints: { maxCost: 1 }, ONCE } } }
                """)
            .reviewAsked();

    assertThat(on(review, "approval"))
        .extracting(Consequence::getTask, Consequence::getWhat, Consequence::getMaxCost)
        .containsExactly(
            tuple("loop~1.fix", "agent", money("1")),
            tuple("loop~2.check", "review", money("0")),
            tuple("loop~2.fix", "agent", money("3")));
  }

  @Test
  void tellsOfTheNextAttemptWhereARejectionLeadsToOne() {
    FakeWorld world =
        world(
            """
            draft: { capability: write }
            text:
              needs: [draft]
              capability: text
              constraints: { maxCost: 0.2, qualityThreshold: 0.9 }
              onError:
                low_confidence: [ { review: { role: a } } ]
                rejected_by_reviewer: [ { retry: { max: 2 } } ]
            """);
    world.succeed("text", "{}", "0.1", 0.5);

    NeedsReview review = world.reviewAsked();

    assertThat(on(review, "approval")).isEmpty();
    assertThat(on(review, "rejection"))
        .extracting(Consequence::getTask, Consequence::getAttemptCost)
        .containsExactly(tuple("text", money("0.2")));
  }

  @Test
  void countsWhatItDoesNotList() {
    StringBuilder tasks =
        new StringBuilder(
            "draft: { capability: write }\ncheck: { needs: [draft], review: { role: a } }\n");
    for (int i = 0; i < 60; i++) {
      tasks.append("t").append(i).append(": { needs: [check], capability: c, constraints: ");
      tasks.append("{ maxCost: 0.01 }, ONCE }\n");
    }

    NeedsReview review = world(tasks.toString()).reviewAsked();

    assertThat(on(review, "approval")).hasSize(Tuning.DEFAULT.maxConsequences());
    assertThat(worst(review, "approval"))
        .isEqualTo(new WorstCase("approval", money("0.6"), 10, false));
  }

  @Test
  void stopsLookingWhereTooMuchFollows() {
    StringBuilder tasks =
        new StringBuilder(
            "draft: { capability: write }\nt0: { needs: [draft], review: { role: a } }\n");
    for (int i = 1; i < 600; i++) {
      tasks.append("t").append(i).append(": { needs: [t").append(i - 1);
      tasks.append("], capability: c, constraints: { maxCost: 0.01 } }\n");
    }

    NeedsReview review = world(tasks.toString()).reviewAsked();

    assertThat(worst(review, "approval").getAtLeast()).isTrue();
    assertThat(worst(review, "approval").getMaxCost()).isNull();
  }

  @Test
  void tellsNothingOfAReviewThatNobodyHasToDo() {
    FakeWorld world =
        world(
            """
            draft: { capability: write }
            check: { needs: [draft], review: { role: a, risk: [ { when: "${true}", pass: true, reason: small } ] } }
            send: { needs: [check], capability: mail }
            """);

    assertThat(world.task("check").review().decision()).isEqualTo(Decision.approve);
    assertThat(world.events)
        .filteredOn(e -> e.event() instanceof Event.ReviewRequested)
        .allSatisfy(
            e ->
                assertThat(((Event.ReviewRequested) e.event()).body().getReview().getConsequences())
                    .isEmpty());
  }
}
