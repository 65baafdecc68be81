package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.example.Documents.Passage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentsTest {

  private final Documents documents = ExampleDocuments.load();

  @Test
  void findsThePassagesAboutATopic() throws Exception {
    Answer answer =
        new Bm25Search(documents).answer(Json.object().put("topic", "heat pump in cold climates"));

    assertThat(answer.output().at("/findings/0/source").textValue()).isEqualTo("heat-pumps.md");
    assertThat(answer.output().at("/findings/0/passage").textValue()).contains("-25 degrees");
  }

  @Test
  void findsSingularsOnlyWithStems() throws Exception {
    ObjectNode topic = Json.object().put("topic", "borehole tunnel valley");

    assertThat(new KeywordSearch(documents).answer(topic).confidence()).isLessThan(0.7);
    assertThat(new Bm25Search(documents).answer(topic).confidence()).isEqualTo(1);
  }

  @Test
  void isNotSureOfATopicTheDocumentsDoNotCover() throws Exception {
    Answer answer =
        new Bm25Search(documents).answer(Json.object().put("topic", "medieval church music"));

    assertThat(answer.output().path("findings")).isEmpty();
    assertThat(answer.confidence()).isZero();
  }

  @Test
  void ranksARareWordOverACommonOne() throws Exception {
    Documents three =
        Documents.of(
            List.of(
                new Passage("a.md", "a", "wind wind wind"),
                new Passage("b.md", "b", "wind and salt"),
                new Passage("c.md", "c", "wind again")));

    Answer answer = new Bm25Search(three).answer(Json.object().put("topic", "wind salt"));

    assertThat(answer.output().at("/findings/0/source").textValue()).isEqualTo("b.md");
  }

  @ParameterizedTest
  @CsvSource({"0", "51", "1.5"})
  void refusesALimitOutOfRange(double limit) {
    assertThatThrownBy(
            () ->
                new Bm25Search(documents)
                    .answer(Json.object().put("topic", "wind").put("limit", limit)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'limit' must be a whole number from 1 to 50");
  }

  @Test
  void summarisesMoreOfTheFindingsByRankThanByLead() throws Exception {
    ObjectNode findings = Json.object().put("topic", "storage for wind and solar power");
    findings.set("findings", new Bm25Search(documents).answer(findings).output().path("findings"));

    Answer lead = new LeadSummary().answer(findings);
    Answer rank = new RankSummary().answer(findings);

    assertThat(lead.confidence()).isLessThan(0.7);
    assertThat(rank.confidence()).isGreaterThan(0.7);
  }

  @Test
  void passesOverASentenceThatRepeatsAChosenOne() throws Exception {
    ObjectNode input = Json.object().put("sentences", 3);
    for (String source : List.of("a.md", "b.md")) {
      input
          .withArray("findings")
          .addObject()
          .put("source", source)
          .put("passage", "Wind farms at sea deliver steady power. Salt keeps heat for hours.");
    }

    Answer answer = new RankSummary().answer(input);

    assertThat(answer.output().path("sentences")).hasSize(2);
  }

  @Test
  void refusesToSummariseNothing() {
    assertThatThrownBy(() -> new LeadSummary().answer(Json.object()))
        .hasMessage("'findings' is empty: there is nothing to summarise");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Pumped hydro returns 70 to 85 percent of the electricity put into it. | supported",
        "Norway and Great Britain are joined by North Sea Link, 720 kilometres long. | supported",
        "Vindeby in Denmark, the first offshore wind farm, opened in 1987. | contradicted",
        "A lithium-ion battery returns only 60 percent of the electricity. | contradicted",
        "Heat pumps do not work below freezing. | contradicted",
        "Tidal barrages power most of Iceland. | unsupported",
      })
  void judgesAClaimByTheDocuments(String claim, String verdict) throws Exception {
    Answer answer = new EvidenceCheck(documents).answer(Json.object().put("claims", claim));

    assertThat(answer.output().at("/checks/0/verdict").textValue())
        .as(answer.output().toString())
        .isEqualTo(verdict);
  }

  @Test
  void cannotTellAContradictionByOverlapAlone() throws Exception {
    Answer answer =
        new OverlapCheck(documents)
            .answer(
                Json.object()
                    .put("claims", "A lithium-ion battery returns 60 percent of the electricity."));

    assertThat(answer.output().at("/checks/0/verdict").textValue()).isEqualTo("unsupported");
  }

  @Test
  void looksForAFindingInOtherDocumentsThanItsOwn() throws Exception {
    Documents two =
        Documents.of(
            List.of(
                new Passage("a.md", "a", "Salt tanks keep heat for hours."),
                new Passage("b.md", "b", "Hot salt tanks keep heat for many hours.")));
    ObjectNode input = Json.object();
    input
        .withArray("findings")
        .addObject()
        .put("source", "a.md")
        .put("passage", "Salt tanks keep heat for hours.");

    JsonNode check = new EvidenceCheck(two).answer(input).output().at("/checks/0");

    assertThat(check.at("/evidence/source").textValue()).isEqualTo("b.md");
  }

  @Test
  void citesASourceBehindEachSentenceAndNoneBehindAReviewersOwn() throws Exception {
    ObjectNode input = Json.object().put("topic", "Salt");
    ObjectNode summary = input.putObject("summary");
    summary.put("summary", "Salt keeps heat. I added this.");
    summary
        .putArray("sentences")
        .addObject()
        .put("text", "Salt keeps heat.")
        .put("source", "a.md")
        .put("title", "Mirrors");

    Answer answer = new ReportWriter().answer(input);

    assertThat(answer.output().path("markdown").textValue())
        .isEqualTo(
            """
            # Salt

            ## Summary

            - Salt keeps heat. [1]
            - I added this.

            ## Sources

            1. Mirrors (a.md)
            """);
    assertThat(answer.confidence()).isEqualTo(0.5);
  }

  @Test
  void keepsATableCellInOneCell() throws Exception {
    ObjectNode input = Json.object().put("topic", "x");
    input.putObject("summary").put("summary", "S.");
    input
        .putObject("checks")
        .putArray("checks")
        .addObject()
        .put("claim", "a|b\nc")
        .put("verdict", "unsupported");

    assertThat(new ReportWriter().answer(input).output().path("markdown").textValue())
        .contains("| a\\|b c | **unsupported** | nothing |");
  }
}
