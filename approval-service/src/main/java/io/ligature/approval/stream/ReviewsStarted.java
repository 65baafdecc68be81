package io.ligature.approval.stream;

import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.RecordCodec;
import org.apache.kafka.clients.producer.Producer;

/**
 * The registry and the topics are there, and the fold begins.
 *
 * @param producer for what others write outside of the fold; closed with it
 */
public record ReviewsStarted(
    String bootstrapServers, Topics topics, RecordCodec codec, Producer<byte[], byte[]> producer) {}
