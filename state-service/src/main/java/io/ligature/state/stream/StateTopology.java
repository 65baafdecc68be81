package io.ligature.state.stream;

import io.ligature.schemas.topics.Topics;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One source, one processor, one store, one sink for each topic it writes.
 *
 * <p>The source is the inbox and nothing else, as raw bytes: what cannot be read is put aside by
 * the processor inside the transaction, and never stops the partition.
 */
public final class StateTopology {

  static final String STORE = "workflows";
  static final String SOURCE = "inbox";
  static final String PROCESSOR = "fold";

  private StateTopology() {}

  public static Topology of(Shell shell, Topics topics) {
    Topology topology = new Topology();
    topology
        .addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.inbox())
        .addProcessor(PROCESSOR, () -> new WorkflowProcessor(shell), SOURCE)
        .addStateStore(store(), PROCESSOR);
    for (Sink sink : Sink.values()) {
      topology.addSink(
          sink.node(),
          sink.topic(topics),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          PROCESSOR);
    }
    return topology;
  }

  /** The topics that have to be there before the topology starts. */
  public static Set<String> topics(Topics topics) {
    Set<String> names = new TreeSet<>();
    names.add(topics.inbox());
    EnumSet.allOf(Sink.class).forEach(sink -> names.add(sink.topic(topics)));
    return names;
  }

  /** Cached, so that a row that changes many times between two commits is written once. */
  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }
}
