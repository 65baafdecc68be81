package io.ligature.executor.execution;

import static io.ligature.executor.execution.CallsWithOneAgent.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.Calibration;
import io.ligature.avro.Constraints;
import io.ligature.avro.TaskAssignment;
import io.ligature.executor.Samples;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgedAnswersTest {

  private static final String SCHEMA =
      "{\"type\": \"object\", \"required\": [\"n\"], \"properties\": {\"n\": {\"type\":"
          + " \"integer\"}}}";

  private final CallsWithOneAgent calls = new CallsWithOneAgent();

  private static JsonNode json(String text) {
    return Payloads.parse(Samples.json(text));
  }

  private Made answered(String answer, String schema, @Nullable Double confidence) {
    return answered(json(answer), schema, confidence, null, null);
  }

  private Made answered(
      JsonNode answer,
      String schema,
      @Nullable Double confidence,
      @Nullable Double threshold,
      @Nullable Calibration calibration) {
    calls.agent = Samples.agent("a", "fake", "{}", null, schema);
    CallMetadata told =
        confidence == null ? CallMetadata.UNKNOWN : CallMetadata.UNKNOWN.withConfidence(confidence);
    calls.adapter.answer(call -> new Success(answer, told));
    TaskAssignment plain =
        assignment(
            "wf-1/echo#1",
            envelope -> envelope.setConstraints(new Constraints(null, 60_000L, threshold)));
    return calls.make(TaskAssignment.newBuilder(plain).setCalibration(calibration).build());
  }

  private static CallFailure failure(Made made) {
    return ((Failed) made.outcome()).failure();
  }

  @Test
  void takesAnAnswerItCouldRepairAndSaysHow() {
    Made made = answered("{\"n\": \"3\"}", SCHEMA, null);

    assertThat(made.outcome()).isInstanceOf(Success.class);
    assertThat(Payloads.parse(made.output())).isEqualTo(json("{\"n\": 3}"));
    assertThat(made.repairs()).containsExactly("/n: text read as integer");
    assertThat(made.outputSchema()).isNull();
  }

  @Test
  void leavesAGoodAnswerAlone() {
    Made made = answered("{\"n\": 3}", SCHEMA, null);

    assertThat(made.repairs()).isEmpty();
    assertThat(Payloads.parse(made.output())).isEqualTo(json("{\"n\": 3}"));
  }

  @Test
  void keepsAnAnswerItRefusesWithWhatItShouldHaveBeen() {
    Made made = answered("{\"n\": \"three\"}", SCHEMA, null);

    assertThat(failure(made).kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure(made).message()).contains("/n").contains("integer");
    assertThat(Payloads.parse(made.output())).isEqualTo(json("{\"n\": \"three\"}"));
    assertThat(made.outputSchema()).isEqualTo(SCHEMA);
    assertThat(made.outcome().metadata().cost()).isEqualTo(Money.of("0.02"));
  }

  @Test
  void keepsNoAnswerThatIsTooLarge() {
    Made made = answered("{\"n\": \"" + "x".repeat(CallsWithOneAgent.LIMIT) + "\"}", SCHEMA, null);

    assertThat(failure(made).kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(made.output()).isNull();
    assertThat(made.outputSchema()).isNull();
  }

  @Test
  void tellsTheSchemaOnlyWhereItFitsBesideTheOutput() {
    Made made =
        answered("{\"n\": \"" + "x".repeat(CallsWithOneAgent.LIMIT - 60) + "\"}", SCHEMA, null);

    assertThat(made.output()).isNotNull();
    assertThat(made.outputSchema()).isNull();
  }

  @Test
  void boundsWhatItSaysOfAVeryWrongAnswer() {
    ObjectNode wrong = JsonNodeFactory.instance.objectNode();
    String properties =
        IntStream.range(0, 100)
            .peek(i -> wrong.put("a-rather-long-name-of-a-property-" + i, "x"))
            .mapToObj(
                i -> "\"a-rather-long-name-of-a-property-" + i + "\": {\"type\": \"boolean\"}")
            .collect(Collectors.joining(", "));

    Made made =
        answered(
            wrong,
            "{\"type\": \"object\", \"properties\": {" + properties + "}}",
            null,
            null,
            null);

    assertThat(failure(made).message())
        .endsWith("and 90 more")
        .hasSizeLessThan(CallFailure.MAX_MESSAGE);
  }

  @Test
  void tellsTheSchemaWithWhatNeedsReview() {
    calls.agent = Samples.agent("a", "fake", "{}", null, SCHEMA);
    calls.adapter.answer(
        call -> new AgentOutcome.NeedsReview(call.input(), CallMetadata.UNKNOWN, "unsure"));

    assertThat(calls.make(Samples.assignment("wf-1/echo#1", "a")).outputSchema()).isEqualTo(SCHEMA);
  }

  @Test
  void repairsWhatNeedsReviewToo() {
    calls.agent = Samples.agent("a", "fake", "{}", null, SCHEMA);
    calls.adapter.answer(
        call ->
            new AgentOutcome.NeedsReview(json("{\"n\": \"1\"}"), CallMetadata.UNKNOWN, "unsure"));

    Made made = calls.make(Samples.assignment("wf-1/echo#1", "a"));

    assertThat(made.outcome())
        .isEqualTo(
            new AgentOutcome.NeedsReview(
                json("{\"n\": 1}"), CallMetadata.UNKNOWN.withCost(Money.of("0.02")), "unsure"));
    assertThat(made.repairs()).hasSize(1);
  }

  private Made answeredWithText(String text) {
    calls.agent = Samples.agent("a", "fake", "{}", null, SCHEMA);
    calls.adapter.answer(call -> new AgentOutcome.Text(text, CallMetadata.UNKNOWN));
    return calls.make(Samples.assignment("wf-1/echo#1", "a"));
  }

  @Test
  void takesTheJsonOutOfAText() {
    Made made = answeredWithText("Sure:\n```json\n{\"n\": \"3\",}\n```");

    assertThat(made.outcome())
        .isEqualTo(
            new Success(json("{\"n\": 3}"), CallMetadata.UNKNOWN.withCost(Money.of("0.02"))));
    assertThat(made.repairs()).hasSize(4);
  }

  @Test
  void refusesATextWithoutJsonAtItsCost() {
    Made made = answeredWithText("I would rather not.");

    assertThat(failure(made).kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH);
    assertThat(failure(made).message()).contains("without one whole JSON value");
    assertThat(failure(made).possiblyBilled()).isTrue();
    assertThat(made.output()).isNull();
    assertThat(made.outcome().metadata().cost()).isEqualTo(Money.of("0.02"));
  }

  @Test
  void tellsAPersonWhatTheOutputMustBe() {
    calls.agent = Samples.agent("a", "fake", "{}", null, SCHEMA);
    calls.adapter.answer(
        call -> new AgentOutcome.ByHand("read it", "editor", CallMetadata.UNKNOWN));

    Made made = calls.make(Samples.assignment("wf-1/echo#1", "a"));

    assertThat(made.output()).isNull();
    assertThat(made.outputSchema()).isEqualTo(SCHEMA);
  }

  @Test
  void tellsTheSchemaWhenTheAgentIsLessSureThanItShouldBe() {
    assertThat(answered(json("{\"n\": 1}"), SCHEMA, 0.6, 0.7, null).outputSchema())
        .isEqualTo(SCHEMA);
    assertThat(answered(json("{\"n\": 1}"), SCHEMA, 0.7, 0.7, null).outputSchema()).isNull();
    assertThat(answered(json("{\"n\": 1}"), SCHEMA, null, 0.7, null).outputSchema()).isNull();
  }

  @Test
  void correctsTheConfidenceAndGoesByIt() {
    Calibration half = new Calibration(List.of(0.0, 1.0), List.of(0.0, 0.5), 100L);

    Made made = answered(json("{\"n\": 1}"), SCHEMA, 0.8, 0.7, half);

    assertThat(made.outcome().metadata().confidence()).isEqualTo(0.8);
    assertThat(made.calibratedConfidence()).isEqualTo(0.4);
    assertThat(made.outputSchema()).isEqualTo(SCHEMA);
  }
}
