package io.ligature.state.stream;

import io.ligature.state.StateSettings;
import io.ligature.state.StateSettings.DispatchMode;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;

/** Turns our settings into those of Kafka Streams, and refuses combinations that cannot work. */
public final class StreamsProperties {

  private StreamsProperties() {}

  /**
   * @param kafka every setting under {@code kafka.}, for example of encryption and login
   * @throws IllegalArgumentException naming the settings that do not fit together
   */
  public static Properties of(StateSettings settings, Map<String, Object> kafka) {
    StateSettings.Streams streams = settings.state().streams();
    Duration commitInterval = commitInterval(settings);
    check(streams, commitInterval);
    Properties properties = new Properties();
    kafka.forEach((key, value) -> properties.put(key, value));
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.topics().prefix() + "-state");
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.state().directory());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, streams.threads());
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitInterval.toMillis());
    properties.put(StreamsConfig.POLL_MS_CONFIG, streams.poll().toMillis());
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, streams.standbyReplicas());
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, streams.replicationFactor());
    properties.put(
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
        settings.state().memory().rowCache().asLongValue());
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    // A record with a broken timestamp must not stop its partition.
    properties.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
        UsePartitionTimeOnInvalidTimestamp.class);
    putRocksDb(properties, settings.state().memory());
    putClients(properties, streams);
    settings
        .state()
        .advertised()
        .ifPresent(own -> properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, own));
    settings
        .state()
        .instanceId()
        .ifPresent(
            id ->
                properties.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
    return properties;
  }

  static Duration commitInterval(StateSettings settings) {
    DispatchMode mode = settings.dispatch().mode();
    return switch (mode) {
      case SPECULATIVE -> settings.state().streams().commitInterval();
      case CONSERVATIVE -> settings.state().streams().conservativeCommitInterval();
    };
  }

  private static void putRocksDb(Properties properties, StateSettings.Memory memory) {
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(BoundedRocksDb.CACHE_BYTES, memory.rocksdbCache().asLongValue());
    properties.put(BoundedRocksDb.WRITE_BUFFER_BYTES, memory.rocksdbWriteBuffers().asLongValue());
  }

  private static void putClients(Properties properties, StateSettings.Streams streams) {
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), streams.linger().toMillis());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG),
        streams.compression());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        (int) streams.transactionTimeout().toMillis());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        streams.maxRequestBytes());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        streams.maxPollRecords());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        (int) streams.sessionTimeout().toMillis());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        (int) streams.heartbeatInterval().toMillis());
    // An input that is older than the group must not be jumped over.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
  }

  private static void check(StateSettings.Streams streams, Duration commitInterval) {
    if (commitInterval.compareTo(streams.transactionTimeout()) >= 0) {
      throw new IllegalArgumentException(
          "ligature.state.streams.transaction-timeout ("
              + streams.transactionTimeout()
              + ") must be longer than the commit interval ("
              + commitInterval
              + "), or every transaction is aborted");
    }
    if (streams.heartbeatInterval().multipliedBy(3).compareTo(streams.sessionTimeout()) > 0) {
      throw new IllegalArgumentException(
          "ligature.state.streams.session-timeout ("
              + streams.sessionTimeout()
              + ") must be at least three times ligature.state.streams.heartbeat-interval ("
              + streams.heartbeatInterval()
              + ")");
    }
    if (streams.threads() < 1) {
      throw new IllegalArgumentException(
          "ligature.state.streams.threads is " + streams.threads() + "; give at least 1");
    }
  }
}
