package io.ligature.example;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers the sources and cites them behind each statement, with a table of the checks. */
final class ReportWriter extends WriterAgent {

  @Override
  public String id() {
    return "write-report";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.005");
  }

  @Override
  boolean citesEachStatement() {
    return true;
  }

  @Override
  String markdown(Material material) {
    StringBuilder text = new StringBuilder("# " + material.topic() + "\n\n## Summary\n\n");
    for (Said said : material.summary()) {
      text.append("- ").append(said.text()).append(reference(said.source())).append('\n');
    }
    if (!material.checks().isEmpty()) {
      text.append("\n## Checked claims\n\n| claim | verdict | what the sources say |\n");
      text.append("| --- | --- | --- |\n");
      material.checks().forEach(check -> text.append(row(check)));
    }
    text.append("\n## Sources\n\n");
    int number = 1;
    for (var source : material.sources().entrySet()) {
      text.append("%d. %s (%s)\n".formatted(number++, source.getValue(), source.getKey()));
    }
    return text.toString();
  }

  private static String row(Checked check) {
    String evidence = check.evidence();
    return "| %s | **%s** | %s |\n"
        .formatted(
            cell(check.claim()),
            cell(check.verdict()),
            evidence == null ? "nothing" : cell(evidence) + reference(check.source()));
  }

  private static String reference(@Nullable Integer source) {
    return source == null ? "" : " [" + source + "]";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ');
  }
}
