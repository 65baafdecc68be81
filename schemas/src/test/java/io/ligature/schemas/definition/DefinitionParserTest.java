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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

  static List<Arguments> refused() {
    return List.of(
        refused("", "1:1 the text is empty"),
        refused("name: [", "1:8 not readable as YAML or JSON: "),
        refused("- a", "1:1 "),
        refused("name: a", "1:1 the field 'tasks' is missing"),
        refused("name: a\ntasks: {}", "2:1 "),
        refused("name: 1a\ntasks: { t: { capability: c } }", "1:1 "),
        refused("name: a\nname: b\ntasks: { t: { capability: c } }", "2:1 the field 'name' stands"),
        refused("name: a\nx: 1\ntasks: { t: { capability: c } }", "2:1 there is no field 'x' here"),
        refused("name: &n a\ndescription: *n\ntasks: { t: { capability: c } }", "1:7 an alias"),
        refused(task("{ capability: c, forEach: x }"), "3:23 'forEach' is part of the language"),
        refused(task("{ }"), "3:3 task 't' does nothing"),
        refused(task("{ capability: c, review: { role: r } }"), "3:3 task 't' has both"),
        refused(task("{ review: { role: r } }"), "3:8 gate 't' has nothing to approve"),
        refused(task("{ review: { } }"), "3:8 the field 'role' is missing"),
        refused(task("{ review: { role: r, subject: 1 }, input: 2 }"), "a gate has no 'input'"),
        refused(task("{ capability: c, needs: [u] }"), "there is no task 'u'"),
        refused(task("{ capability: c, needs: [T] }"), "there is no task 'T'; is 't' meant?"),
        refused(task("{ capability: c, needs: [t] }"), "task 't' needs itself"),
        refused(task("{ capability: c, needs: 7 }"), "none of the forms that are allowed"),
        refused(
            task("{ capability: c, needs: { atLeast: 2, of: [u] } }\n  u: { capability: c }"),
            "the join can never be met: it asks for 2 of 1 tasks"),
        refused(
            task("{ capability: c, needs: [u] }\n  u: { capability: c, needs: [t] }"),
            "the tasks wait for one another: t needs u needs t"),
        refused(task("{ capability: c, when: 'input.x' }"), "'input.x' is no expression"),
        refused(task("{ capability: c, when: '${size(input)}' }"), "is of type int, not bool"),
        refused(task("{ capability: c, when: 'a ${true}' }"), "text beside the expression"),
        refused(task("{ capability: c, input: '${' }"), "'${' is not closed"),
        refused(task("{ capability: c, input: '${1 +}' }"), "${1 +}: "),
        refused(task("{ capability: c, input: '${foo}' }"), "undeclared reference to 'foo'"),
        refused(task("{ capability: c, input: '${tasks.u.output}' }"), "there is no task 'u'"),
        refused(
            task("{ capability: c }\n  u: { capability: c, input: '${tasks.t.output}' }"),
            "task 'u' reads 't', which need not have ended before it"),
        refused(
            task("{ capability: c, onError: { oops: fail } }"), "there is no error kind 'oops'"),
        refused(task("{ capability: c, onError: { timeout: maybe } }"), "none of the forms"),
        refused(task("{ capability: c, constraints: { timeout: 5s } }"), "does not match"),
        refused(task("{ capability: c, constraints: { timeout: PT0S } }"), "the duration is zero"),
        refused(task("{ capability: c, constraints: { maxCost: -1 } }"), "minimum"),
        refused(task("{ capability: c, priority: 10 }"), "maximum"),
        refused(
            "budget: { maxCost: 1 }\n" + task("{ capability: c, constraints: { maxCost: 2 } }"),
            "one attempt of 't' may cost 2.00, more than the whole budget of 1.00"),
        refused("budget: { maxCost: 1, onExceeded: degrade }\n" + task("{ capability: c }"), "1:"),
        refused(task("{ capability: c }") + "output: '${tasks.x.output}'", "there is no task 'x'"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(String text, String expected) {
    assertThat(PARSER.parse(text))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.problems())
                    .anySatisfy(
                        problem ->
                            assertThat(
                                    problem.line()
                                        + ":"
                                        + problem.column()
                                        + " "
                                        + problem.message())
                                .contains(expected))
                    .allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank()));
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

  private static Arguments refused(String text, String expected) {
    return Arguments.of(text, expected);
  }

  private static String task(String body) {
    return "name: a\ntasks:\n  t: " + body + "\n";
  }

  private static DefinitionParser parser(int bytes, int depth, int tasks) {
    return new DefinitionParser(new DefinitionLimits(bytes, depth, tasks, 1000, 20, 1000));
  }

  private static Sound sound(String text) {
    ParsedDefinition parsed = PARSER.parse(text);
    assertThat(parsed).isInstanceOf(Sound.class);
    return (Sound) parsed;
  }
}
