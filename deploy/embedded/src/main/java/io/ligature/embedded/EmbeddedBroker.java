package io.ligature.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker and controller (KRaft) in this process, on loopback, with its data in one
 * folder.
 *
 * <p>A folder keeps its cluster id and, as long as they are free, its ports, so that a broker that
 * was killed comes back as the one it was.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String PORTS_FILE = "ports.properties";

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Formats the folder when it is new, and starts.
   *
   * @param data folder of this broker alone; made when it is missing
   */
  public static EmbeddedBroker start(Path data) {
    try {
      Files.createDirectories(data);
      KeptPorts ports = KeptPorts.of(data.resolve(PORTS_FILE), "broker", "controller");
      Properties settings = settings(data, ports);
      if (!Files.exists(data.resolve("log/meta.properties"))) {
        format(data);
      }
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(server, ports.port("broker"));
    } catch (Exception e) {
      throw new IllegalStateException("the broker with its data in " + data + " did not start", e);
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path data) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(1)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(data.resolve("log").toString())
        .addDirectory(data.resolve("log").toString())
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .run();
  }

  private static Properties settings(Path data, KeptPorts ports) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + ports.port("controller"));
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty(
        "listeners",
        "BROKER://127.0.0.1:"
            + ports.port("broker")
            + ",CONTROLLER://127.0.0.1:"
            + ports.port("controller"));
    p.setProperty("advertised.listeners", "BROKER://127.0.0.1:" + ports.port("broker"));
    p.setProperty("inter.broker.listener.name", "BROKER");
    p.setProperty("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("log.dirs", data.resolve("log").toString());
    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "4");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "4");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("group.consumer.min.heartbeat.interval.ms", "500");
    p.setProperty("group.consumer.heartbeat.interval.ms", "1000");
    p.setProperty("group.consumer.min.session.timeout.ms", "3000");
    p.setProperty("group.consumer.session.timeout.ms", "6000");
    p.setProperty("add.partitions.to.txn.retry.backoff.ms", "1");
    p.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
    return p;
  }
}
