package io.ligature.benchmarks;

import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Starts workflows by events, as users do, and waits until the audit trail says each has ended. */
final class Load {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final String bootstrap;
  private final Topics topics;
  private final RecordCodec codec;

  Load(String bootstrap, Topics topics, RecordCodec codec) {
    this.bootstrap = bootstrap;
    this.topics = topics;
    this.codec = codec;
  }

  /**
   * What to do.
   *
   * @param window workflows in flight at most
   * @param ratePerSecond starts at this rate, whatever is still in flight (open loop), and times
   *     count from the instant a start was due; null: starts as soon as the window allows
   */
  record Plan(
      Workload workload,
      int workflows,
      int window,
      @Nullable Double ratePerSecond,
      String idPrefix) {}

  /** What came of it. */
  record Result(Plan plan, Latencies latencies, Duration took) {

    double workflowsPerSecond() {
      return plan.workflows / (took.toNanos() / 1e9);
    }

    double tasksPerSecond() {
      return workflowsPerSecond() * plan.workload.tasks();
    }
  }

  Result run(Plan plan) throws InterruptedException {
    Map<String, Long> begun = new ConcurrentHashMap<>();
    Latencies latencies = new Latencies();
    Semaphore window = new Semaphore(plan.window);
    AtomicReference<@Nullable String> badEnd = new AtomicReference<>();
    try (Completions completions =
            new Completions(
                bootstrap,
                topics.events(),
                codec,
                ending -> {
                  Long start = begun.remove(ending.workflowId());
                  if (start == null) {
                    return false;
                  }
                  latencies.record(ending.seenAtNanos() - start);
                  if (!ending.completed()) {
                    badEnd.set(ending.workflowId() + ": " + ending.how());
                  }
                  window.release();
                  return true;
                });
        KafkaProducer<String, byte[]> producer = KafkaClients.producer(bootstrap)) {
      long start = System.nanoTime();
      byte[] input = plan.workload.input().getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < plan.workflows; i++) {
        long due = begin(plan, i, start, window);
        String id = plan.idPrefix + "-" + i;
        begun.put(id, due);
        produce(producer, plan, id, input);
      }
      if (!completions.await(plan.workflows, PATIENCE)) {
        throw new IllegalStateException(
            begun.size() + " of " + plan.workflows + " workflows did not end within " + PATIENCE);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      String bad = badEnd.get();
      if (bad != null) {
        throw new IllegalStateException("a workflow did not complete: " + bad);
      }
      return new Result(plan, latencies, took);
    }
  }

  /** Waits until workflow {@code i} may start, and says from when its time counts. */
  private static long begin(Plan plan, int i, long start, Semaphore window)
      throws InterruptedException {
    Double rate = plan.ratePerSecond;
    if (rate == null) {
      if (!window.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("no workflow ended within " + PATIENCE);
      }
      return System.nanoTime();
    }
    long due = start + (long) (i / rate * 1e9);
    while (System.nanoTime() < due) {
      LockSupport.parkNanos(due - System.nanoTime());
    }
    return due;
  }

  private void produce(KafkaProducer<String, byte[]> producer, Plan plan, String id, byte[] input) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    WorkflowStart event =
        WorkflowStart.newBuilder()
            .setWorkflowId(id)
            .setDefinition(plan.workload.definition())
            .setInput(Payloads.of(Payloads.JSON_TYPE, input))
            .setRequester("bench")
            .build();
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topics.starts(), id, codec.encode(event));
    CloudEvents.headers(id, event, "/bench", now, id, null).forEach(record.headers()::add);
    KafkaClients.send(producer, record);
  }
}
