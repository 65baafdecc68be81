package io.ligature.example;

import java.math.BigDecimal;

/** Puts the parts below each other and lists the sources at the end, without linking the two. */
final class PlainWriter extends WriterAgent {

  @Override
  public String id() {
    return "write-plain";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.004");
  }

  @Override
  boolean citesEachStatement() {
    return false;
  }

  @Override
  String markdown(Material material) {
    StringBuilder text = new StringBuilder("# " + material.topic() + "\n\n");
    text.append(String.join(" ", material.summary().stream().map(Said::text).toList()));
    text.append("\n");
    if (!material.checks().isEmpty()) {
      text.append("\n## Claims\n\n");
      material
          .checks()
          .forEach(check -> text.append("- %s: %s\n".formatted(check.verdict(), check.claim())));
    }
    text.append("\n## Sources\n\n");
    material.sources().forEach((source, title) -> text.append("- " + title + "\n"));
    return text.toString();
  }
}
