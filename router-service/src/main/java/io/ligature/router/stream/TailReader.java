package io.ligature.router.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.router.routing.Quota;
import io.ligature.router.stream.SeenAttempts.Seen;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out from the log what was assigned before a partition became ours.
 *
 * <p>A committed offset alone would route again whatever finished behind one slow task. So the
 * assignments of the same partition are read to the present end, from the earliest of these times,
 * less a slack for clocks: of the first ready record that is not committed; of the oldest attempt
 * without a result, which is committed with the offset; of the beginning of the present minute, for
 * which requests and tokens count. The reader has a consumer of its own.
 */
final class TailReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration GIVE_UP = Duration.ofMinutes(2);

  private final Clients clients;
  private final Topics topics;
  private final Consumer<byte[], byte[]> consumer;

  TailReader(Clients clients) {
    this.clients = clients;
    this.topics = clients.topics();
    this.consumer = clients.loose();
  }

  /**
   * @param position first ready record to read
   * @param followFrom where the other topics of the partition have to be read from
   * @param assigned by attempt, oldest first
   * @param copies what was sent for comparison, by {@link Shares#copy}, oldest first
   */
  record Tail(
      long position,
      Map<TopicPartition, Long> followFrom,
      Map<String, Seen> assigned,
      Map<String, Seen> copies) {}

  private record Assigned(Map<String, Seen> attempts, Map<String, Seen> copies) {
    static final Assigned NONE = new Assigned(Map.of(), Map.of());
  }

  Map<Integer, Tail> read(Set<Integer> partitions, Duration slack, Instant now) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(ready(partitions));
    Map<TopicPartition, Long> positions = positions(ready(partitions), committed);
    Map<Integer, Instant> from = new HashMap<>();
    times(positions, now.minusMillis(Quota.WINDOW))
        .forEach(
            (ready, time) -> {
              Instant open = OpenSince.in(committed.get(ready));
              Instant first = open != null && open.isBefore(time) ? open : time;
              from.put(ready.partition(), first.minus(slack));
            });
    Map<Integer, Assigned> assigned = assigned(from);
    Map<Integer, Map<TopicPartition, Long>> follow = follow(from);
    Map<Integer, Tail> tails = new HashMap<>();
    positions.forEach(
        (ready, position) -> {
          Assigned its = assigned.getOrDefault(ready.partition(), Assigned.NONE);
          tails.put(
              ready.partition(),
              new Tail(
                  position,
                  follow.getOrDefault(ready.partition(), Map.of()),
                  its.attempts,
                  its.copies));
        });
    return tails;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Set<TopicPartition> ready(Set<Integer> partitions) {
    Set<TopicPartition> ready = new HashSet<>();
    partitions.forEach(each -> ready.add(new TopicPartition(topics.tasksReady(), each)));
    return ready;
  }

  private Map<TopicPartition, Long> positions(
      Set<TopicPartition> ready, Map<TopicPartition, OffsetAndMetadata> committed) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ready);
    Map<TopicPartition, Long> positions = new HashMap<>();
    for (TopicPartition each : ready) {
      OffsetAndMetadata known = committed.get(each);
      long beginning = beginnings.getOrDefault(each, 0L);
      positions.put(each, known == null ? beginning : Math.max(beginning, known.offset()));
    }
    return positions;
  }

  /** The time of the record at each position, or the given one when that is earlier. */
  private Map<TopicPartition, Instant> times(Map<TopicPartition, Long> positions, Instant latest) {
    Map<TopicPartition, Instant> times = new HashMap<>();
    positions.keySet().forEach(each -> times.put(each, latest));
    readToEnd(
        positions,
        record -> {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          times.merge(
              partition, Instant.ofEpochMilli(record.timestamp()), (a, b) -> a.isBefore(b) ? a : b);
          return true;
        });
    return times;
  }

  private Map<Integer, Assigned> assigned(Map<Integer, Instant> from) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    String plain = topics.tasksAssigned(Topics.DEFAULT_POOL);
    consumer
        .listTopics()
        .forEach(
            (topic, infos) -> {
              if (topic.equals(plain) || topic.startsWith(plain + ".")) {
                infos.forEach(
                    info -> {
                      Instant start = from.get(info.partition());
                      if (start != null) {
                        wanted.put(
                            new TopicPartition(topic, info.partition()), start.toEpochMilli());
                      }
                    });
              }
            });
    List<Found> found = new ArrayList<>();
    readToEnd(
        offsets(wanted),
        record -> {
          try {
            if (clients.codec().decode(record.value()) instanceof TaskAssignment assignment) {
              String attempt = assignment.getEnvelope().getId();
              boolean copy = assignment.getShadow();
              found.add(
                  new Found(
                      record.partition(),
                      copy ? Shares.copy(attempt, assignment.getAgent()) : attempt,
                      copy,
                      Seen.of(assignment)));
            }
          } catch (UnreadableRecordException e) {
            // Executors put it aside; it tells nothing about what was assigned.
            return false;
          }
          return false;
        });
    found.sort((a, b) -> a.seen.assignedAt().compareTo(b.seen.assignedAt()));
    Map<Integer, Assigned> assigned = new HashMap<>();
    for (Found each : found) {
      Assigned its =
          assigned.computeIfAbsent(
              each.partition, any -> new Assigned(new LinkedHashMap<>(), new LinkedHashMap<>()));
      (each.copy ? its.copies : its.attempts).putIfAbsent(each.name, each.seen);
    }
    return assigned;
  }

  private Map<Integer, Map<TopicPartition, Long>> follow(Map<Integer, Instant> from) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    from.forEach(
        (partition, time) -> {
          for (String topic : List.of(topics.inbox(), topics.tasksCancelled())) {
            wanted.put(new TopicPartition(topic, partition), time.toEpochMilli());
          }
        });
    Map<Integer, Map<TopicPartition, Long>> follow = new HashMap<>();
    offsets(wanted)
        .forEach(
            (each, offset) ->
                follow.computeIfAbsent(each.partition(), any -> new HashMap<>()).put(each, offset));
    return follow;
  }

  /** The first offset at or after each time; the end where there is none. */
  private Map<TopicPartition, Long> offsets(Map<TopicPartition, Long> times) {
    if (times.isEmpty()) {
      return Map.of();
    }
    Map<TopicPartition, OffsetAndTimestamp> known = consumer.offsetsForTimes(times);
    Map<TopicPartition, Long> ends = consumer.endOffsets(times.keySet());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition each : times.keySet()) {
      OffsetAndTimestamp at = known.get(each);
      offsets.put(each, at == null ? ends.getOrDefault(each, 0L) : at.offset());
    }
    return offsets;
  }

  private interface Reader {
    /** Returns true when nothing more of the record's partition is wanted. */
    boolean read(ConsumerRecord<byte[], byte[]> record);
  }

  private record Found(int partition, String name, boolean copy, Seen seen) {}

  private void readToEnd(Map<TopicPartition, Long> starts, Reader reader) {
    if (starts.isEmpty()) {
      return;
    }
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(starts.keySet()));
    ends.entrySet().removeIf(end -> end.getValue() <= starts.getOrDefault(end.getKey(), 0L));
    long deadline = System.nanoTime() + GIVE_UP.toNanos();
    while (!ends.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the ends of " + ends.keySet() + " were not reached within " + GIVE_UP);
      }
      consumer.resume(ends.keySet());
      Set<TopicPartition> enough = new HashSet<>();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (ends.containsKey(partition) && !enough.contains(partition) && reader.read(record)) {
          enough.add(partition);
        }
      }
      ends.keySet().removeAll(enough);
      ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      pauseAllBut(ends.keySet());
    }
  }

  private void pauseAllBut(Collection<TopicPartition> wanted) {
    Set<TopicPartition> rest = new HashSet<>(consumer.assignment());
    rest.removeAll(wanted);
    consumer.pause(rest);
  }
}
