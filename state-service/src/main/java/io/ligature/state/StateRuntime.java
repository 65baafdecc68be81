package io.ligature.state;

import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.SchemaIds;
import io.ligature.state.engine.Engine;
import io.ligature.state.engine.Tuning;
import io.ligature.state.ingest.ChildPins;
import io.ligature.state.ingest.CommandOutcomes;
import io.ligature.state.ingest.DefinitionCatalog;
import io.ligature.state.ingest.DefinitionFacts;
import io.ligature.state.ingest.DefinitionWriter;
import io.ligature.state.ingest.Ingest;
import io.ligature.state.ingest.StartCheck;
import io.ligature.state.partial.PartialHub;
import io.ligature.state.schedule.DueTimes;
import io.ligature.state.schedule.PeerRuns;
import io.ligature.state.schedule.QueriedRuns;
import io.ligature.state.schedule.ScheduleLoop;
import io.ligature.state.schedule.ScheduleMetrics;
import io.ligature.state.schedule.Scheduler;
import io.ligature.state.schedule.StartsTopic;
import io.ligature.state.stream.Backlog;
import io.ligature.state.stream.Core;
import io.ligature.state.stream.HistoryReader;
import io.ligature.state.stream.InboxBacklog;
import io.ligature.state.stream.OpenTelemetryTracing;
import io.ligature.state.stream.PlanCache;
import io.ligature.state.stream.Shell;
import io.ligature.state.stream.StateTopology;
import io.ligature.state.stream.StreamsLifecycle;
import io.ligature.state.stream.StreamsProperties;
import io.ligature.state.stream.Tracing;
import io.ligature.state.stream.TransitionMetrics;
import io.ligature.state.stream.Turns;
import io.ligature.state.stream.WorkflowQueries;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts the service together and takes it down again.
 *
 * <p>The registry may come up after this service, so the rest is made in a thread of its own when
 * it answers; until then requests get 503 and readiness is down.
 */
@ApplicationScoped
public class StateRuntime {

  private static final Logger LOG = Logger.getLogger(StateRuntime.class);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  /** What the event of a start has beside the start. */
  private static final int ROOM_IN_EVENT = 4_096;

  private final StateSettings settings;
  private final Map<String, Object> kafka;
  private final Registry registry;
  private final MeterRegistry meters;
  private final Tracing tracing;
  private final InstantSource clock = InstantSource.system();
  private final PlanCache plans;
  private final DefinitionParser parser;
  private final Topics topics;
  private final Turns turns = new Turns();
  private volatile @Nullable Parts parts;
  private volatile boolean stopping;

  /** Where schema ids come from. */
  public interface Registry {
    /**
     * @throws UncheckedIOException when it does not answer; worth another try
     */
    SchemaIds connect();
  }

  /** What there is once the registry has answered. */
  public record Parts(
      DefinitionCatalog catalog,
      DefinitionWriter writer,
      StartCheck check,
      Ingest ingest,
      Inbox inbox,
      StreamsLifecycle streams,
      WorkflowQueries queries,
      HistoryReader history,
      CommandOutcomes outcomes,
      InboxBacklog backlog,
      PartialHub partials,
      ScheduleLoop schedules) {}

  public StateRuntime(
      StateSettings settings,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      Registry registry,
      MeterRegistry meters,
      OpenTelemetry telemetry,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true")
          boolean tracingDisabled) {
    this.settings = settings;
    this.kafka = kafka;
    this.registry = registry;
    this.meters = meters;
    this.tracing = tracingDisabled ? Tracing.OFF : new OpenTelemetryTracing(telemetry);
    this.topics = new Topics(settings.topics().prefix());
    this.parser = new DefinitionParser(limits(settings.definitions()));
    this.plans = new PlanCache(parser, settings.state().memory().parsedDefinitions());
  }

  void start(@Observes StartupEvent event) {
    StreamsProperties.of(settings, kafka);
    ReviewPolicies.of(settings.state().review(), parser);
    Thread.ofPlatform().daemon().name("state-start").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    Parts current = parts;
    if (current != null) {
      current.schedules.close();
      current.partials.close();
      current.streams.close();
      current.backlog.close();
      current.catalog.close();
      current.inbox.close();
    }
  }

  /**
   * @throws Unavailable while the service is still starting
   */
  public Parts parts() {
    Parts current = parts;
    if (current == null) {
      throw new Unavailable("the service is starting: the registry has not answered yet");
    }
    return current;
  }

  /** Waits until the service has been put together. */
  public Parts awaitParts() {
    Parts current = parts;
    while (current == null) {
      pause();
      current = parts;
    }
    return current;
  }

  /** True while starts are taken, workflows folded and definitions in view. */
  public boolean ready() {
    Parts current = parts;
    return current != null && current.catalog.ready() && current.streams.running();
  }

  /** For people: what readiness waits for. */
  public String state() {
    Parts current = parts;
    if (current == null) {
      return "waiting for the registry at " + settings.registry().url();
    }
    return "definitions "
        + (current.catalog.ready() ? "read" : "being read")
        + ", streams "
        + current.streams.state();
  }

  public DefinitionParser parser() {
    return parser;
  }

  public StateSettings settings() {
    return settings;
  }

  public InstantSource clock() {
    return clock;
  }

  private void run() {
    try {
      RecordCodec codec = new RecordCodec(connect());
      Parts made = make(codec);
      made.catalog.start();
      made.streams.start();
      if (settings.state().schedule().enabled()) {
        made.schedules.start();
      }
      parts = made;
    } catch (RuntimeException e) {
      LOG.errorf(e, "the service did not start; the process ends");
      Quarkus.asyncExit(1);
    }
  }

  private SchemaIds connect() {
    while (true) {
      try {
        return registry.connect();
      } catch (UncheckedIOException e) {
        if (stopping) {
          throw e;
        }
        LOG.infof(
            "waiting for the registry url=%s reason=%s",
            settings.registry().url(), String.valueOf(e.getMessage()));
        pause();
      }
    }
  }

  private Parts make(RecordCodec codec) {
    int maxRecord = settings.state().streams().maxRecordBytes() - ROOM_IN_EVENT;
    // Dead letters carry the original and more, so their limit is the request's and not the
    // record's.
    Clients clients = new Clients(kafka, settings.state().streams().maxRequestBytes());
    PayloadLimit limit = new PayloadLimit(settings.payload().maxBytes());
    DefinitionCatalog catalog =
        new DefinitionCatalog(clients::committedReader, codec, topics.definitions());
    DefinitionWriter writer =
        new DefinitionWriter(
            () -> clients.transactional(topics.prefix() + "-definitions"),
            catalog,
            codec,
            topics.definitions(),
            clock);
    DefinitionFacts facts =
        new DefinitionFacts(plans::parse, settings.state().memory().parsedDefinitions());
    StartCheck check =
        new StartCheck(
            facts,
            new ChildPins(catalog::surely, facts::calls, settings.definitions().maxChildren()),
            limit);
    Ingest ingest = new Ingest(catalog::surely, check, codec, topics, clock, maxRecord);
    Duration wait = settings.state().http().acknowledgeWait();
    Inbox inbox = new Inbox(clients.producer(), codec, topics, clock, wait, maxRecord);
    Properties properties = StreamsProperties.of(settings, kafka);
    InboxBacklog backlog =
        new InboxBacklog(
            clients::admin,
            properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG),
            topics.inbox());
    StreamsLifecycle streams =
        new StreamsLifecycle(
            StateTopology.of(shell(codec, limit, backlog), topics),
            properties,
            StateTopology.topics(topics),
            new StreamsLifecycle.Plan(
                settings.state().topicsWait(),
                settings.state().streams().maxThreadReplacements(),
                clock,
                () -> Quarkus.asyncExit(1)));
    Optional<HostInfo> own = settings.state().advertised().map(StateRuntime::host);
    WorkflowQueries queries = new WorkflowQueries(streams::streams, codec, plans, own, turns);
    HistoryReader history =
        new HistoryReader(
            clients::committedReader,
            codec,
            topics.events(),
            settings.state().http().historyWait());
    CommandOutcomes outcomes =
        new CommandOutcomes(
            clients::committedReader,
            codec,
            topics.events(),
            settings.state().http().commandWait());
    return new Parts(
        catalog,
        writer,
        check,
        ingest,
        inbox,
        streams,
        queries,
        history,
        outcomes,
        backlog,
        partials(clients, codec),
        schedules(clients, codec, catalog, queries));
  }

  private PartialHub partials(Clients clients, RecordCodec codec) {
    StateSettings.Partial rules = settings.state().partial();
    return new PartialHub(
        clients::eagerReader,
        codec,
        topics.tasksPartial(),
        new PartialHub.Bounds(rules.maxWatchers(), rules.queue(), rules.brokerWait()));
  }

  private ScheduleLoop schedules(
      Clients clients, RecordCodec codec, DefinitionCatalog catalog, WorkflowQueries queries) {
    StateSettings.Schedule rules = settings.state().schedule();
    StartsTopic starts =
        new StartsTopic(
            clients.producer(),
            codec,
            topics.starts(),
            clock,
            settings.state().http().acknowledgeWait());
    Scheduler scheduler =
        new Scheduler(
            catalog::newest,
            plans::parse,
            new QueriedRuns(
                queries, new PeerRuns(rules.peerAuthorization().orElse(null), rules.peerWait())),
            starts,
            new DueTimes.Bounds(rules.window(), rules.maxRuns(), rules.late()),
            new ScheduleMetrics(meters));
    return new ScheduleLoop(scheduler, starts, clock, rules.interval(), this::ready);
  }

  private Shell shell(RecordCodec codec, PayloadLimit limit, Backlog backlog) {
    StateSettings.Timers timers = settings.state().timers();
    return new Shell(
        codec,
        plans,
        Core.of(new Engine(tuning(limit))),
        settings.state().engine().maxTransitions(),
        settings.state().streams().maxRecordBytes(),
        new Shell.Timers(timers.interval(), timers.perTick(), timers.catchUpWait(), backlog),
        new TransitionMetrics(meters),
        tracing,
        turns);
  }

  private Tuning tuning(PayloadLimit limit) {
    StateSettings.EngineLimits engine = settings.state().engine();
    return new Tuning(
        engine.queueSlack(),
        engine.reportSlack(),
        engine.silentOffers(),
        engine.firstOffer(),
        engine.longestOffer(),
        engine.maxAttempts(),
        limit,
        new Tuning.Nesting(
            engine.maxItems(),
            engine.itemsAtOnce(),
            engine.maxItemsAtOnce(),
            engine.maxDepth(),
            engine.maxSignals()),
        engine.longestWait(),
        engine.maxCritique(),
        engine.limitedWait(),
        engine.maxConsequences(),
        ReviewPolicies.of(settings.state().review(), parser));
  }

  private static DefinitionLimits limits(StateSettings.DefinitionSize size) {
    return new DefinitionLimits(
        size.maxBytes(),
        size.maxDepth(),
        size.maxTasks(),
        size.maxExpressionLength(),
        size.maxExpressionDepth(),
        size.maxExpressionIterations(),
        size.maxNesting(),
        size.maxVariables());
  }

  static HostInfo host(String advertised) {
    HostInfo host = HostInfo.buildFromEndpoint(advertised);
    if (host == null) {
      throw new IllegalArgumentException(
          "ligature.state.advertised: '" + advertised + "' is not host:port");
    }
    return host;
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at the start", e);
    }
  }
}
