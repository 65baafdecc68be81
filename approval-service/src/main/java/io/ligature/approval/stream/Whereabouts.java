package io.ligature.approval.stream;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Knows which instance has which share of the store. */
final class Whereabouts {

  private final KafkaStreams streams;
  private final HostInfo own;

  /**
   * @param partition of the store
   * @param host of the instance that has it
   */
  record Place(int partition, HostInfo host) {}

  Whereabouts(KafkaStreams streams, HostInfo own) {
    this.streams = streams;
    this.own = own;
  }

  /**
   * Where all about a tree of workflows is.
   *
   * @throws UnavailableException while it moves
   */
  Place of(String root) {
    try {
      KeyQueryMetadata at =
          streams.queryMetadataForKey(ReviewTopology.STORE, root, new StringSerializer());
      if (at == null || at.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
        throw moving();
      }
      return new Place(at.partition(), at.activeHost());
    } catch (StreamsNotStartedException | IllegalStateException e) {
      throw moving();
    }
  }

  boolean here(Place place) {
    return place.host().equals(own);
  }

  /**
   * Other instances that have a share.
   *
   * @throws UnavailableException while nobody knows
   */
  Set<HostInfo> others() {
    try {
      return streams.streamsMetadataForStore(ReviewTopology.STORE).stream()
          .filter(each -> !each.topicPartitions().isEmpty() && !each.hostInfo().equals(own))
          .map(each -> each.hostInfo())
          .collect(Collectors.toSet());
    } catch (StreamsNotStartedException | IllegalStateException e) {
      throw moving();
    }
  }

  /** Instances, this one included. */
  int instances() {
    try {
      return streams.metadataForAllStreamsClients().size();
    } catch (StreamsNotStartedException | IllegalStateException e) {
      return 0;
    }
  }

  /**
   * The share of this instance, by partition.
   *
   * @throws UnavailableException while it moves
   */
  SortedMap<Integer, ReadOnlyKeyValueStore<String, byte[]>> stores() {
    SortedMap<Integer, ReadOnlyKeyValueStore<String, byte[]>> stores = new TreeMap<>();
    Set<Integer> partitions = new TreeSet<>();
    try {
      streams
          .metadataForLocalThreads()
          .forEach(
              thread ->
                  thread.activeTasks().forEach(task -> partitions.add(task.taskId().partition())));
    } catch (StreamsNotStartedException | IllegalStateException e) {
      throw moving();
    }
    partitions.forEach(partition -> stores.put(partition, store(partition)));
    return stores;
  }

  /**
   * @throws UnavailableException when it is not here, or not whole
   */
  ReadOnlyKeyValueStore<String, byte[]> store(int partition) {
    try {
      return streams.store(
          StoreQueryParameters.fromNameAndType(
                  ReviewTopology.STORE, QueryableStoreTypes.<String, byte[]>keyValueStore())
              .withPartition(partition));
    } catch (InvalidStateStoreException e) {
      throw moving();
    }
  }

  static UnavailableException moving() {
    return new UnavailableException("the reviews are being moved or restored; try again soon");
  }
}
