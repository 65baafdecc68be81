package io.ligature.router.stream;

import io.ligature.avro.RouterReport;
import io.ligature.router.routing.Ledger;
import io.ligature.router.routing.Ledger.Report;
import io.ligature.router.routing.Quota;
import io.ligature.router.routing.Stake;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Shares the quotas with the other routers: takes their reports in, and writes its own. */
final class Treasury {

  private static final Logger LOG = Logger.getLogger(Treasury.class);
  private static final Duration IDLE_PAUSE = Duration.ofMillis(100);
  private static final Duration BUSY_PAUSE = Duration.ofMillis(5);

  private final Dispatcher dispatcher;
  private final Consumer<RouterReport> outbox;
  private final LedgerFollower follower = new LedgerFollower();
  private final Stake stake;
  private Instant nextLook = Instant.MIN;

  Treasury(
      String router,
      RouterSettings settings,
      Dispatcher dispatcher,
      Consumer<RouterReport> outbox) {
    this.dispatcher = dispatcher;
    this.outbox = outbox;
    this.stake = new Stake(router, settings.quotaTurn(), settings.reportInterval());
    dispatcher.fleet().govern();
    dispatcher.shares().tell(stake::gave);
  }

  /** A report was read. */
  void take(long offset, RouterReport report, Instant now) {
    Report folded = follower.take(offset, report);
    Ledger ledger = follower.ledger();
    if (folded != null && ledger != null) {
      stake.folded(folded, ledger, now.toEpochMilli());
    }
    nextLook = Instant.MIN;
  }

  /** The reports that there were at the start have been read up to here. */
  void atEnd(long end) {
    follower.atEnd(end);
    nextLook = Instant.MIN;
  }

  /** Partitions were distributed. */
  void took(int generation, Set<Integer> partitions) {
    stake.took(generation, partitions);
    nextLook = Instant.MIN;
  }

  /** Says what is to be said, and lets the quotas use what they may. */
  void look(Instant now) {
    follower.beginIfAlone(now);
    Ledger ledger = follower.ledger();
    if (ledger == null || now.isBefore(nextLook)) {
      return;
    }
    nextLook = now.plus(dispatcher.waiting() > 0 ? BUSY_PAUSE : IDLE_PAUSE);
    say(ledger, now);
    for (Quota quota : stake.allow(ledger, dispatcher.fleet(), now.toEpochMilli())) {
      LOG.debugf("quota may use more: quota=%s allowed=%s", quota.key(), quota.allowance());
      dispatcher.freed(quota);
    }
  }

  /** Asks at once for what tasks wait for. */
  void ask(Instant now) {
    Ledger ledger = follower.ledger();
    if (ledger != null && dispatcher.waiting() > 0) {
      say(ledger, now);
    }
  }

  /** Says that this router ends. What its calls hold goes with their partitions. */
  void leave(Instant now) {
    stake.leave();
    Ledger ledger = follower.ledger();
    if (ledger != null) {
      say(ledger, now);
    }
  }

  private void say(Ledger ledger, Instant now) {
    Report report =
        stake.next(ledger, dispatcher.fleet(), dispatcher.waiting(), now.toEpochMilli());
    if (report != null) {
      outbox.accept(Reports.wire(report, follower.readUpTo(), ledger.known()));
    }
  }
}
