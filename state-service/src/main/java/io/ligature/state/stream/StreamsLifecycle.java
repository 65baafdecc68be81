package io.ligature.state.stream;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts, watches and stops the one Kafka Streams client of this process.
 *
 * <p>A thread that dies of a fault that passes (the broker was away) is replaced; one that dies of
 * anything else, or too often, ends the client and then the process, so that its supervisor sees
 * it.
 */
public final class StreamsLifecycle implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(StreamsLifecycle.class);
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(8);

  private final Topology topology;
  private final Properties properties;
  private final Set<String> topics;
  private final Plan plan;
  private final Thread starter;
  private volatile @Nullable KafkaStreams streams;
  private volatile boolean closed;

  /**
   * What the lifecycle goes by.
   *
   * @param topicsWait how long the topics may be missing
   * @param maxReplacements threads replaced within ten minutes before it gives up
   * @param giveUp ends the process with an error
   */
  public record Plan(
      Duration topicsWait, int maxReplacements, InstantSource clock, Runnable giveUp) {}

  public StreamsLifecycle(Topology topology, Properties properties, Set<String> topics, Plan plan) {
    this.topology = topology;
    this.properties = properties;
    this.topics = topics;
    this.plan = plan;
    this.starter = Thread.ofPlatform().daemon().name("streams-start").unstarted(this::run);
  }

  /** Returns at once; {@link #running()} tells when it works. */
  public void start() {
    starter.start();
  }

  /** True while records are folded. */
  public boolean running() {
    KafkaStreams current = streams;
    return current != null && current.state() == KafkaStreams.State.RUNNING;
  }

  /** The state in words, for readiness. */
  public String state() {
    KafkaStreams current = streams;
    return current == null ? "waiting for topics" : current.state().toString();
  }

  /** The client, once the topics were there. */
  public @Nullable KafkaStreams streams() {
    return streams;
  }

  @Override
  public void close() {
    closed = true;
    starter.interrupt();
    KafkaStreams current = streams;
    if (current != null && !current.close(CLOSE_WAIT)) {
      LOG.warnf("the streams did not stop in time waited=%s", CLOSE_WAIT);
    }
  }

  private void run() {
    try {
      awaitTopics();
      KafkaStreams created = new KafkaStreams(topology, properties);
      created.setStateListener(
          (now, before) -> {
            LOG.infof("streams state=%s before=%s", now, before);
            if (now == KafkaStreams.State.ERROR && !closed) {
              plan.giveUp().run();
            }
          });
      Replacements replacements = new Replacements(plan.maxReplacements(), plan.clock());
      created.setUncaughtExceptionHandler(replacements::answer);
      streams = created;
      if (!closed) {
        created.start();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.errorf(e, "the streams did not start; the process ends");
      plan.giveUp().run();
    }
  }

  /**
   * Kafka Streams ends with an error when a source topic is missing, and would write a sink topic
   * into being with whatever the broker's defaults are; so all of them have to be there first.
   */
  private void awaitTopics() throws InterruptedException {
    Instant end = plan.clock().instant().plus(plan.topicsWait());
    Properties adminProperties = new Properties();
    properties.forEach(
        (key, value) -> {
          if (AdminClientConfig.configNames().contains(key)) {
            adminProperties.put(key, value);
          }
        });
    try (Admin admin = Admin.create(adminProperties)) {
      for (Set<String> missing = missing(admin); !missing.isEmpty(); missing = missing(admin)) {
        if (!plan.clock().instant().isBefore(end)) {
          throw new IllegalStateException(
              "there are no topics "
                  + missing
                  + " after "
                  + plan.topicsWait()
                  + " (ligature.state.topics-wait); create them first");
        }
        TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      }
    }
  }

  private Set<String> missing(Admin admin) throws InterruptedException {
    Set<String> missing = new TreeSet<>(topics);
    try {
      missing.removeAll(admin.listTopics().names().get(5, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      LOG.infof("waiting for the broker reason=%s", String.valueOf(e.getMessage()));
    }
    return missing;
  }

  /** Decides what becomes of a stream thread that died. */
  static final class Replacements {

    private final int most;
    private final InstantSource clock;
    private final Deque<Instant> recent = new ArrayDeque<>();

    Replacements(int most, InstantSource clock) {
      this.most = most;
      this.clock = clock;
    }

    synchronized StreamThreadExceptionResponse answer(Throwable fault) {
      Instant now = clock.instant();
      recent.removeIf(earlier -> earlier.isBefore(now.minus(WINDOW)));
      recent.add(now);
      if (passes(fault) && recent.size() <= most) {
        LOG.warnf(fault, "a stream thread died and is replaced recent=%d", recent.size());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
      LOG.errorf(fault, "a stream thread died; the client shuts down recent=%d", recent.size());
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** True when any cause is one that Kafka calls worth another try, or a network that is away. */
    static boolean passes(Throwable fault) {
      List<Throwable> chain = new ArrayList<>();
      for (Throwable one = fault; one != null && !chain.contains(one); one = one.getCause()) {
        chain.add(one);
      }
      return chain.stream()
          .anyMatch(one -> one instanceof RetriableException || one instanceof IOException);
    }
  }
}
