package io.ligature.approval.stream;

import static io.ligature.approval.review.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.review.By;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.schemas.wire.TrailLine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrailLineTest {

  private static final String ID = "w1:gate:1";

  private final List<TrailLine> trail = new ArrayList<>();

  @BeforeEach
  void write() {
    String head = TrailLine.START;
    for (int number = 1; number <= 3; number++) {
      By by = new By("c" + number, "eve", "editor", T0.plusSeconds(number), "127.0.0.1", null);
      TrailLine line =
          TrailJson.write(ID, number, head, new ReviewEvent.Commented(by, "say \"no\" ü"), "");
      trail.add(line);
      head = line.hash();
    }
  }

  @Test
  void holdsAsItWasWritten() {
    assertThat(TrailLine.problem(ID, trail)).isNull();
    assertThat(trail.getFirst().text())
        .startsWith("{\"reviewId\":\"w1:gate:1\",\"number\":1,")
        .contains("\"previous\":\"" + TrailLine.START + "\",\"hash\":\"");
  }

  @Test
  void givesTheEventBack() {
    By by = new By("c2", "eve", "editor", T0.plusSeconds(2), "127.0.0.1", null);

    assertThat(TrailJson.parse(trail.get(1)).event(null, null, null, number -> null))
        .isEqualTo(new ReviewEvent.Commented(by, "say \"no\" ü"));
  }

  @Test
  void showsAChangedEntry() {
    trail.set(1, new TrailLine(trail.get(1).text().replace("eve", "eva")));

    assertThat(TrailLine.problem(ID, trail)).isEqualTo("entry 2 is not what its hash was made of");
  }

  @Test
  void showsAnEntryThatWasChangedAndSealedAgain() {
    String text = trail.get(1).text().replace("eve", "eva");
    trail.set(1, TrailLine.sealed(text.substring(0, text.length() - 75) + "}"));

    assertThat(trail.get(1).isWhole()).isTrue();
    assertThat(TrailLine.problem(ID, trail))
        .isEqualTo("entry 3 does not follow the entry before it");
  }

  @Test
  void showsAnEntryThatIsMissing() {
    trail.remove(1);

    assertThat(TrailLine.problem(ID, trail)).isEqualTo("entry 2 is missing or stands elsewhere");
  }

  @Test
  void showsEntriesOfAnotherReview() {
    assertThat(TrailLine.problem("w2:gate:1", trail))
        .isEqualTo("entry 1 is missing or stands elsewhere");
  }

  @Test
  void showsThatThereIsNone() {
    assertThat(TrailLine.problem(ID, List.of())).isEqualTo("there is no entry");
  }

  @Test
  void showsALineThatIsNone() {
    assertThat(new TrailLine("{}").isWhole()).isFalse();
  }
}
