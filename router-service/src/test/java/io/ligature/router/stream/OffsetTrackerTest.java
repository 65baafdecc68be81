package io.ligature.router.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  private final OffsetTracker offsets = new OffsetTracker(10);

  @Test
  void staysBeforeTheFirstUnfinishedRecord() {
    offsets.begin(10);
    offsets.begin(11);
    offsets.begin(13);
    offsets.finish(11);
    offsets.finish(13);
    assertThat(offsets.position()).isEqualTo(10);
    assertThat(offsets.span()).isEqualTo(3);

    offsets.finish(10);

    assertThat(offsets.position()).isEqualTo(14);
    assertThat(offsets.span()).isZero();
  }

  @Test
  void tellsWhetherThereIsSomethingToCommit() {
    assertThat(offsets.movedSinceCommit()).isFalse();
    offsets.begin(10);
    assertThat(offsets.movedSinceCommit()).isFalse();
    offsets.finish(10);
    assertThat(offsets.movedSinceCommit()).isTrue();

    offsets.committed(11);

    assertThat(offsets.movedSinceCommit()).isFalse();
  }

  @Test
  void refusesToGoBack() {
    offsets.begin(10);

    assertThatThrownBy(() -> offsets.begin(10)).hasMessage("offset 10 came after 10");
  }
}
