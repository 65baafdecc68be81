package io.ligature.approval.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Samples;
import io.ligature.approval.review.Standing;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.TrailLine;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {

  private static final String SCHEMA =
      """
      {"type": "object", "$defs": {"iban": {"type": "string", "writeOnly": true}},
       "properties": {
         "name": {"type": "string"},
         "salary": {"type": "number", "x-sensitive": true},
         "account": {"$ref": "#/$defs/iban"},
         "people": {"type": "array", "items": {"allOf": [{"properties":
            {"phone": {"type": "string", "x-sensitive": true}}}]}},
         "home": {"type": "object", "x-sensitive": true}}}
      """;

  private static final List<String> EDITOR = List.of("editor");
  private static final List<String> TRUSTED = List.of("editor", "sensitive");

  private final Masking masking = new Masking(settings(Map.of()));

  @Test
  void hidesWhatTheSchemaMarks() {
    Review shown =
        masking.shown(
            open(
                "{\"name\":\"Eve\",\"salary\":5200.5,\"account\":\"DE12\",\"people\":[{\"phone\":"
                    + "\"555-1234\",\"age\":3}],\"home\":{\"street\":\"Elm\"}}"),
            EDITOR);

    assertThat(subject(shown))
        .isEqualTo(
            json(
                "{\"name\":\"Eve\",\"salary\":\"••••••\",\"account\":\"••••••\",\"people\":[{"
                    + "\"phone\":\"••••••\",\"age\":3}],\"home\":\"••••••\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "API_KEY", "api-key", "clientSecret", "Token"})
  void hidesSecretsByTheirNamesWhateverTheSchemaSays(String name) {
    Review shown = masking.shown(open("{\"" + name + "\":\"s3cr3t\",\"a\":1}"), EDITOR);

    assertThat(subject(shown)).isEqualTo(json("{\"" + name + "\":\"••••••\",\"a\":1}"));
  }

  @Test
  void hidesTheSameTextsWhereverElseTheyStand() {
    NeedsReview request =
        request("{\"name\":\"Eve\",\"account\":\"DE12345678\"}")
            .setReason("account DE12345678 looks odd")
            .build();
    set(
        request.getEvidence().getFirst(),
        "input",
        Samples.json("{\"text\":\"pay to DE12345678\"}"));
    set(request.getEvidence().getFirst(), "output", Samples.json("[\"DE12345678\"]"));
    set(
        request.getEvidence().getFirst().getEarlierAttempts().getFirst().getFailure(),
        "message",
        "DE12345678 is no account");

    NeedsReview shown = masking.shown(new Review.Open(request), EDITOR).request();

    assertThat(shown.getReason()).isEqualTo("account •••••• looks odd");
    assertThat(shown.toString()).doesNotContain("DE12345678");
    assertThat(Payloads.parse(shown.getEvidence().getFirst().getInput()))
        .isEqualTo(json("{\"text\":\"pay to ••••••\"}"));
  }

  @Test
  void hidesInEditsAndInTheWinnerThatALateOneSees() {
    Review.Decided decided =
        new Review.Decided(
            request("{\"account\":\"DE11111111\"}").build(),
            Standing.NONE,
            Samples.command(
                    "w1:review:1",
                    "c",
                    "eve",
                    Decision.edit_and_approve,
                    "now DE22222222",
                    Samples.json("{\"account\":\"DE22222222\"}"))
                .getDecision());

    Review.Decided shown = (Review.Decided) masking.shown(decided, EDITOR);
    Outcome late =
        masking.shown(
            new Outcome.Refused(new Refusal.AlreadyDecided(decided.decision())), decided, EDITOR);

    assertThat(Payloads.parse(shown.decision().getEditedOutput()))
        .isEqualTo(json("{\"account\":\"••••••\"}"));
    assertThat(shown.decision().getReason()).isEqualTo("now ••••••");
    assertThat(late).isEqualTo(new Outcome.Refused(new Refusal.AlreadyDecided(shown.decision())));
  }

  @Test
  void showsAllToThoseWithTheRole() {
    Review review = open("{\"account\":\"DE12345678\",\"password\":\"x\"}");

    assertThat(masking.shown(review, TRUSTED)).isSameAs(review);
    assertThat(masking.hides(review, TRUSTED)).isFalse();
    assertThat(masking.hides(review, EDITOR)).isTrue();
    assertThat(masking.hides(open("{\"name\":\"Eve\"}"), EDITOR)).isFalse();
  }

  @Test
  void leavesTheReviewItselfAlone() {
    Review review = open("{\"account\":\"DE12345678\"}");

    masking.shown(review, EDITOR);

    assertThat(subject(review)).isEqualTo(json("{\"account\":\"DE12345678\"}"));
  }

  @Test
  void endsAtSchemasThatReferToThemselves() {
    NeedsReview request =
        request("{\"a\":{\"a\":{\"a\":1}}}")
            .setOutputSchema(
                "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"allOf\":[{\"$ref\":\"#\"}]}")
            .build();

    assertThat(subject(masking.shown(new Review.Open(request), EDITOR)))
        .isEqualTo(json("{\"a\":{\"a\":{\"a\":1}}}"));
  }

  @Test
  void takesItsRoleAndNamesFromTheSettings() {
    Masking other =
        new Masking(settings(Map.of("sensitive-role", "auditor", "secret-names", "pin")));

    assertThat(subject(other.shown(open("{\"pin\":\"12\",\"password\":\"x\"}"), TRUSTED)))
        .isEqualTo(json("{\"pin\":\"••••••\",\"password\":\"x\"}"));
    assertThat(other.role()).isEqualTo("auditor");
    assertThat(settings(Map.of("tenant-claim", "org")).tenantClaim()).contains("org");
  }

  @Test
  void hidesInTheReasonThatListsAndNotificationsCarry() {
    NeedsReview request =
        request("{\"account\":\"DE12345678\"}").setReason("DE12345678 looks odd").build();

    assertThat(masking.of(request)).isEqualTo("•••••• looks odd");
  }

  @Test
  void hidesWhatAnEarlierAttemptAloneHeld() {
    NeedsReview request = request("{\"account\":\"DE22222222\"}").build();
    set(request.getEvidence().getFirst(), "output", Samples.json("{\"account\":\"DE1\\\"111\"}"));
    set(
        request.getEvidence().getFirst().getEarlierAttempts().getFirst().getFailure(),
        "message",
        "{\"account\":\"DE1\\\"111\"} is no account, nor is DE1\"111");

    NeedsReview shown = masking.shown(new Review.Open(request), EDITOR).request();

    assertThat(
            shown
                .getEvidence()
                .getFirst()
                .getEarlierAttempts()
                .getFirst()
                .getFailure()
                .getMessage())
        .isEqualTo("{\"account\":\"••••••\"} is no account, nor is ••••••");
  }

  @Test
  void hidesWhatTheSchemaSaysInAPlaceThatCannotBeFound() {
    for (String reference : List.of("#/$defs/none", "other.json", "#nowhere", "%%")) {
      NeedsReview request =
          request("{\"a\":\"b\",\"c\":1}")
              .setOutputSchema("{\"properties\":{\"a\":{\"$ref\":\"" + reference + "\"}}}")
              .build();

      assertThat(subject(masking.shown(new Review.Open(request), EDITOR)))
          .as(reference)
          .isEqualTo(json("{\"a\":\"••••••\",\"c\":1}"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"if\":{\"properties\":{\"a\":{\"x-sensitive\":true}}}}",
        "{\"dependentSchemas\":{\"c\":{\"properties\":{\"a\":{\"writeOnly\":true}}}}}",
        "{\"patternProperties\":{\"^a\":{\"writeOnly\":true}}}",
        "{\"patternProperties\":{\"(\":{\"properties\":{}},\"a\":{\"writeOnly\":true}}}",
        "{\"properties\":{\"c\":{}},\"unevaluatedProperties\":{\"writeOnly\":true}}",
        "{\"properties\":{\"a\":{\"$ref\":\"#s\"}},\"$defs\":{\"s\":{\"$anchor\":\"s\",\"writeOnly\":true}}}",
        "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/a%20b\"}},\"$defs\":{\"a b\":{\"writeOnly\":true}}}",
      })
  void findsTheMarkWhereverASchemaMayHaveIt(String schema) {
    NeedsReview request = request("{\"a\":\"bcde\"}").setOutputSchema(schema).build();

    assertThat(subject(masking.shown(new Review.Open(request), EDITOR)))
        .isEqualTo(json("{\"a\":\"••••••\"}"));
  }

  @Test
  void hidesAnyNumberOfTexts() {
    StringBuilder people = new StringBuilder("[");
    StringBuilder told = new StringBuilder();
    for (int i = 10_000; i < 15_000; i++) {
      people.append(i == 10_000 ? "" : ",").append("{\"phone\":\"555-" + i + "\"}");
      told.append("call 555-").append(i).append(". ");
    }
    NeedsReview request =
        request("{\"people\":" + people + "]}").setReason(told.toString()).build();

    assertThat(masking.of(request)).isEqualTo("call ••••••. ".repeat(5_000));
  }

  @Test
  void masksTheTrailAndTakesItsHashesAway() {
    Review review = open("{\"account\":\"DE12345678\",\"salary\":12}");
    List<TrailLine> lines =
        List.of(
            TrailLine.sealed(
                "{\"number\":1,\"reason\":\"pay DE12345678\",\"request\":\"ab\",\"previous\":\"0\"}"),
            TrailLine.sealed(
                "{\"number\":2,\"seen\":\"cd\",\"output\":\"ef\",\"diff\":\"[{\\\"op\\\":"
                    + "\\\"replace\\\",\\\"path\\\":\\\"/salary\\\",\\\"value\\\":13},{\\\"op\\\":"
                    + "\\\"add\\\",\\\"path\\\":\\\"/people/0\\\",\\\"value\\\":{\\\"phone\\\":"
                    + "\\\"5551\\\"}}]\",\"reason\":\"5551 is new\"}"),
            TrailLine.sealed("{\"number\":3,\"message\":\"DE12345678\",\"text\":\"5551\"}"));

    assertThat(masking.trail(review, lines, TRUSTED))
        .isEqualTo(lines.stream().map(TrailLine::text).toList());
    assertThat(masking.trail(review, lines, EDITOR))
        .containsExactly(
            "{\"number\":1,\"reason\":\"pay ••••••\",\"masked\":true}",
            "{\"number\":2,\"diff\":\"[{\\\"op\\\":\\\"replace\\\",\\\"path\\\":\\\"/salary\\\","
                + "\\\"value\\\":\\\"••••••\\\"},{\\\"op\\\":\\\"add\\\",\\\"path\\\":\\\"/people/0\\\","
                + "\\\"value\\\":{\\\"phone\\\":\\\"••••••\\\"}}]\",\"reason\":\"•••••• is new\","
                + "\"masked\":true}",
            "{\"number\":3,\"message\":\"••••••\",\"text\":\"••••••\",\"masked\":true}");
  }

  @Test
  void leavesATrailWholeWhereNothingIsHidden() {
    List<TrailLine> lines = List.of(TrailLine.sealed("{\"number\":1,\"text\":\"fine\"}"));

    assertThat(masking.trail(open("{\"name\":\"Eve\"}"), lines, EDITOR))
        .containsExactly(lines.getFirst().text());
  }

  @Test
  void hidesInWhyAWorkflowNoLongerWaits() {
    Review review =
        new Review.Withdrawn(
            request("{\"account\":\"DE12345678\"}").build(),
            Standing.NONE,
            new ReviewWithdrawn("w1:review:1", "w1", "DE12345678 is gone", Samples.T0));

    assertThat(((Review.Withdrawn) masking.shown(review, EDITOR)).withdrawal().getReason())
        .isEqualTo("•••••• is gone");
    assertThat(
            masking.shown(
                new Outcome.Refused(new Refusal.NoLongerNeeded("DE12345678 is gone")),
                review,
                EDITOR))
        .isEqualTo(new Outcome.Refused(new Refusal.NoLongerNeeded("•••••• is gone")));
    assertThat(
            masking.shown(
                List.of(
                    new RefusedCommand(
                        "c", "eve", "approve", "withdrawn", "DE12345678", Samples.T0)),
                review,
                EDITOR))
        .extracting(RefusedCommand::message)
        .containsExactly("••••••");
  }

  @Test
  void hidesInAnOutcomeWhatTheReviewDoesNotKnowYet() {
    Review before = open("{\"name\":\"Eve\"}");
    ReviewDecision winner =
        Samples.command(
                "w1:review:1",
                "c",
                "eve",
                Decision.edit_and_approve,
                "it is DE33333333",
                Samples.json("{\"account\":\"DE33333333\"}"))
            .getDecision();

    assertThat(
            masking.shown(new Outcome.Refused(new Refusal.AlreadyDecided(winner)), before, EDITOR))
        .asString()
        .contains("it is \\u2022")
        .doesNotContain("DE33333333");
  }

  private static Review open(String subject) {
    return new Review.Open(request(subject).build());
  }

  private static NeedsReview.Builder request(String subject) {
    return Samples.request("w1:review:1").setOutputSchema(SCHEMA).setSubject(Samples.json(subject));
  }

  private static JsonNode subject(Review review) {
    Payload subject = review.request().getSubject();
    return Payloads.parse(subject);
  }

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static IdentitySettings settings(Map<String, String> values) {
    Map<String, String> prefixed = new java.util.HashMap<>();
    values.forEach((key, value) -> prefixed.put("ligature.approval.identity." + key, value));
    return new SmallRyeConfigBuilder()
        .withMapping(IdentitySettings.class)
        .withConverter(
            java.time.Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
        .withSources(new PropertiesConfigSource(prefixed, "test", 100))
        .build()
        .getConfigMapping(IdentitySettings.class);
  }

  private static void set(SpecificRecordBase record, String field, Object value) {
    record.put(record.getSchema().getField(field).pos(), value);
  }
}
