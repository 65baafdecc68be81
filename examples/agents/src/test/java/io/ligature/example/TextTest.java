package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

  @Test
  void endsSentencesAtFullStopsButNotInNumbersOrAbbreviations() {
    assertThat(Sentences.of("It takes 33.7 percent, e.g. at noon. Then 20 more! Is it so? yes"))
        .containsExactly("It takes 33.7 percent, e.g. at noon.", "Then 20 more!", "Is it so? yes");
  }

  @Test
  void findsNoSentenceInNothing() {
    assertThat(Sentences.of(" \n ")).isEmpty();
  }

  @Test
  void keepsTheWordsThatCarryContent() {
    assertThat(Words.plain("The heat pumps of a house move 3.5 units."))
        .containsExactly("heat", "pumps", "house", "move", "3.5", "units");
  }

  @Test
  void makesPluralAndSingularOne() {
    assertThat(Words.stemmed("batteries pumps losses gas radius turbine turbines"))
        .containsExactly("battery", "pump", "losse", "gas", "radius", "turbine", "turbine");
  }

  @Test
  void readsRangesUnitsAndNumberWords() {
    assertThat(Quantity.in("It gives 85 to 95 percent, opened in 1991, and has two tanks."))
        .containsExactly(
            new Quantity(85, 95, "%"),
            new Quantity(1991, 1991, "calendar"),
            new Quantity(2, 2, "tank"));
  }

  @Test
  void tellsTwentyFiveYearsFromTheYear1991() {
    assertThat(Quantity.in("after 25 years").getFirst()).isEqualTo(new Quantity(25, 25, "year"));
  }

  @Test
  void readsThousandsWithAComma() {
    assertThat(Quantity.in("about 1,728 megawatts"))
        .containsExactly(new Quantity(1728, 1728, "megawatt"));
  }

  @Test
  void letsRoundedNumbersAgreeButNotNeighbouringYears() {
    assertThat(new Quantity(33.7, 33.7, "%").agrees(new Quantity(34, 34, "%"))).isTrue();
    assertThat(new Quantity(60, 60, "%").agrees(new Quantity(85, 95, "%"))).isFalse();
    assertThat(new Quantity(1991, 1991, "calendar").agrees(new Quantity(1992, 1992, "calendar")))
        .isFalse();
  }
}
