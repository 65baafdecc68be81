package io.ligature.state.engine;

import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Does everything that the engine must not, so that each rule is seen to fail. */
final class PurityOffender {

  @Inject Object service;

  List<Object> everything() {
    Logger.getLogger("offender").info("decided");
    return List.of(
        Instant.now(),
        UUID.randomUUID(),
        new Random(1),
        new TopicPartition("inbox", 0),
        URI.create("http://localhost"),
        Path.of("state"),
        new ReentrantLock());
  }
}
