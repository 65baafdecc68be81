package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void keepsIdsWholeAndCutsLongTexts() {
    String id = "w".repeat(128);
    Table table = new Table("ID", "WHY", "NOTE");
    table.row(id, "x".repeat(61), "y".repeat(201));

    assertThat(table.toString().lines().toList().get(1))
        .isEqualTo(id + "  " + "x".repeat(59) + "…  " + "y".repeat(199) + "…");
  }

  @Test
  void putsTextOfSeveralLinesIntoOne() {
    Table table = new Table("ID", "WHY");
    table.row("a", "one\n  two");

    assertThat(table.toString()).isEqualTo("ID  WHY\na   one two\n");
  }
}
