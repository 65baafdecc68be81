package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.Evolution;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.approval.review.Rules;
import io.ligature.approval.review.Ruling;
import io.ligature.approval.tracing.Tracing;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.TrailLine;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.Stores;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the fold and answers the API from it.
 *
 * <p>The start waits for the registry and for the topics, in the background, so that the service
 * can come up before them; until then it is not ready.
 */
@ApplicationScoped
public class ReviewRuntime {

  private static final Logger LOG = Logger.getLogger(ReviewRuntime.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(8);

  private final ApprovalSettings settings;
  private final PeerSettings peerSettings;
  private final Registry registry;
  private final ReviewMetrics metrics;
  private final Event<ReviewsStarted> started;
  private final PublicReason reasons;
  private final Tracing tracing;
  private final String bootstrap;
  private final boolean sharedSessions;
  private final Topics topics;
  private final Rules rules;
  private final Waiting waiting = new Waiting();
  private final Changes changes = new Changes();
  private volatile @Nullable Running running;
  private volatile boolean stopping;
  private @Nullable Thread starter;

  private record Running(
      KafkaStreams streams,
      ReviewQueries queries,
      Peers peers,
      TrailTail tail,
      Producer<byte[], byte[]> producer,
      RecordCodec codec) {

    boolean ready() {
      return streams.state() == KafkaStreams.State.RUNNING && tail.ready();
    }
  }

  public ReviewRuntime(
      ApprovalSettings settings,
      PeerSettings peerSettings,
      Registry registry,
      MeterRegistry meters,
      Event<ReviewsStarted> started,
      PublicReason reasons,
      Tracing tracing,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
      @ConfigProperty(name = "ligature.topics.prefix", defaultValue = "ligature") String prefix,
      @ConfigProperty(name = "ligature.payload.max-bytes", defaultValue = "900000") int maxBytes,
      @ConfigProperty(name = "quarkus.http.auth.session.encryption-key")
          Optional<String> sessionKey) {
    this.settings = settings;
    this.peerSettings = peerSettings;
    this.sharedSessions = sessionKey.isPresent();
    this.registry = registry;
    this.metrics = new ReviewMetrics(meters);
    this.started = started;
    this.reasons = reasons;
    this.tracing = tracing;
    this.bootstrap = bootstrap;
    this.topics = new Topics(prefix);
    this.rules =
        new Rules(
            new OutputSchemas(new PayloadLimit(maxBytes)), new JsonPatch(), settings.limits());
  }

  void start(@Observes StartupEvent event) {
    settings.check();
    peerSettings.check();
    starter = Thread.ofPlatform().name("approval-start").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    if (starter != null) {
      starter.interrupt();
    }
    Running current = running;
    if (current != null) {
      current.streams.close(STOP_PATIENCE);
      current.tail.close();
      current.peers.close();
      current.producer.close(PAUSE);
    }
  }

  /** True while decisions can be taken and are folded. */
  public boolean ready() {
    Running current = running;
    return current != null && current.ready();
  }

  public Optional<Review> find(String reviewId) {
    return current().queries.find(reviewId);
  }

  public List<RefusedCommand> refused(String reviewId) {
    return current().queries.refused(reviewId);
  }

  /**
   * A page of a list: open reviews with the oldest first, others with the newest first.
   *
   * @param after key of the review behind which it begins; null: from the beginning
   */
  public ReviewPage list(
      ReviewSummary.Status status, @Nullable String after, ReviewFilter filter, int limit) {
    return current().queries.list(new ListQuestion(status, after, filter, limit));
  }

  /**
   * What another instance asked for, of this one's share.
   *
   * @throws IllegalArgumentException when it is no such question
   */
  public ObjectNode answerPeer(String path, String body) {
    JsonNode question = Wire.parse(body);
    return switch (path) {
      case Peers.ROWS -> current().queries.rowsHere(RowsQuestion.of(question)).json();
      case Peers.LIST -> current().queries.listHere(ListQuestion.of(question)).json();
      default -> throw new IllegalArgumentException("there is no question " + path);
    };
  }

  /**
   * Hears every committed entry of a trail from now on, of all instances. The listener must not
   * wait; it is no longer called when the returned handle was run.
   */
  public Runnable listen(Consumer<ReviewTrailEntry> listener) {
    return changes.listen(listener);
  }

  /** What would come of the command as the review stands now; nothing is written. */
  public Outcome preview(Review review, ReviewCommand command) {
    ReviewDecision wanted = command.getDecision();
    String before =
        review.request().getRule().getOtherThanBefore()
            ? current().queries.decidedBefore(wanted.getWorkflowId(), wanted.getReviewer())
            : null;
    Ruling ruling = rules.decide(review, command, before);
    Review after = review;
    if (ruling instanceof Ruling.Happens(List<ReviewEvent> events)) {
      for (ReviewEvent event : events) {
        after = Evolution.evolve(after, event);
      }
    }
    return Outcome.of(ruling, after);
  }

  /** A command is refused, and its review's one writer will not hear of it. */
  public void turnedDown(TurnedDown command) {
    command.log();
    metrics.refused(command.refusal());
  }

  /** The trail of a review, oldest first; empty when there is none of that id. */
  public List<TrailLine> trail(String reviewId) {
    return current().queries.trail(reviewId);
  }

  /**
   * Sends the command to the review's one writer and waits for what comes of it.
   *
   * @param rootWorkflowId key of the review's records
   * @return empty when nothing came of it in time; it is stored, though, and will be decided
   */
  public Optional<Outcome> submit(
      String rootWorkflowId, ReviewCommand command, @Nullable String traceparent) {
    Running current = current();
    String reviewId = command.getDecision().getReviewId();
    CompletableFuture<Outcome> outcome = waiting.expect(reviewId, command.getCommandId());
    long asked = System.nanoTime();
    boolean answered = false;
    try {
      await(
          current.producer.send(
              new ProducerRecord<>(
                  topics.reviewsCommands(),
                  null,
                  rootWorkflowId.getBytes(StandardCharsets.UTF_8),
                  current.codec.encode(command),
                  CloudEvents.headers(
                      command.getCommandId(),
                      command,
                      "/" + ReviewTopology.SERVICE,
                      command.getDecision().getDecidedAt(),
                      command.getDecision().getWorkflowId(),
                      traceparent))));
      Outcome told = outcome.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
      answered = true;
      return Optional.of(told);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new UnavailableException("the command could not be decided; send it again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the service is stopping");
    } finally {
      waiting.giveUp(reviewId, command.getCommandId());
      metrics.waited(answered, System.nanoTime() - asked);
    }
  }

  private void await(java.util.concurrent.Future<?> sent) throws InterruptedException {
    try {
      sent.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new UnavailableException(
          "the broker has not confirmed the command within "
              + settings.answerTimeout()
              + "; send it again with the same Idempotency-Key");
    }
  }

  private Running current() {
    Running current = running;
    if (current == null || !current.ready()) {
      throw new UnavailableException(
          "the service is starting, or its reviews are being restored; see /q/health/ready");
    }
    return current;
  }

  private void run() {
    try {
      RecordCodec codec = new RecordCodec(Prerequisites.schemas(registry));
      int partitions = Prerequisites.partitions(bootstrap, topics);
      TrailTail tail =
          new TrailTail(
              () -> TrailTail.consumer(bootstrap),
              topics.reviewsTrail(),
              codec,
              waiting,
              changes::accept);
      tail.start();
      KafkaStreams streams = streams(codec);
      Producer<byte[], byte[]> producer =
          new KafkaProducer<>(
              ClientSettings.producer(bootstrap),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      Whereabouts whereabouts =
          new Whereabouts(
              streams, Objects.requireNonNull(HostInfo.buildFromEndpoint(settings.advertised())));
      streams.setStateListener(
          new Company(whereabouts, peerSettings.secret().isPresent(), sharedSessions));
      Peers peers = new Peers(peerSettings, metrics, tracing, Clock.systemUTC());
      ReviewQueries queries =
          new ReviewQueries(whereabouts, peers, codec, partitions, settings.maxScan());
      running = new Running(streams, queries, peers, tail, producer, codec);
      if (!stopping) {
        streams.start();
        started.fire(new ReviewsStarted(bootstrap, topics, codec, producer));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!stopping) {
        LOG.error("the approval service did not start", e);
        Quarkus.asyncExit(1);
      }
    }
  }

  private KafkaStreams streams(RecordCodec codec) {
    KafkaStreams streams =
        new KafkaStreams(
            ReviewTopology.of(
                topics,
                codec,
                rules,
                metrics,
                settings,
                Stores.persistentKeyValueStore(ReviewTopology.STORE),
                reasons,
                tracing),
            ClientSettings.streams(bootstrap, topics.prefix(), settings));
    streams.setUncaughtExceptionHandler(
        failure -> {
          LOG.error("the fold failed and goes on with a new thread", failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    StoreProgress progress = new StoreProgress(metrics);
    streams.setGlobalStateRestoreListener(progress);
    streams.setStandbyUpdateListener(progress);
    return streams;
  }
}
