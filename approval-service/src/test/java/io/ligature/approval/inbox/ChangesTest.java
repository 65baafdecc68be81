package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangesTest {

  @Test
  void comparesTextsWordByWord() throws Exception {
    assertThat(changes("{\"a\":\"one two three\"}", "{\"a\":\"one 2 three\"}").list())
        .containsExactly(
            new Changes.Change(
                "A", List.of(kept("one "), removed("two "), added("2 "), kept("three"))));
  }

  @Test
  void seesWhatCameAndWentInLists() throws Exception {
    assertThat(changes("{\"l\":[1,2,3]}", "{\"l\":[1,3,4]}").list())
        .containsExactly(
            new Changes.Change("L › 2", List.of(removed("2"))),
            new Changes.Change("L › 3", List.of(added("4"))));
  }

  @Test
  void goesIntoElementsThatChanged() throws Exception {
    assertThat(changes("[{\"t\":\"a\",\"n\":1}]", "[{\"t\":\"b\",\"n\":1}]").list())
        .containsExactly(new Changes.Change("1 › T", List.of(removed("a"), added("b"))));
  }

  @Test
  void namesValuesThatAreNewGoneOrOfAnotherType() throws Exception {
    assertThat(changes("{\"a\":1,\"b\":2}", "{\"b\":\"2\",\"c\":true}").list())
        .containsExactly(
            new Changes.Change("A", List.of(removed("1"))),
            new Changes.Change("B", List.of(removed("2"), added("\"2\""))),
            new Changes.Change("C", List.of(added("true"))));
  }

  @Test
  void seesNothingWhereNothingChanged() throws Exception {
    assertThat(changes("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}").none()).isTrue();
  }

  @Test
  void countsWhatItDoesNotList() throws Exception {
    Changes changes =
        Changes.between(
            read("{\"a\":1,\"b\":1,\"c\":1}"),
            read("{\"a\":2,\"b\":2,\"c\":2}"),
            FakeInboxSettings.of(Map.of("max-changes", "2")));

    assertThat(changes.list()).hasSize(2);
    assertThat(changes.more()).isEqualTo(1);
  }

  private static Changes changes(String before, String after) throws Exception {
    return Changes.between(read(before), read(after), FakeInboxSettings.DEFAULTS);
  }

  private static JsonNode read(String json) throws Exception {
    return Payloads.JSON.readTree(json);
  }

  private static Changes.Piece kept(String text) {
    return new Changes.Piece("kept", text);
  }

  private static Changes.Piece added(String text) {
    return new Changes.Piece("added", text);
  }

  private static Changes.Piece removed(String text) {
    return new Changes.Piece("removed", text);
  }
}
