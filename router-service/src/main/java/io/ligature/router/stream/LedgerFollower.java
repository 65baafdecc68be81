package io.ligature.router.stream;

import io.ligature.avro.RouterReport;
import io.ligature.router.routing.Ledger;
import io.ligature.router.routing.Ledger.Report;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Builds the {@link Ledger} from the log of reports.
 *
 * <p>The log is compacted, so that its beginning may have holes. But each report tells what its
 * router knew at an offset, and the reports from there on to it are still there, save when they
 * were compacted at this very moment; then the next report will do. When no router reports for
 * longer than a lease, none holds anything, and the ledger begins empty.
 */
final class LedgerFollower {

  private static final Logger LOG = Logger.getLogger(LedgerFollower.class);

  private final List<Numbered> read = new ArrayList<>();
  private @Nullable Ledger ledger;
  private long next;
  private long end;
  private boolean complete;
  private @Nullable Instant newest;

  private record Numbered(long offset, RouterReport report) {}

  /** Null until enough was read. */
  @Nullable Ledger ledger() {
    return ledger;
  }

  /** Offset behind the last report that was folded. */
  long readUpTo() {
    return next;
  }

  /** Returns the report when it was folded just now, in its order. */
  @Nullable Report take(long offset, RouterReport report) {
    newest = report.getReportedAt();
    end = offset + 1;
    Ledger known = ledger;
    if (known != null && offset == next) {
      Report folded = Reports.report(report);
      known.fold(offset, folded);
      next = offset + 1;
      return folded;
    }
    // A report that is missing has changed what is known.
    ledger = null;
    read.add(new Numbered(offset, report));
    begin(offset, report);
    return null;
  }

  private void begin(long offset, RouterReport report) {
    long from = report.getReadUpTo();
    List<Numbered> since = read.stream().filter(each -> each.offset >= from).toList();
    if (since.size() != offset - from + 1) {
      return;
    }
    Ledger begun = Ledger.of(Reports.known(report));
    since.forEach(each -> begun.fold(each.offset, Reports.report(each.report)));
    begin(begun, offset + 1);
  }

  /**
   * All that there was at the start was read.
   *
   * @param behind offset behind it
   */
  void atEnd(long behind) {
    complete = true;
    end = Math.max(end, behind);
  }

  /** Begins empty when nobody can hold anything any more. */
  void beginIfAlone(Instant now) {
    if (ledger == null
        && complete
        && (newest == null || newest.plus(Ledger.LEASE.multipliedBy(2)).isBefore(now))) {
      begin(new Ledger(), end);
    }
  }

  private void begin(Ledger begun, long offset) {
    ledger = begun;
    next = offset;
    read.clear();
    LOG.infof("quotas are known: routers=%d offset=%d", begun.living(), offset);
  }
}
