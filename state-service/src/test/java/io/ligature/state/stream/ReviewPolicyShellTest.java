package io.ligature.state.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.ReviewDecided;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.state.ReviewPolicies;
import io.ligature.state.SettingsFixture;
import io.ligature.state.engine.Engine;
import io.ligature.state.engine.Tuning;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployment's review rule, from the setting to the record of what it decided. */
class ReviewPolicyShellTest {

  @TempDir Path folder;

  @Test
  void recordsWhatTheSettingLetPass() {
    try (ShellFixture shell = new ShellFixture(folder, Core.of(new Engine(tuning())), 1_000)) {
      shell.send(
          "w1",
          ShellFixture.start(
              "w1",
              "hello",
              """
              name: two-steps
              tasks:
                first: { capability: text.echo }
                check: { needs: [first], review: { role: editor } }
              """));
      shell.send("w1", ShellFixture.success("w1", "w1/first#1", "one"));

      assertThat(shell.events())
          .extracting(event -> event.getBody())
          .filteredOn(ReviewDecided.class::isInstance)
          .extracting(body -> ((ReviewDecided) body).getDecision())
          .singleElement()
          .satisfies(
              decision -> {
                assertThat(decision.getReviewer()).isEqualTo("policy");
                assertThat(decision.getReason()).isEqualTo("the deployment's rule: a trifle");
              });
    }
  }

  private static Tuning tuning() {
    Tuning d = Tuning.DEFAULT;
    return new Tuning(
        d.queueSlack(),
        d.reportSlack(),
        d.silentOffers(),
        d.firstOffer(),
        d.longestOffer(),
        d.maxAttempts(),
        d.payloadLimit(),
        d.nesting(),
        d.longestWait(),
        d.maxCritique(),
        d.limitedWait(),
        d.maxConsequences(),
        ReviewPolicies.of(
            SettingsFixture.of(
                    Map.of(
                        "ligature.state.review.risks[0].when", "review.cost < 0.02",
                        "ligature.state.review.risks[0].pass", "true",
                        "ligature.state.review.risks[0].reason", "a trifle"))
                .state()
                .review(),
            new DefinitionParser(DefinitionLimits.DEFAULT)));
  }
}
