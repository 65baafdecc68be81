package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.QuotaLine;
import io.ligature.avro.RouterReport;
import io.ligature.router.routing.Ledger;
import io.ligature.router.routing.Ledger.Line;
import io.ligature.router.routing.Ledger.Report;
import io.ligature.router.routing.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerFollowerTest {

  private static final Ledger.Key CALLS = new Ledger.Key("quota/model-1", Permit.CALLS);

  /** What two routers have written in turn, as the first of them saw it. */
  private final List<RouterReport> log = new ArrayList<>();

  private final Ledger live = new Ledger();
  private final LedgerFollower follower = new LedgerFollower();

  @Test
  void beginsEmptyWhenNobodyHasReported() {
    follower.beginIfAlone(NOW);
    assertThat(follower.ledger()).isNull();

    follower.atEnd(0);
    follower.beginIfAlone(NOW);

    assertThat(follower.ledger().living()).isZero();
    assertThat(follower.readUpTo()).isZero();
  }

  @Test
  void knowsFromTheWholeLogWhatTheWritersKnow() {
    writeSome();

    for (int offset = 0; offset < log.size(); offset++) {
      follower.take(offset, log.get(offset));
    }

    assertThat(follower.ledger().known()).isEqualTo(live.known());
    assertThat(follower.readUpTo()).isEqualTo(log.size());
  }

  @Test
  void knowsTheSameFromALogWhoseBeginningWasCompacted() {
    writeSome();

    follower.take(4, log.get(4));
    follower.take(5, log.get(5));

    assertThat(follower.ledger().known()).isEqualTo(live.known());
  }

  @Test
  void waitsForTheNextReportWhenOneIsMissing() {
    writeSome();

    follower.take(3, log.get(3));
    follower.take(5, log.get(5));
    follower.atEnd(6);
    follower.beginIfAlone(NOW);
    assertThat(follower.ledger()).isNull();

    write("b", 9, 0, 6);
    follower.take(6, log.get(6));

    assertThat(follower.ledger().known()).isEqualTo(live.known());
  }

  @Test
  void beginsEmptyWhenAllAreSilentForLonger() {
    writeSome();
    follower.take(5, log.get(5));
    follower.atEnd(6);

    follower.beginIfAlone(NOW.plus(Ledger.LEASE.multipliedBy(2)));
    assertThat(follower.ledger()).isNull();
    follower.beginIfAlone(NOW.plus(Ledger.LEASE.multipliedBy(2)).plusSeconds(1));

    assertThat(follower.ledger().living()).isZero();
    assertThat(follower.readUpTo()).isEqualTo(6);
  }

  @Test
  void foldsWhatComesLater() {
    follower.atEnd(0);
    follower.beginIfAlone(NOW);
    write("a", 10, 0, 0);

    Report folded = follower.take(0, log.getFirst());

    assertThat(folded.router()).isEqualTo("a");
    assertThat(follower.ledger().allotted("a", CALLS)).isEqualTo(10);
  }

  @Test
  void takesWhatALaterVersionLimitsForNothing() {
    RouterReport report =
        RouterReport.newBuilder(report("a", 10, 0, 0))
            .setLines(List.of(new QuotaLine("quota/model-1", "images", 10L, 0L, 10L)))
            .build();

    assertThat(Reports.report(report).lines()).isEmpty();
  }

  /** The last one was written by a router that had not read the one before it. */
  private void writeSome() {
    write("a", 10, 0, 0);
    write("b", 4, 0, 1);
    write("a", 5, -5, 2);
    write("b", 6, 0, 3);
    write("a", 5, 0, 4);
    write("b", 6, 0, 4);
  }

  private void write(String router, long wanted, long change, int readUpTo) {
    RouterReport report = report(router, wanted, change, readUpTo);
    live.fold(log.size(), Reports.report(report));
    log.add(report);
  }

  private RouterReport report(String router, long wanted, long change, int readUpTo) {
    Ledger then = new Ledger();
    for (int offset = 0; offset < readUpTo; offset++) {
      then.fold(offset, Reports.report(log.get(offset)));
    }
    return Reports.wire(
        new Report(
            router,
            log.size() + 1,
            1,
            Set.of(router.equals("a") ? 0 : 1),
            NOW.toEpochMilli(),
            false,
            List.of(new Line(CALLS, 10, change, wanted))),
        readUpTo,
        then.known());
  }
}
