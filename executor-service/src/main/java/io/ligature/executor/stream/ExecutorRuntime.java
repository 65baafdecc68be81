package io.ligature.executor.stream;

import io.ligature.agent.Adapters;
import io.ligature.agent.Secrets;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.SchemaIds;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The executor within this process: started and stopped with it. */
@ApplicationScoped
public class ExecutorRuntime {

  private static final Logger LOG = Logger.getLogger(ExecutorRuntime.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ExecutorSettings settings;
  private final Registry registry;
  private final MeterRegistry meters;
  private final Tracer tracer;
  private final String bootstrap;
  private final Topics topics;
  private final boolean speculative;
  private final PayloadLimit payloadLimit;
  private final Adapters adapters = Adapters.standard(Secrets.ofThisProcess());
  private final CountDownLatch stopping = new CountDownLatch(1);
  private @Nullable Thread starter;
  private volatile @Nullable ExecutorNode node;

  public ExecutorRuntime(
      ExecutorSettings settings,
      Registry registry,
      MeterRegistry meters,
      Tracer tracer,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
      @ConfigProperty(name = "ligature.topics.prefix", defaultValue = "ligature") String prefix,
      @ConfigProperty(name = "ligature.dispatch.mode", defaultValue = "speculative") String mode,
      @ConfigProperty(name = "ligature.payload.max-bytes", defaultValue = "900000")
          int maxPayload) {
    this.settings = settings;
    this.registry = registry;
    this.meters = meters;
    this.tracer = tracer;
    this.bootstrap = bootstrap;
    this.topics = new Topics(prefix);
    this.speculative = isSpeculative(mode);
    this.payloadLimit = new PayloadLimit(maxPayload);
  }

  static boolean isSpeculative(String mode) {
    return switch (mode) {
      case "speculative" -> true;
      case "conservative" -> false;
      default ->
          throw new IllegalArgumentException(
              "ligature.dispatch.mode: '" + mode + "' is neither speculative nor conservative");
    };
  }

  void start(@Observes StartupEvent event) {
    settings.check();
    starter = Thread.ofPlatform().name("executor-start").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping.countDown();
    if (starter != null) {
      starter.join();
    }
    ExecutorNode current = node;
    if (current != null) {
      current.stop();
    }
    adapters.close();
  }

  /** True while the executor takes assignments. */
  public boolean ready() {
    ExecutorNode current = node;
    return current != null && current.ready();
  }

  private void run() {
    try {
      SchemaIds ids = connect();
      if (ids == null) {
        return;
      }
      Clients clients =
          new Clients(
              bootstrap,
              topics,
              new RecordCodec(ids),
              speculative,
              settings.pool(),
              settings.instanceId());
      ExecutorNode started =
          new ExecutorNode(
              newId(),
              clients,
              settings,
              adapters,
              payloadLimit,
              Clock.systemUTC(),
              new ExecutorMetrics(meters),
              new Tracing(tracer),
              failure -> Quarkus.asyncExit(1));
      node = started;
      started.start();
    } catch (RuntimeException | InterruptedException e) {
      LOG.error("the executor did not start", e);
      Quarkus.asyncExit(1);
    }
  }

  /** Another one after each start: a claim of a former process is a claim of the dead. */
  private static String newId() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "executor";
    }
    return host
        + "-"
        + ProcessHandle.current().pid()
        + "-"
        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  /** Null when the executor is stopped before the registry answers. */
  private @Nullable SchemaIds connect() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return registry.connect();
      } catch (UncheckedIOException e) {
        LOG.warnf("the registry does not answer, next try in %s: %s", pause, e.getMessage());
      }
      if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return null;
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }
}
