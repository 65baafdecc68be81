package io.ligature.approval.stream;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.KafkaStreams;
import org.jboss.logging.Logger;

/** Says once what several instances need and these lack. */
final class Company implements KafkaStreams.StateListener {

  private static final Logger LOG = Logger.getLogger(Company.class);

  private final Whereabouts whereabouts;
  private final boolean mayAsk;
  private final boolean sharedSessions;
  private final AtomicBoolean told = new AtomicBoolean();

  Company(Whereabouts whereabouts, boolean mayAsk, boolean sharedSessions) {
    this.whereabouts = whereabouts;
    this.mayAsk = mayAsk;
    this.sharedSessions = sharedSessions;
  }

  @Override
  public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
    if (now != KafkaStreams.State.RUNNING
        || whereabouts.instances() < 2
        || !told.compareAndSet(false, true)) {
      return;
    }
    if (!mayAsk) {
      LOG.warn(
          "several instances run, and they cannot ask each other: set ligature.approval.peers.secret"
              + " on all of them, or each tells of its own reviews only and answers 503 for others");
    }
    if (!sharedSessions) {
      LOG.warn(
          "several instances run, and each has a key of its own for sessions of the inbox: set"
              + " quarkus.http.auth.session.encryption-key on all of them, or people are logged out"
              + " whenever another instance answers");
    }
  }
}
