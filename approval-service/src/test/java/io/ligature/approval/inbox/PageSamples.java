package io.ligature.approval.inbox;

import io.ligature.approval.review.Samples;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Escalation;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Reviews as workflows ask for them, with all that makes a page long, wide or deep. */
final class PageSamples {

  static final String SCHEMA =
      """
      {"type": "object", "required": ["summary", "score"], "additionalProperties": false,
       "properties": {
         "summary": {"type": "string", "minLength": 5, "description": "What the report says, in short"},
         "score": {"type": "integer", "minimum": 0, "maximum": 10},
         "publish": {"type": "boolean"},
         "audience": {"enum": ["experts", "everyone"]},
         "due": {"type": "string", "format": "date"},
         "contact": {"anyOf": [{"type": "string", "format": "email"}, {"type": "null"}]},
         "author": {"type": "object", "required": ["name"],
           "properties": {"name": {"type": "string"}, "desk": {"type": "string"}}},
         "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
         "claims": {"type": "array", "items": {"type": "object", "required": ["claim"],
           "properties": {"claim": {"type": "string"}, "sources": {"type": "integer"}}}}}}
      """;

  static final String SUBJECT =
      """
      {"summary": "**Wind** pays back in *seven* years:\\n\\n- cheap turbines\\n- steady prices\\n\\nSee [the study](https://example.org/wind).",
       "score": 7, "publish": true, "audience": "experts", "due": "2026-12-01", "contact": null,
       "tags": ["energy", "wind"],
       "claims": [{"claim": "Turbines became cheaper", "sources": 3},
                  {"claim": "Prices are steady", "sources": 2}]}
      """;

  private static final String FINDINGS =
      """
      {"query": "pay-back of onshore wind", "region": {"country": "DE", "grid": {"operator": "TenneT",
         "zones": [{"id": 1, "limits": {"low": 0.4, "high": 0.9}}]}},
       "findings": [
         {"source": "https://example.org/a", "claim": "Cost per MW fell by 38 % since 2015", "weight": 0.9},
         {"source": "https://example.org/b", "claim": "Feed-in prices were steady for six years", "weight": 0.7},
         {"source": "https://example.org/c-very-long-address/with/many/parts/that/do/not/break/anywhere/at/all.html",
          "claim": "Maintenance takes a fifth of the revenue", "weight": 0.4}]}
      """;

  private static final String NOTES =
      """
      {"notes": "# Method\\n\\nThree sources were read, two agree.\\n\\n| source | agrees | year |\\n|---|---|---|\\n| a | yes | 2024 |\\n| b | yes | 2023 |\\n| c | no | 2019 |\\n\\n> Older than five years: weighed less.\\n\\n```\\nweight = 1 / (1 + age)\\n```"}
      """;

  private PageSamples() {}

  /** The result of an agent that was not sure, after an attempt that did not do. */
  static NeedsReview.Builder rich() {
    Instant now = Instant.now();
    return OpenReviews.fresh()
        .setPurpose("result")
        .setMayChange(true)
        .setReason("confidence 0.62 is below 0.70 (" + UUID.randomUUID() + ")")
        .setOutputSchema(SCHEMA)
        .setSubject(Samples.json(SUBJECT))
        .setOnApproval(List.of("fact-check", "report"))
        .setOnRejection(List.of("workflow"))
        .setEvidence(evidence())
        .setRequestedAt(now.minus(Duration.ofMinutes(35)))
        .setExpiresAt(now.plus(Duration.ofHours(5)));
  }

  private static List<Evidence> evidence() {
    return List.of(
        new Evidence(
            "summarise",
            "text.summarise",
            Samples.json(FINDINGS),
            Samples.json(SUBJECT),
            "summarise-rank",
            "rank-1",
            Money.of("0.0125").toDecimal(),
            0.62,
            Grade.repaired,
            List.of(
                new EarlierAttempt(
                    1,
                    "summarise-lead",
                    new Failure(
                        "rejected_by_validator",
                        "The critic found:\n\n- claim 2 names no source\n- *steady prices* is not"
                            + " what source **c** says",
                        null,
                        false),
                    Money.of("0.002").toDecimal()),
                new EarlierAttempt(
                    2,
                    "summarise-lead",
                    new Failure("timeout", "no answer in PT2M", null, true),
                    null))),
        new Evidence(
            "research",
            "web.research",
            Samples.json("{\"topic\":\"wind energy\"}"),
            Samples.json(NOTES),
            "searcher",
            null,
            null,
            0.91,
            Grade.clean,
            List.of()));
  }

  /** Tables within objects within objects, and a table within a table. */
  static NeedsReview.Builder nested() {
    String check =
        """
        {"claim": "A lithium-ion battery returns only 60 percent of the electricity that was put into it.",
         "verdict": "contradicted", "coverage": 0.31, "reason": "the document gives another number",
         "evidence": [{"source": "lithium-ion-batteries.md", "title": "Batteries for the grid"},
                      {"source": "concentrating-solar.md", "title": "Solar power from mirrors"}]}
        """;
    String sentence =
        """
        {"text": "Heat kept in molten salt is cheap storage, but the plant itself costs more per kilowatt hour.",
         "source": "concentrating-solar.md", "title": "Solar power from mirrors"}
        """;
    return rich()
        .setTask("nested-review")
        .setOutputSchema(null)
        .setSubject(
            Samples.json(
                """
                {"summary": {"summary": "In short", "sentences": [%s, %s]},
                 "checks": {"checks": [%s, %s], "contradicted": 1}}
                """
                    .formatted(sentence, sentence, check, check)));
  }

  /** Two people are asked, and others when they are silent. */
  static NeedsReview.Builder quorum() {
    return rich()
        .setPurpose("gate")
        .setTask("legal-check")
        .setRule(
            new ReviewRule(
                "editor",
                2,
                true,
                true,
                List.of("legal"),
                List.of(),
                1,
                false,
                3,
                List.of(Duration.ofHours(2).toMillis()),
                List.of(new Escalation(Duration.ofHours(4).toMillis(), "operator")),
                OnReviewExpiry.reject,
                null))
        .setRequester("paul");
  }

  /** Nobody but a person does it. */
  static NeedsReview.Builder work() {
    return rich()
        .setPurpose("work")
        .setTask("phone-call")
        .setReason("a person does this task: call the operator and write down what they say")
        .setSubject(null)
        .setMayChange(false)
        .setEvidence(
            List.of(
                new Evidence(
                    "phone-call",
                    "human.call",
                    Samples.json(
                        "{\"number\":\"+49 30 1234\",\"ask\":\"When is the grid ready?\"}"),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of())));
  }

  /** The money is spent. */
  static NeedsReview.Builder budget() {
    return rich()
        .setPurpose("budget")
        .setTask("report")
        .setReason("the next attempt may cost 0.40, and 0.03 of the budget of 2.50 is left")
        .setSubject(null)
        .setOutputSchema(null)
        .setMayChange(false)
        .setSpent(Money.of("2.47").toDecimal())
        .setRemaining(Money.of("0.03").toDecimal());
  }

  /** Its end has come, and nobody has said so yet. */
  static NeedsReview.Builder overdue() {
    return rich()
        .setTask("an-editorial-review-with-a-name-that-is-longer-than-anybody-would-want")
        .setRequester("someone.with.a.long.address@department.example.org")
        .setReason("the definition asks for it. " + "This reason goes on and on. ".repeat(12))
        .setExpiresAt(Instant.now().plus(Duration.ofMinutes(20)));
  }
}
