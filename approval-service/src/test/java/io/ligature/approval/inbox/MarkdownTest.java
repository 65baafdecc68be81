package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {

  @Test
  void rendersTextsListsAndTables() {
    assertThat(
            html(
                "# Head\n\n**bold** and `code`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"))
        .contains("<h4>Head</h4>", "<strong>bold</strong>", "<code>code</code>")
        .contains("<li>one</li>", "<th>a</th>", "<td>2</td>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onmouseover=alert(1)>b</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "[a]\n\n[a]: javascript:alert(1)",
        "[x](https://a.example/\"onmouseover=\"alert(1))",
        "```\"><script>alert(1)</script>\nx\n```",
        "| <script>alert(1)</script> |\n|---|\n| <svg onload=alert(1)> |",
      })
  void rendersNothingActive(String text) {
    assertThat(html(text))
        .doesNotContainPattern("(?i)<(script|img|svg|iframe|b |object)")
        .doesNotContainPattern("(?i)(href|src)=\"(javascript|data|vbscript):")
        .doesNotContainPattern("<[^>]*\\son\\w+=");
  }

  @Test
  void fetchesNoPicture() {
    assertThat(html("![chart](https://spy.example/p.png)"))
        .doesNotContain("<img")
        .contains("href=\"https://spy.example/p.png\"", "noreferrer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snake_case_name", "2 * 3 * 4", "a plain sentence.", "50% [sic]"})
  void leavesPlainTextsAlone(String text) {
    assertThat(Markdown.looksLike(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*a ", "> ", "- ", "[", "**a _b ", "![", "`", "<", "| "})
  void copesWithTextsMadeToTroubleIt(String piece) {
    assertThat(html(piece.repeat(20_000 / piece.length()))).isNotEmpty();
  }

  private static String html(String text) {
    return Markdown.render(text).toString();
  }
}
