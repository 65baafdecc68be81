package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.ParsedDefinition.Refused;
import io.ligature.schemas.definition.ParsedDefinition.Sound;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.Limits;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DefinitionParserTest {

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  @Test
  void readsTheWholeLanguage() {
    Sound sound =
        sound(
            """
            name: research-report
            version: 3
            input: { schema: { type: object, required: [topic] } }
            budget: { maxCost: 2.50, onExceeded: review }
            deadline: PT2H
            tasks:
              research:
                capability: web.research
                input: { query: "${input.topic}" }
                constraints: { maxCost: 0.40, timeout: PT2M, qualityThreshold: 0.7 }
                onError:
                  rate_limited: { retry: { max: 5, backoff: exponential } }
                  low_confidence: [ { retry: { max: 1, agent: different } }, { review: { role: editor } } ]
                  timeout: skip
              legal:
                needs: [research]
                when: "${tasks.research.output.risk > 0.5}"
                review: { role: legal, fourEyes: true, edit: false, expire: { after: P2D, then: reject } }
              report:
                needs: { atLeast: 1, of: [research, legal] }
                capability: document.write
                priority: 9
            output: "${tasks.report.output}"
            """);

    assertThat(sound.version()).isEqualTo(3);
    Definition definition = sound.definition();
    assertThat(definition.name()).isEqualTo("research-report");
    assertThat(definition.budget())
        .isEqualTo(new Definition.BudgetRule(Money.of("2.50"), Definition.OnExceeded.REVIEW));
    assertThat(definition.deadline()).isEqualTo(Duration.ofHours(2));
    assertThat(definition.tasks().keySet()).containsExactly("research", "legal", "report");
    TaskDefinition research = definition.tasks().get("research");
    assertThat(((AgentWork) research.action()).limits())
        .isEqualTo(new Limits(Money.of("0.40"), Duration.ofMinutes(2), 0.7));
    assertThat(research.onError().get(ErrorKind.LOW_CONFIDENCE))
        .containsExactly(
            new Retry(1, DefaultLadders.EXPONENTIAL, AgentChoice.DIFFERENT),
            new AskForReview(new ReviewRule("editor", 1, false, true)));
    TaskDefinition legal = definition.tasks().get("legal");
    assertThat(legal.action())
        .isEqualTo(
            new ReviewGate(new ReviewRule("legal", 1, true, false), null, Duration.ofDays(2)));
    assertThat(legal.when().tasks()).containsExactly("research");
    TaskDefinition report = definition.tasks().get("report");
    assertThat(report.needs())
        .isEqualTo(new Needs(Needs.Join.AT_LEAST, 1, List.of("research", "legal")));
    assertThat(report.priority()).isEqualTo(9);
    assertThat(((AgentWork) report.action()).input().copies())
        .isEqualTo(new Template.Copy.OfInput());
    assertThat(definition.output().copies()).isEqualTo(new Template.Copy.OfOutput("report"));
  }

  @Test
  void readsJsonAsWell() {
    assertThat(sound("{\"name\": \"a\", \"tasks\": {\"b\": {\"capability\": \"c\"}}}").definition())
        .extracting(Definition::name)
        .isEqualTo("a");
  }

  @Test
  void tellsAllProblemsAtOnce() {
    Refused refused =
        (Refused)
            PARSER.parse(
                """
                name: a
                tasks:
                  one: { capability: c, when: "${1 +}", onError: { oops: fail } }
                  two: { capability: c, needs: [three] }
                """);

    assertThat(refused.problems()).extracting(Problem::line).containsExactly(3, 3, 4);
  }

  @Test
  void retryStandsForTheLadderOfEachKindThatIsRetriedAndNotNamed() {
    TaskDefinition task =
        sound(
                """
                name: a
                tasks:
                  t:
                    capability: c
                    retry: { max: 7, backoff: fixed }
                    onError: { timeout: fail }
                """)
            .definition()
            .tasks()
            .get("t");

    Retry seven = new Retry(7, DefaultLadders.FIXED, AgentChoice.ANY);
    assertThat(task.onError())
        .containsOnly(
            Map.entry(ErrorKind.RATE_LIMITED, List.of(seven)),
            Map.entry(ErrorKind.MODEL_ERROR, List.of(seven)),
            Map.entry(ErrorKind.UPSTREAM_UNAVAILABLE, List.of(seven)),
            Map.entry(ErrorKind.SCHEMA_MISMATCH, List.of(seven)),
            Map.entry(ErrorKind.REJECTED_BY_VALIDATOR, List.of(seven)),
            Map.entry(ErrorKind.LOW_CONFIDENCE, List.of(seven)),
            Map.entry(ErrorKind.CONTEXT_OVERFLOW, List.of(seven)),
            Map.entry(ErrorKind.AGENT_CRASH, List.of(seven)),
            Map.entry(ErrorKind.TIMEOUT, List.of(new TaskDefinition.Fail())));
  }

  @Test
  void printsAProblemAsCompilersDo() {
    assertThat(new Problem(3, 7, "/tasks/a", "task 'a' does nothing", "give it work").in("w.yaml"))
        .isEqualTo("w.yaml:3:7: task 'a' does nothing; give it work");
  }

  @Test
  void everyLimitHoldsAtItsEdge() {
    String two = "name: a\ntasks: { t: { capability: c }, u: { capability: c } }";
    assertThat(parser(two.length(), 10, 2).parse(two)).isInstanceOf(Sound.class);
    assertThat(parser(two.length() - 1, 10, 2).parse(two)).isInstanceOf(Refused.class);
    assertThat(parser(1000, 10, 1).parse(two)).isInstanceOf(Refused.class);
    assertThat(parser(1000, 2, 2).parse(two)).isInstanceOf(Refused.class);
  }

  @Test
  void aLongChainIsReadInOneGo() {
    String tasks =
        IntStream.range(0, 2000)
            .mapToObj(
                i ->
                    "  t"
                        + i
                        + ": { capability: c"
                        + (i == 0 ? "" : ", needs: [t" + (i - 1) + "]")
                        + " }\n")
            .collect(Collectors.joining());

    assertThat(sound("name: a\ntasks:\n" + tasks).definition().tasks()).hasSize(2000);
  }

  @Test
  void thePublishedSchemaIsTheOneThatIsUsed() throws Exception {
    assertThat(Path.of("../docs/workflow.schema.json"))
        .hasContent(DefinitionParser.publishedSchema());
  }

  @Test
  void everyExampleIsSound() throws Exception {
    try (var files = Files.walk(Path.of("../examples"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        String text = Files.readString(file);
        if (!file.toString().contains("target") && text.contains("\ntasks:")) {
          assertThat(PARSER.parse(text)).as("%s", file).isInstanceOf(Sound.class);
        }
      }
    }
  }

  private static DefinitionParser parser(int bytes, int depth, int tasks) {
    return new DefinitionParser(new DefinitionLimits(bytes, depth, tasks, 1000, 20, 1000, 8, 64));
  }

  private static Sound sound(String text) {
    ParsedDefinition parsed = PARSER.parse(text);
    assertThat(parsed).isInstanceOf(Sound.class);
    return (Sound) parsed;
  }
}
