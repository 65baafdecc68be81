package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.TaskAssignment;
import io.ligature.router.routing.Member;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.Figures;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The router within this process: started and stopped with it, and asked by the REST API. */
@ApplicationScoped
public class RouterRuntime {

  private static final Logger LOG = Logger.getLogger(RouterRuntime.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final RouterSettings settings;
  private final StatisticsSettings statisticsSettings;
  private final CalibrationSettings calibrationSettings;
  private final AssignmentsSettings assignmentsSettings;
  private final Semaphore searches;
  private final Registry registry;
  private final MeterRegistry meters;
  private final Tracer tracer;
  private final String bootstrap;
  private final Topics topics;
  private final boolean speculative;
  private final Clock clock = Clock.systemUTC();
  private volatile @Nullable Running running;
  private volatile boolean stopping;

  private record Running(
      RouterLoop loop, RecordCodec codec, Clients clients, StatisticsFollower statistics) {}

  /** The router cannot answer now. */
  public static final class UnavailableException extends RuntimeException {
    UnavailableException(String message) {
      super(message);
    }
  }

  public RouterRuntime(
      RouterSettings settings,
      StatisticsSettings statisticsSettings,
      CalibrationSettings calibrationSettings,
      AssignmentsSettings assignmentsSettings,
      Registry registry,
      MeterRegistry meters,
      Tracer tracer,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
      @ConfigProperty(name = "ligature.topics.prefix", defaultValue = "ligature") String prefix,
      @ConfigProperty(name = "ligature.dispatch.mode", defaultValue = "speculative") String mode) {
    this.settings = settings;
    this.statisticsSettings = statisticsSettings;
    this.calibrationSettings = calibrationSettings;
    this.assignmentsSettings = assignmentsSettings;
    this.searches = new Semaphore(Math.max(1, assignmentsSettings.maxSearches()));
    this.registry = registry;
    this.meters = meters;
    this.tracer = tracer;
    this.bootstrap = bootstrap;
    this.topics = new Topics(prefix);
    this.speculative = isSpeculative(mode);
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
    statisticsSettings.check();
    calibrationSettings.check();
    assignmentsSettings.check();
    Thread.ofPlatform().name("router").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    Running current = running;
    if (current != null && !current.loop.stop(STOP_PATIENCE)) {
      LOG.warnf("the router did not end within %s", STOP_PATIENCE);
    }
  }

  /** True while the router does its work. */
  public boolean ready() {
    Running current = running;
    return current != null && current.loop.ready();
  }

  public Instant now() {
    return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }

  public AgentPage agents(@Nullable String after, int limit) {
    return ask((dispatcher, now) -> AgentPage.of(dispatcher, now, after, limit));
  }

  public Optional<AgentPage.Entry> agent(String id) {
    return ask(
        (dispatcher, now) -> {
          Member member = dispatcher.fleet().member(id);
          return Optional.ofNullable(member)
              .map(each -> AgentPage.Entry.of(each, dispatcher.routing().settings(), now));
        });
  }

  public Explained explain(RoutingRequest request) {
    return ask((dispatcher, now) -> Explained.of(dispatcher, request, now));
  }

  /** The assignments of an attempt that the log still has, oldest first. */
  public List<TaskAssignment> assignments(AttemptId attempt) {
    Running current = current();
    if (!searches.tryAcquire()) {
      throw new UnavailableException("other searches are under way; try again");
    }
    try {
      return new AssignmentSearch(current.clients, assignmentsSettings.searchLimit())
          .find(attempt, settings.viewTimeout());
    } finally {
      searches.release();
    }
  }

  /**
   * What the events tell, by agent and capability.
   *
   * @param agent null: all
   * @param capability null: all
   */
  public Map<AgentAt, Figures> statistics(@Nullable String agent, @Nullable String capability) {
    StatisticsView view = current().statistics.view();
    Map<AgentAt, Figures> figures = new LinkedHashMap<>();
    for (AgentAt at : view.keys()) {
      if ((agent == null || at.agent().equals(agent))
          && (capability == null || at.capability().equals(capability))) {
        figures.put(at, view.sum(at).at(now()));
      }
    }
    return figures;
  }

  public CalibrationSettings calibration() {
    return calibrationSettings;
  }

  /** Returns when the router's own view has it. */
  public void put(AgentRegistration registration) {
    Running current = current();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.agents(),
            null,
            registration.getId().getBytes(StandardCharsets.UTF_8),
            current.codec.encode(registration),
            CloudEvents.headers(
                registration.getId() + "/" + registration.getRegisteredAt().toEpochMilli(),
                registration,
                "/" + KafkaOutbox.SERVICE,
                registration.getRegisteredAt(),
                registration.getId(),
                null));
    write(current, record);
  }

  /** Returns when the router's own view has lost it. */
  public void delete(String id) {
    write(
        current(),
        new ProducerRecord<>(
            topics.agents(), null, id.getBytes(StandardCharsets.UTF_8), null, List.of()));
  }

  private void write(Running current, ProducerRecord<byte[], byte[]> record) {
    RecordMetadata stored = await(current.loop.producer().send(record));
    TopicPartition partition = new TopicPartition(stored.topic(), stored.partition());
    try {
      if (!current.loop.view().reached(partition, stored.offset(), settings.viewTimeout())) {
        throw new UnavailableException(
            "the change is stored, but the router has not taken it in within "
                + settings.viewTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted");
    }
  }

  private <T> T ask(BiFunction<Dispatcher, Instant, T> question) {
    RouterLoop loop = current().loop;
    CompletableFuture<T> answer = loop.ask(question);
    return await(answer);
  }

  private <T> T await(java.util.concurrent.Future<T> future) {
    try {
      return future.get(settings.viewTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UnavailableException("no answer within " + settings.viewTimeout());
    } catch (ExecutionException e) {
      throw new UnavailableException(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted");
    }
  }

  private Running current() {
    Running current = running;
    if (current == null || !current.loop.ready()) {
      throw new UnavailableException(
          "the router is not ready: it has not reached the registry or the broker, or has not read"
              + " all agents yet");
    }
    return current;
  }

  private void run() {
    try {
      RecordCodec codec = new RecordCodec(connect());
      Clients clients = new Clients(bootstrap, topics, codec, speculative, settings.instanceId());
      RouterLoop loop =
          new RouterLoop(clients, settings, clock, new RouterMetrics(meters), new Tracing(tracer));
      StatisticsFollower statistics = statistics(clients, loop);
      running = new Running(loop, codec, clients, statistics);
      if (!stopping) {
        Thread.ofPlatform().name("router-statistics").start(statistics);
        loop.run();
        if (!statistics.stop(STOP_PATIENCE)) {
          LOG.warnf("statistics did not end within %s", STOP_PATIENCE);
        }
      }
      if (loop.failure() != null) {
        Quarkus.asyncExit(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!stopping) {
        LOG.error("the router did not start", e);
        Quarkus.asyncExit(1);
      }
    }
  }

  private StatisticsFollower statistics(Clients clients, RouterLoop loop) {
    StatisticsFollower follower =
        new StatisticsFollower(
            clients,
            statisticsSettings,
            clock,
            new StatisticsMetrics(meters, statisticsSettings.maxMetrics()),
            new TrackKeeper(loop, calibrationSettings));
    loop.watch(follower);
    return follower;
  }

  private SchemaIds connect() {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return registry.connect();
      } catch (UncheckedIOException e) {
        LOG.warnf("the registry does not answer, next try in %s: %s", pause, e.getMessage());
      }
      rest(pause);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }

  private void rest(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopping) {
      throw new UnavailableException("stopped before the registry answered");
    }
  }
}
