package io.ligature.local.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns as wide as their widest cell. The first column holds ids and is never cut; a long cell of
 * another is.
 */
final class Table {

  private static final int WIDEST = 60;
  private static final int WIDEST_LAST = 200;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(Arrays.asList(header));
  }

  void row(String... cells) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      boolean last = i == cells.length - 1;
      row.add(oneLine(cells[i], i == 0 ? Integer.MAX_VALUE : last ? WIDEST_LAST : WIDEST));
    }
    rows.add(row);
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String oneLine(String cell, int widest) {
    String line = cell.replaceAll("\\s+", " ");
    return line.length() <= widest ? line : line.substring(0, widest - 1) + "…";
  }
}
