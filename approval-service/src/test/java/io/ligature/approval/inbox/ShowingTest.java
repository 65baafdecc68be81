package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShowingTest {

  @Test
  void showsListsOfLikeObjectsAsTables() throws Exception {
    Shown shown = show("[{\"claim\":\"a\",\"ok\":true},{\"claim\":\"b\",\"isNew\":2.50}]");

    assertThat(shown)
        .isEqualTo(
            new Shown.Grid(
                List.of("Claim", "Ok", "Is new"),
                List.of(
                    List.of(plain("a"), plain("yes"), new Shown.Nothing()),
                    List.of(plain("b"), new Shown.Nothing(), plain("2.5"))),
                false));
  }

  @Test
  void tellsWhichTablesStandInACellOfAnother() throws Exception {
    Shown shown = show("{\"a\":[{\"in\":[{\"x\":1}]}],\"b\":[{\"y\":2}]}");

    Shown inner = new Shown.Grid(List.of("X"), List.of(List.of(plain("1"))), true);
    assertThat(shown)
        .isEqualTo(
            new Shown.Members(
                List.of(
                    new Shown.Member(
                        "A", new Shown.Grid(List.of("In"), List.of(List.of(inner)), false)),
                    new Shown.Member(
                        "B", new Shown.Grid(List.of("Y"), List.of(List.of(plain("2"))), false)))));
  }

  @Test
  void showsObjectsAsNamedValuesAndFoldsWhatIsDeep() throws Exception {
    Shown shown = show("{\"a\":{\"b\":{\"c\":{\"d\":1}}}}");

    assertThat(shown)
        .isEqualTo(
            members(
                "A",
                members("B", members("C", new Shown.Folded("1 entry", members("D", plain("1")))))));
  }

  @Test
  void tellsWhatItLeavesOut() throws Exception {
    Shown shown =
        Showing.of(
            Payloads.JSON.readTree("[1,2,3,4,5,6]"),
            FakeInboxSettings.of(Map.of("max-shown", "3")));

    assertThat(shown)
        .isEqualTo(
            new Shown.Bullets(
                List.of(plain("1"), plain("2"), new Shown.Note("4 more; see the JSON"))));
  }

  @Test
  void cutsLongTexts() throws Exception {
    Shown shown =
        Showing.of(
            Payloads.JSON.readTree("\"abcdef\""), FakeInboxSettings.of(Map.of("max-text", "4")));

    assertThat(shown)
        .isInstanceOfSatisfying(
            Shown.Rich.class,
            rich -> assertThat(rich.html().toString()).contains("abcd", "2 characters"));
  }

  @Test
  void describesWhatIsNotJson() {
    Shown shown =
        Showing.of(
            Payloads.of("image/png", "png".getBytes(StandardCharsets.UTF_8)),
            FakeInboxSettings.DEFAULTS);

    assertThat(shown)
        .isInstanceOfSatisfying(
            Shown.Note.class, note -> assertThat(note.text()).startsWith("image/png, 3 bytes"));
  }

  @ParameterizedTest
  @CsvSource({
    "riskScore, Risk score",
    "risk_score, Risk score",
    "risk-score, Risk score",
    "URL, URL",
    "x, X",
    "_, _",
    "editorial-review, Editorial review",
  })
  void readsNamesAsWords(String name, String label) {
    assertThat(Labels.of(name)).isEqualTo(label);
  }

  private static Shown show(String json) throws Exception {
    JsonNode value = Payloads.JSON.readTree(json);
    return Showing.of(value, FakeInboxSettings.DEFAULTS);
  }

  private static Shown plain(String text) {
    return new Shown.Plain(text);
  }

  private static Shown members(String name, Shown value) {
    return new Shown.Members(List.of(new Shown.Member(name, value)));
  }
}
