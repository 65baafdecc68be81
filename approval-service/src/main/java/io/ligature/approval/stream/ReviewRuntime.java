package io.ligature.approval.stream;

import io.ligature.approval.review.Evolution;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.approval.review.Rules;
import io.ligature.approval.review.Ruling;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.SchemaIds;
import io.ligature.schemas.wire.TrailLine;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
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
  private final Registry registry;
  private final MeterRegistry meters;
  private final Event<ReviewsStarted> started;
  private final PublicReason reasons;
  private final String bootstrap;
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
      TrailTail tail,
      Producer<byte[], byte[]> producer,
      RecordCodec codec) {

    boolean ready() {
      return streams.state() == KafkaStreams.State.RUNNING && tail.ready();
    }
  }

  public ReviewRuntime(
      ApprovalSettings settings,
      Registry registry,
      MeterRegistry meters,
      Event<ReviewsStarted> started,
      PublicReason reasons,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
      @ConfigProperty(name = "ligature.topics.prefix", defaultValue = "ligature") String prefix,
      @ConfigProperty(name = "ligature.payload.max-bytes", defaultValue = "900000") int maxBytes) {
    this.settings = settings;
    this.registry = registry;
    this.meters = meters;
    this.started = started;
    this.reasons = reasons;
    this.bootstrap = bootstrap;
    this.topics = new Topics(prefix);
    this.rules =
        new Rules(
            new OutputSchemas(new PayloadLimit(maxBytes)), new JsonPatch(), settings.limits());
  }

  void start(@Observes StartupEvent event) {
    settings.check();
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

  public ReviewPage list(
      ReviewSummary.Status status,
      @Nullable String after,
      Predicate<ReviewSummary> visible,
      int limit) {
    return current().queries.list(status, after, visible, limit, settings.maxScan());
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
      return Optional.of(outcome.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new UnavailableException("the command could not be decided; send it again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the service is stopping");
    } finally {
      waiting.giveUp(reviewId, command.getCommandId());
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
      RecordCodec codec = new RecordCodec(connect());
      awaitTopics();
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
      running = new Running(streams, new ReviewQueries(streams, codec), tail, producer, codec);
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
                new ReviewMetrics(meters),
                settings,
                Stores.persistentKeyValueStore(ReviewTopology.STORE),
                reasons),
            ClientSettings.streams(bootstrap, topics.prefix(), settings));
    streams.setUncaughtExceptionHandler(
        failure -> {
          LOG.error("the fold failed and goes on with a new thread", failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    return streams;
  }

  private SchemaIds connect() throws InterruptedException {
    while (true) {
      try {
        return registry.connect();
      } catch (UncheckedIOException e) {
        LOG.warnf("the registry does not answer, next try in %s: %s", PAUSE, e.getMessage());
      }
      Thread.sleep(PAUSE);
    }
  }

  private void awaitTopics() throws InterruptedException {
    List<String> needed =
        List.of(
            topics.reviewsNeeded(),
            topics.reviewsCommands(),
            topics.reviewsDecided(),
            topics.reviewsTrail(),
            topics.deadLetters());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      while (true) {
        try {
          admin.describeTopics(needed).allTopicNames().get(10, TimeUnit.SECONDS);
          return;
        } catch (ExecutionException | TimeoutException e) {
          LOG.warnf("topics cannot be read, next try in %s: %s", PAUSE, e.getMessage());
        }
        Thread.sleep(PAUSE);
      }
    }
  }
}
