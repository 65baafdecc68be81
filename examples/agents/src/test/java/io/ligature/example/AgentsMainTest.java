package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentsMainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void answersTheRequestOnItsStandardInput() throws Exception {
    int code =
        run(
            "{\"input\":{\"claims\":\"Vindeby opened in 1991.\"}}",
            "run",
            "check-evidence",
            "--documents",
            ExampleDocuments.FOLDER.toString());

    assertThat(code).isZero();
    assertThat(Json.MAPPER.readTree(out.toByteArray()).path("status").textValue())
        .isEqualTo("success");
  }

  @Test
  void needsNoDocumentsForAnAgentThatReadsNone() throws Exception {
    int code =
        run("{\"context\":{\"task\":\"t7\"},\"input\":{\"seconds\":0}}", "run", "simulate-work");

    assertThat(code).isZero();
    assertThat(Json.MAPPER.readTree(out.toByteArray()).at("/output/task").textValue())
        .isEqualTo("t7");
  }

  @Test
  void tellsAFailureInItsAnswer() throws Exception {
    int code = run("{}", "run", "search-bm25", "--documents", ExampleDocuments.FOLDER.toString());

    assertThat(code).isZero();
    assertThat(Json.MAPPER.readTree(out.toByteArray()).at("/error/kind").textValue())
        .isEqualTo("invalid_input");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dance | 2 | say 'serve' or 'run'",
        "run | 2 | say which agent is to run",
        "run search-bm25 | 2 | --documents says where the documents are",
        "run nobody --documents ../research/documents | 2 | no agent 'nobody'",
        "run search-bm25 --documents | 2 | --documents needs a value",
        "run write-report --documents ../agents | 1 | no .md file in ../agents",
        "run search-bm25 --colour red | 2 | unknown option --colour",
        "run search-bm25 --documents ../agents | 1 | no .md file in ../agents",
        "serve --documents x --port 70000 | 2 | --port must be a number from 0 to 65535",
        "serve --documents x --delay soon | 2 | --delay must be a duration",
      })
  void saysHowItWasCalledWrongly(String line, int code, String message) {
    assertThat(run("{}", line.split(" "))).isEqualTo(code);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(message);
  }

  private int run(String input, String... args) {
    return AgentsMain.run(
        args,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
