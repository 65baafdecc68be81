package io.ligature.executor.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  private final OffsetTracker tracker = new OffsetTracker();

  @Test
  void staysBeforeTheFirstUnfinishedRecord() {
    tracker.begin(5);
    tracker.begin(6);
    tracker.begin(9);

    tracker.finish(6);
    tracker.finish(9);

    assertThat(tracker.position()).isEqualTo(5);
    assertThat(tracker.span()).isEqualTo(3);
  }

  @Test
  void movesBehindEverythingThatIsFinished() {
    tracker.begin(5);
    tracker.begin(6);
    tracker.begin(9);
    tracker.finish(6);

    tracker.finish(5);
    assertThat(tracker.position()).isEqualTo(9);

    tracker.finish(9);
    assertThat(tracker.position()).isEqualTo(10);
    assertThat(tracker.span()).isZero();
  }

  @Test
  void hasNothingToCommitBeforeTheFirstRecordAndAfterACommit() {
    assertThat(tracker.movedSinceCommit()).isFalse();

    tracker.begin(0);
    tracker.finish(0);
    assertThat(tracker.movedSinceCommit()).isTrue();

    tracker.committed(1);
    assertThat(tracker.movedSinceCommit()).isFalse();
  }

  @Test
  void refusesARecordOutOfOrder() {
    tracker.begin(5);

    assertThatThrownBy(() -> tracker.begin(5)).hasMessageContaining("offset 5 came after 5");
  }
}
