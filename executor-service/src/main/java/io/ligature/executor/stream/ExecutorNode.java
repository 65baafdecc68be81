package io.ligature.executor.stream;

import io.ligature.agent.Adapters;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.Calls;
import io.ligature.executor.execution.FinishedAttempts;
import io.ligature.executor.execution.ResultCache;
import io.ligature.schemas.wire.PayloadLimit;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One executor: its threads and clients, from start to stop.
 *
 * <p>It stops in this order: it claims what is in flight and leaves the group, so that others take
 * its partitions and wait for its results; it goes on calling, with its heartbeat, until all is
 * done or the drain time is over; what is left then is handed over by its goodbye.
 */
final class ExecutorNode {

  private static final Logger LOG = Logger.getLogger(ExecutorNode.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  private final String id;
  private final ExecutorSettings settings;
  private final Clients clients;
  private final Producer<byte[], byte[]> producer;
  private final Outbox outbox;
  private final Map<String, InFlight> inFlight = Caller.board();
  private final Statuses statuses;
  private final Partials partials;
  private final Shadows shadows;
  private final LogFollower follower;
  private final AssignmentLoop loop;
  private final Pulse pulse;
  private final Consumer<Throwable> failed;
  private final Thread loopThread;
  private final Thread followerThread;
  private volatile boolean running;
  private volatile @Nullable Throwable failure;

  /**
   * @param id of this process alone; a restarted one has another
   * @param failed hears that the executor cannot go on
   */
  ExecutorNode(
      String id,
      Clients clients,
      ExecutorSettings settings,
      Adapters adapters,
      PayloadLimit payloadLimit,
      Clock clock,
      ExecutorMetrics metrics,
      Tracing tracing,
      Consumer<Throwable> failed) {
    this.id = id;
    this.settings = settings;
    this.clients = clients;
    this.failed = failed;
    producer = clients.producer();
    outbox = new Outbox(producer, clients.codec(), clients.topics(), id, this::fail);
    statuses =
        new Statuses(
            id,
            clients.pool(),
            settings.cooldown(),
            settings.longestCooldown(),
            outbox,
            inFlight::size);
    partials =
        new Partials(
            id, clients, settings.partialInterval(), settings.partialBytes(), metrics, clock);
    FinishedAttempts finished =
        new FinishedAttempts(
            settings.rememberedResults(), settings.rememberedBytes(), settings.rememberedAge());
    Executors executors = new Executors(settings.deadAfter());
    Mail mail = new Mail();
    Inlet inlet = new Inlet(mail, this::fail);
    follower =
        new LogFollower(
            clients, executors, inlet, settings.rememberedAge(), settings.agentPatience(), clock);
    ResultCache cache =
        new ResultCache(settings.cachedResults(), settings.cachedBytes(), settings.cachedAge());
    Calls calls = new Calls(follower, adapters, payloadLimit, cache, clock);
    Caller caller =
        new Caller(
            id,
            calls,
            outbox,
            finished,
            inFlight,
            statuses,
            partials,
            settings.progressInterval(),
            metrics,
            tracing,
            clock,
            mail);
    shadows =
        new Shadows(
            id,
            settings.maxShadows(),
            calls,
            outbox,
            statuses,
            metrics,
            clock,
            new RecentIds(settings.rememberedAge()));
    Desk desk =
        new Desk(
            id,
            settings.maxInFlight(),
            clients.codec(),
            inFlight,
            finished,
            new RecentIds(settings.rememberedAge()),
            new WaitingRoom(executors, clock, mail),
            caller,
            shadows,
            new StoredResults(clients),
            outbox,
            metrics,
            mail);
    loop = new AssignmentLoop(clients.assignments(), settings, desk, outbox, mail, follower, clock);
    inlet.connect(desk, loop);
    pulse =
        new Pulse(
            settings, inFlight, caller, statuses, finished, cache, shadows, clock, this::fail);
    loopThread = Thread.ofPlatform().name("assignments").unstarted(this::runLoop);
    followerThread = Thread.ofPlatform().daemon().name("follower").unstarted(follower);
  }

  String id() {
    return id;
  }

  void start() {
    running = true;
    followerThread.start();
    pulse.start();
    partials.start();
    loopThread.start();
    LOG.infof("executor started executor=%s pool=%s", id, clients.pool());
  }

  boolean ready() {
    return running && failure == null && follower.loaded() && loop.joined();
  }

  int inFlight() {
    return inFlight.size();
  }

  void stop() throws InterruptedException {
    running = false;
    loop.stop();
    loopThread.join(STOP_PATIENCE);
    boolean all = awaitNoCalls(settings.drainTimeout());
    if (!all) {
      LOG.warnf("calls handed over executor=%s calls=%d", id, inFlight.size());
      inFlight.values().forEach(call -> call.control.end(Ending.HANDED_OVER, "executor stops"));
      awaitNoCalls(Duration.ofSeconds(2));
    }
    shadows.stop();
    pulse.stop();
    partials.stop();
    outbox.flush();
    statuses.sayGoodbye();
    outbox.flush();
    end();
    LOG.infof("executor stopped executor=%s", id);
  }

  /** Ends as a killed process does: nothing more is written, claimed, committed or said. */
  void kill() throws InterruptedException {
    running = false;
    outbox.silence();
    loop.abandon();
    inFlight.values().forEach(call -> call.control.end(Ending.HANDED_OVER, "killed"));
    shadows.stop();
    loopThread.join(STOP_PATIENCE);
    pulse.stop();
    partials.stop();
    end();
  }

  private void end() throws InterruptedException {
    follower.stop();
    followerThread.join(STOP_PATIENCE);
    producer.close(Duration.ofSeconds(5));
  }

  private boolean awaitNoCalls(Duration patience) throws InterruptedException {
    long giveUp = System.nanoTime() + patience.toNanos();
    while (!inFlight.isEmpty()) {
      if (System.nanoTime() > giveUp) {
        return false;
      }
      Thread.sleep(Duration.ofMillis(10));
    }
    return true;
  }

  private void runLoop() {
    try {
      loop.run(clients.topics(), clients.pool());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Exception problem) {
    if (running && failure == null) {
      failure = problem;
      LOG.errorf(problem, "the executor cannot go on executor=%s", id);
      failed.accept(problem);
    }
  }
}
