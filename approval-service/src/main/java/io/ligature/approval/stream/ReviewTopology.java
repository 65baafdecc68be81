package io.ligature.approval.stream;

import io.ligature.approval.review.Rules;
import io.ligature.approval.tracing.Tracing;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.RecordCodec;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Wires the fold: two topics of one partitioning in, decisions, trails and dead letters out. */
final class ReviewTopology {

  static final String SERVICE = "approval-service";
  static final String STORE = "reviews";
  static final String DECIDED = "decided";
  static final String TRAIL = "trail";
  static final String DEAD_LETTERS = "dead-letters";

  private static final String FOLD = "fold";

  private ReviewTopology() {}

  static Topology of(
      Topics topics,
      RecordCodec codec,
      Rules rules,
      ReviewListener listener,
      ApprovalSettings settings,
      KeyValueBytesStoreSupplier supplier,
      PublicReason reasons,
      Tracing tracing) {
    Topology topology = new Topology();
    topology.addSource(
        "input",
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topics.reviewsNeeded(),
        topics.reviewsCommands());
    topology.addProcessor(
        FOLD,
        () -> new ReviewProcessor(codec, rules, listener, settings, reasons, tracing),
        "input");
    topology.addStateStore(store(supplier), FOLD);
    topology.addSink(
        DECIDED,
        topics.reviewsDecided(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        FOLD);
    topology.addSink(
        TRAIL, topics.reviewsTrail(), new ByteArraySerializer(), new ByteArraySerializer(), FOLD);
    topology.addSink(
        DEAD_LETTERS,
        topics.deadLetters(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        FOLD);
    return topology;
  }

  private static StoreBuilder<?> store(KeyValueBytesStoreSupplier supplier) {
    // A review may hold payloads of the largest size beside its context.
    return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray())
        .withLoggingEnabled(Map.of("max.message.bytes", "4194304"));
  }
}
