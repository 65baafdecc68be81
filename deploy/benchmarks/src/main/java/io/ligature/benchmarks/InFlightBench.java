package io.ligature.benchmarks;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Constraints;
import io.ligature.avro.Failure;
import io.ligature.avro.Price;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.avro.WorkflowContext;
import io.ligature.embedded.Platform;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.Money;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps a window of slow calls in flight: assigns as many, and one more for each result. When all
 * are in flight a second executor is started, which takes half of the partitions.
 *
 * <p>Nothing but executors runs: what is measured is theirs.
 */
final class InFlightBench {

  private static final String AGENT = "slow";
  private static final String CAPABILITY = "bench.slow";
  private static final int WORKFLOWS = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Platform platform;
  private final Topics topics;
  private final RecordCodec codec;
  private final Path jar;
  private final Path logs;

  InFlightBench(Platform platform, Topics topics, RecordCodec codec, Path jar, Path logs) {
    this.platform = platform;
    this.topics = topics;
    this.codec = codec;
    this.jar = jar;
    this.logs = logs;
  }

  InFlightReport run(int window, Duration delay, int rounds) throws Exception {
    List<ExecutorProcess> executors = new ArrayList<>();
    String bootstrap = platform.bootstrapServers();
    try (SlowAgent agent = new SlowAgent(delay);
        KafkaProducer<String, byte[]> producer = KafkaClients.producer(bootstrap);
        KafkaConsumer<String, byte[]> inbox = KafkaClients.consumer(bootstrap)) {
      KafkaClients.send(
          producer,
          new ProducerRecord<>(topics.agents(), AGENT, codec.encode(registration(agent.url()))));
      followInbox(inbox);
      executors.add(start(1));
      executors.getFirst().awaitReady();
      return measure(window, delay, rounds, agent, producer, inbox, executors);
    } finally {
      executors.forEach(ExecutorProcess::close);
    }
  }

  private InFlightReport measure(
      int window,
      Duration delay,
      int rounds,
      SlowAgent agent,
      KafkaProducer<String, byte[]> producer,
      KafkaConsumer<String, byte[]> inbox,
      List<ExecutorProcess> executors)
      throws IOException, InterruptedException {
    int all = window * rounds;
    List<Long> heaps = new ArrayList<>(List.of(0L, 0L));
    Set<String> done = new HashSet<>();
    Map<String, Integer> outcomes = new TreeMap<>();
    int assigned = 0;
    long begun = System.nanoTime();
    long last = begun;
    long nextLook = begun;
    for (; assigned < window; assigned++) {
      assign(producer, assigned);
    }
    while (done.size() < all) {
      for (ConsumerRecord<String, byte[]> record : inbox.poll(POLL)) {
        if (read(record) instanceof TaskResult result) {
          outcomes.merge(outcome(result), 1, Integer::sum);
          last = System.nanoTime();
          if (done.add(result.getId()) && assigned < all) {
            assign(producer, assigned++);
          }
        }
      }
      if (executors.size() == 1 && done.size() >= window) {
        System.err.println("a second executor joins ...");
        executors.add(start(2));
      }
      if (System.nanoTime() > nextLook) {
        nextLook = System.nanoTime() + Duration.ofMillis(500).toNanos();
        for (int i = 0; i < executors.size(); i++) {
          heaps.set(i, Math.max(heaps.get(i), executors.get(i).heapUsed()));
        }
      }
      if (System.nanoTime() - last > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            done.size() + " of " + all + " attempts had a result, and no more came");
      }
    }
    List<InFlightReport.Executor> figures = new ArrayList<>();
    for (int i = 0; i < executors.size(); i++) {
      figures.add(
          new InFlightReport.Executor(heaps.get(i), ProcessUsage.of(executors.get(i).pid())));
    }
    return new InFlightReport(
        window,
        delay,
        agent.calls(),
        outcomes,
        agent.peak(),
        Duration.ofNanos(last - begun),
        figures);
  }

  private static String outcome(TaskResult result) {
    Failure error = result.getError();
    return error == null ? result.getStatus().name() : error.getKind();
  }

  private ExecutorProcess start(int number) throws IOException {
    return ExecutorProcess.start(
        jar,
        platform.bootstrapServers(),
        platform.registryUrl(),
        logs.resolve("executor-" + number + ".log"));
  }

  private void followInbox(KafkaConsumer<String, byte[]> inbox) {
    List<TopicPartition> all =
        inbox.partitionsFor(topics.inbox()).stream()
            .map(each -> new TopicPartition(each.topic(), each.partition()))
            .toList();
    inbox.assign(all);
    inbox.seekToBeginning(all);
  }

  private Object read(ConsumerRecord<String, byte[]> record) {
    try {
      return codec.decode(record.value());
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("the inbox holds what nobody can read", e);
    }
  }

  private static AgentRegistration registration(String url) {
    return AgentRegistration.newBuilder()
        .setId(AGENT)
        .setCapabilities(List.of(new AgentCapability(CAPABILITY, null, null)))
        .setAdapter("http")
        .setSettings(Payloads.JSON.createObjectNode().put("url", url).toString())
        .setPrice(new Price(Money.ZERO.toDecimal(), null, null, null, null, null, null))
        .setLimits(new AgentLimits())
        .setRegisteredAt(Instant.EPOCH)
        .setRegisteredBy("bench")
        .build();
  }

  private void assign(KafkaProducer<String, byte[]> producer, int number) {
    String workflow = "wf-" + number % WORKFLOWS;
    AttemptId id = AttemptId.parse(workflow + "/t" + number + "#1");
    TaskEnvelope envelope =
        TaskEnvelope.newBuilder()
            .setId(id.toString())
            .setCapability(CAPABILITY)
            .setInput(
                Payloads.of(
                    Payloads.JSON_TYPE,
                    ("{\"n\": " + number + "}").getBytes(StandardCharsets.UTF_8)))
            .setContext(
                WorkflowContext.newBuilder()
                    .setWorkflowId(workflow)
                    .setRootWorkflowId(workflow)
                    .setDefinition("bench")
                    .setDefinitionVersion(1)
                    .setTask(id.task())
                    .setAttempt(1)
                    .setTenant("default")
                    .setRequester("bench")
                    .setSpent(Money.ZERO.toDecimal())
                    .build())
            .setConstraints(new Constraints(null, Duration.ofMinutes(2).toMillis(), null))
            .build();
    TaskAssignment assignment =
        TaskAssignment.newBuilder()
            .setEnvelope(envelope)
            .setAgent(AGENT)
            .setAgentVersion("1")
            .setPool(Topics.DEFAULT_POOL)
            .setAssignedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    KafkaClients.send(
        producer,
        new ProducerRecord<>(
            topics.tasksAssigned(Topics.DEFAULT_POOL), workflow, codec.encode(assignment)));
  }
}
