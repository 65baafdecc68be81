package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Samples;
import io.ligature.avro.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnedDownTest {

  private static final String ID = "w1:editorial-review:1";

  @Test
  void tellsWhoWantedWhatAndNotWhatTheyWrote() {
    var command =
        Samples.command(
            ID,
            "c1",
            "eve",
            Decision.edit_and_approve,
            "the secret why",
            Samples.json("{\"a\":1}"));

    assertThat(TurnedDown.of(command, new Refusal.InvalidEdit(List.of("/a: a secret"))).line())
        .isEqualTo(
            "review command refused: reviewId=w1:editorial-review:1 reviewer=eve tenant=default"
                + " action=edit_and_approve kind=invalid_edit client=");
  }

  @Test
  void isOneLineWhateverIsAskedFor() {
    String forged = "x\nreview decided: reviewId=w1\r\u2028\u202e" + "y".repeat(1_000);

    String line =
        new TurnedDown(forged, forged, forged, "approve", forged, new Refusal.Unknown(forged))
            .line();

    assertThat(line)
        .startsWith("review command refused: reviewId=x?review decided: reviewId=w1???y")
        .hasSizeLessThan(1_000)
        .doesNotContain("\n", "\r", "\u2028", "\u202e");
  }
}
