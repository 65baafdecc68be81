package io.ligature.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the broker and bare clients cost: a record of the same size goes round a topic as often as a
 * workflow has hops, with as many going round at once as the window has workflows. One thread reads
 * each record and writes the next, and does nothing else.
 */
final class Floor {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrap;
  private final int partitions;

  Floor(String bootstrap, int partitions) {
    this.bootstrap = bootstrap;
    this.partitions = partitions;
  }

  /**
   * @param journeys how many records go round in all
   * @param hops how often each is written and read
   * @param window how many go round at once
   * @param bytes size of each
   */
  Result run(int journeys, int hops, int window, int bytes)
      throws ExecutionException, InterruptedException {
    String topic = "ligature-bench-floor-" + System.nanoTime();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        KafkaProducer<String, byte[]> producer = KafkaClients.producer(bootstrap);
        KafkaConsumer<String, byte[]> consumer = KafkaClients.consumer(bootstrap)) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
      try {
        List<TopicPartition> all =
            IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        all.forEach(consumer::position);
        return goRound(topic, producer, consumer, new Plan(journeys, hops, window, bytes));
      } finally {
        admin.deleteTopics(List.of(topic)).all().get();
      }
    }
  }

  private static Result goRound(
      String topic,
      KafkaProducer<String, byte[]> producer,
      KafkaConsumer<String, byte[]> consumer,
      Plan plan) {
    Latencies latencies = new Latencies();
    long[] begun = new long[plan.journeys];
    byte[] filler = new byte[plan.bytes];
    new Random(1).nextBytes(filler);
    long start = System.nanoTime();
    int started = 0;
    int ended = 0;
    while (ended < plan.journeys) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("the floor did not end within " + PATIENCE);
      }
      while (started < plan.journeys && started - ended < plan.window) {
        begun[started] = System.nanoTime();
        send(producer, topic, started, 1, filler);
        started++;
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        ByteBuffer value = ByteBuffer.wrap(record.value());
        int journey = value.getInt();
        int hop = value.getInt();
        if (hop < plan.hops) {
          send(producer, topic, journey, hop + 1, filler);
        } else {
          latencies.record(System.nanoTime() - begun[journey]);
          ended++;
        }
      }
    }
    return new Result(latencies, Duration.ofNanos(System.nanoTime() - start), plan);
  }

  private static void send(
      KafkaProducer<String, byte[]> producer, String topic, int journey, int hop, byte[] filler) {
    byte[] value = filler.clone();
    ByteBuffer.wrap(value).putInt(journey).putInt(hop);
    KafkaClients.send(producer, new ProducerRecord<>(topic, "journey-" + journey, value));
  }

  private record Plan(int journeys, int hops, int window, int bytes) {}

  /** What was measured. */
  static final class Result {
    private final Latencies latencies;
    private final Duration took;
    private final Plan plan;

    private Result(Latencies latencies, Duration took, Plan plan) {
      this.latencies = latencies;
      this.took = took;
      this.plan = plan;
    }

    Latencies latencies() {
      return latencies;
    }

    double journeysPerSecond() {
      return plan.journeys / (took.toNanos() / 1e9);
    }

    double recordsPerSecond() {
      return journeysPerSecond() * plan.hops;
    }
  }
}
