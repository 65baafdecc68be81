package io.ligature.benchmarks;

import io.ligature.schemas.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the time of sequential workflows goes, read afterwards from the timestamps of their
 * records: from each record on the path to the next one. Timestamps are whole milliseconds, so only
 * means over many workflows say something. A record of the state-service carries the timestamp of
 * the input it came from, so its hop is told together with the router's.
 */
final class HopTimes {

  private final Map<String, Mean> means = new LinkedHashMap<>();

  private HopTimes() {
    for (String hop :
        List.of(
            "start → inbox (ingest)",
            "inbox → assigned (state, router)",
            "assigned → inbox (executor)")) {
      means.put(hop, new Mean());
    }
  }

  /** Mean milliseconds by hop, for the sequential workflows of that id prefix. */
  static Map<String, Double> read(String bootstrap, Topics topics, String idPrefix) {
    HopTimes hops = new HopTimes();
    try (KafkaConsumer<String, byte[]> consumer = KafkaClients.consumer(bootstrap)) {
      Map<String, List<Long>> starts = times(consumer, topics.starts(), idPrefix);
      Map<String, List<Long>> inbox = times(consumer, topics.inbox(), idPrefix);
      Map<String, List<Long>> ready = times(consumer, topics.tasksReady(), idPrefix);
      Map<String, List<Long>> assigned =
          times(consumer, topics.tasksAssigned(Topics.DEFAULT_POOL), idPrefix);
      inbox.forEach(
          (id, inputs) ->
              hops.add(
                  starts.getOrDefault(id, List.of()),
                  inputs,
                  ready.getOrDefault(id, List.of()),
                  assigned.getOrDefault(id, List.of())));
    }
    Map<String, Double> result = new LinkedHashMap<>();
    hops.means.forEach((hop, mean) -> result.put(hop, mean.value()));
    return result;
  }

  /** In a sequence the nth input makes the nth task ready, and its result is the input after it. */
  private void add(List<Long> starts, List<Long> inbox, List<Long> ready, List<Long> assigned) {
    if (starts.size() != 1 || inbox.size() != ready.size() + 1 || ready.size() != assigned.size()) {
      return;
    }
    mean("start → inbox (ingest)").add(inbox.getFirst() - starts.getFirst());
    for (int i = 0; i < ready.size(); i++) {
      mean("inbox → assigned (state, router)").add(assigned.get(i) - inbox.get(i));
      mean("assigned → inbox (executor)").add(inbox.get(i + 1) - assigned.get(i));
    }
  }

  private Mean mean(String hop) {
    Mean mean = means.get(hop);
    if (mean == null) {
      throw new IllegalArgumentException("no hop " + hop);
    }
    return mean;
  }

  /** Timestamps by workflow, in the order of the log. */
  private static Map<String, List<Long>> times(
      KafkaConsumer<String, byte[]> consumer, String topic, String idPrefix) {
    Map<String, List<Long>> times = new HashMap<>();
    List<TopicPartition> all =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        if (record.key() != null && record.key().startsWith(idPrefix + "-")) {
          times.computeIfAbsent(record.key(), id -> new ArrayList<>()).add(record.timestamp());
        }
      }
    }
    return times;
  }

  private static final class Mean {
    private long sum;
    private long count;

    void add(long value) {
      sum += value;
      count++;
    }

    double value() {
      return count == 0 ? Double.NaN : (double) sum / count;
    }
  }
}
