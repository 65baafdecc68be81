package io.ligature.benchmarks;

import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewRule;
import io.ligature.embedded.KafkaFixture;
import io.ligature.embedded.Platform;
import io.ligature.local.platform.LocalService;
import io.ligature.local.platform.ServiceInstance;
import io.ligature.schemas.Money;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Opens reviews as an engine does, asks for pages of them as people do, and decides some.
 *
 * <p>Of a thousand reviews one is for the role {@code rare} and one of the definition {@code rare};
 * the others are for editors, of twenty definitions. Each has a reminder that is never due.
 */
final class ReviewsBench {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int WARM_UP = 200;
  private static final int ONE_IN = 1_000;
  private static final long NEVER_DUE = Duration.ofDays(300).toMillis();

  private final Platform platform;
  private final Topics topics;
  private final RecordCodec codec;
  private final Path data;
  private final Instant first = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final List<ServiceInstance> services = new ArrayList<>();
  private final List<Long> heaps = new ArrayList<>();

  /**
   * @param requests for each kind of page
   * @param clients that decide at once
   */
  record Size(int reviews, int requests, int decisions, int clients, int instances) {}

  ReviewsBench(Platform platform, Topics topics, RecordCodec codec, Path data) {
    this.platform = platform;
    this.topics = topics;
    this.codec = codec;
    this.data = data;
  }

  ReviewsReport run(Size size) throws Exception {
    try {
      for (int number = 0; number < size.instances(); number++) {
        start(number);
      }
      for (ServiceInstance service : services) {
        service.awaitReady(PATIENCE);
      }
      return measure(size);
    } finally {
      services.forEach(ServiceInstance::close);
    }
  }

  private ReviewsReport measure(Size size) throws Exception {
    try (ReviewClient client = new ReviewClient(services.getFirst().url())) {
      System.err.println("opening " + size.reviews() + " reviews ...");
      long begun = System.nanoTime();
      open(size);
      Duration folded = Duration.ofNanos(System.nanoTime() - begun);
      Map<String, Latencies> pages = new LinkedHashMap<>();
      for (Map.Entry<String, Page> page : pages(size).entrySet()) {
        pages.put(page.getKey(), ask(client, page.getKey(), page.getValue(), size.requests()));
      }
      System.err.println("deciding " + size.decisions() + " ...");
      Latencies decisions = new Latencies();
      Latencies beside = new Latencies();
      long decidedFrom = System.nanoTime();
      decide(client, size, decisions, beside);
      Duration decided = Duration.ofNanos(System.nanoTime() - decidedFrom);
      pages.put("first page, while reviews are decided", beside);
      String after = "first page, after that";
      pages.put(after, ask(client, after, new Page("vera", "/reviews"), size.requests()));
      look();
      List<ReviewsReport.Instance> processes = processes();
      Duration restored = size.instances() == 1 ? restore() : Duration.ZERO;
      return new ReviewsReport(size, folded, pages, decisions, decided, restored, processes);
    }
  }

  /** What is asked for, by whom. */
  private record Page(String user, String path) {}

  private Map<String, Page> pages(Size size) {
    Map<String, Page> pages = new LinkedHashMap<>();
    pages.put("a bare request (floor)", new Page("vera", "/q/health/live"));
    pages.put("first page, of all", new Page("vera", "/reviews"));
    pages.put("first page, of an editor", new Page("eve", "/reviews"));
    pages.put("page in the middle", new Page("vera", "/reviews?cursor=" + middle(size)));
    pages.put("filter that 1 in 20 meets", new Page("eve", "/reviews?definition=d3&claim=none"));
    pages.put("filter that 1 in 1,000 meets", new Page("vera", "/reviews?definition=rare"));
    pages.put("of one who sees 1 in 1,000", new Page("rob", "/reviews"));
    pages.put("of one who sees none", new Page("nick", "/reviews"));
    pages.put(
        "filter without an index that none meets",
        new Page("vera", "/reviews?expiresBefore=2000-01-01T00:00:00Z"));
    pages.put("one review", new Page("vera", "/reviews/" + id(size.reviews() / 2)));
    return pages;
  }

  private String middle(Size size) {
    int number = size.reviews() / 2;
    String key =
        String.format(
            Locale.ROOT, "open/%015d/%s", first.plusMillis(number).toEpochMilli(), id(number));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private Latencies ask(ReviewClient client, String name, Page page, int requests)
      throws IOException, InterruptedException {
    System.err.println(name + " ...");
    Latencies times = new Latencies();
    for (int i = 0; i < WARM_UP + requests; i++) {
      long asked = System.nanoTime();
      client.get(page.user, page.path);
      if (i >= WARM_UP) {
        times.record(System.nanoTime() - asked);
      }
    }
    look();
    return times;
  }

  private void decide(ReviewClient client, Size size, Latencies decisions, Latencies beside)
      throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(size.clients())) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < size.decisions(); i++) {
        String path = "/reviews/" + id(i) + "/approve";
        String user = isRare(i) ? "rob" : "eve";
        all.add(
            clients.submit(
                () -> {
                  long asked = System.nanoTime();
                  client.post(user, path, "{\"reason\":\"numbers checked\"}");
                  decisions.record(System.nanoTime() - asked);
                  return null;
                }));
      }
      while (!all.getLast().isDone()) {
        long asked = System.nanoTime();
        client.get("vera", "/reviews");
        beside.record(System.nanoTime() - asked);
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private void open(Size size) throws InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        KafkaClients.producer(platform.bootstrapServers())) {
      for (int i = 0; i < size.reviews(); i++) {
        KafkaClients.send(
            producer,
            new ProducerRecord<>(topics.reviewsNeeded(), workflow(i), codec.encode(request(i))));
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (metric("ligature_reviews_open") < size.reviews()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            metric("ligature_reviews_open") + " of " + size.reviews() + " reviews are open");
      }
      look();
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  private static String workflow(int number) {
    return "w" + number;
  }

  private static String id(int number) {
    return workflow(number) + ":check:1";
  }

  private static boolean isRare(int number) {
    return number % ONE_IN == ONE_IN - 1;
  }

  private NeedsReview request(int number) {
    ReviewRule rule =
        ReviewRule.newBuilder()
            .setRole(isRare(number) ? "rare" : "editor")
            .setRemindAfterMs(List.of(NEVER_DUE))
            .build();
    return NeedsReview.newBuilder()
        .setReviewId(id(number))
        .setWorkflowId(workflow(number))
        .setRootWorkflowId(workflow(number))
        .setDefinition(isRare(number) ? "rare" : "d" + number % 20)
        .setTask("check")
        .setTenant("default")
        .setRequester("stan")
        .setReason("the definition asks for it")
        .setRule(rule)
        .setSubject(
            Payloads.json(
                Payloads.JSON.createObjectNode().put("summary", "wind ".repeat(200) + number)))
        .setEvidence(List.of())
        .setOnApproval(List.of("report"))
        .setOnRejection(List.of("the workflow fails"))
        .setSpent(Money.of("0.05").toDecimal())
        .setRemaining(Money.of("0.45").toDecimal())
        .setRequestedAt(first.plusMillis(number))
        .build();
  }

  /** Loses what the instance has kept, and waits until it has it again. */
  private Duration restore() throws InterruptedException {
    System.err.println("restoring ...");
    ServiceInstance service = services.getFirst();
    service.close();
    KafkaFixture.deleteTree(store(0));
    long begun = System.nanoTime();
    service.restart();
    service.awaitReady(PATIENCE);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private Path store(int number) {
    return data.resolve("store-" + number);
  }

  private void start(int number) throws IOException {
    Path users = data.resolve("users.properties");
    Files.writeString(users, ReviewClient.users());
    Map<String, String> properties = new HashMap<>();
    properties.put("quarkus.config.locations", users.toString());
    properties.put("kafka.bootstrap.servers", platform.bootstrapServers());
    properties.put("ligature.registry.url", platform.registryUrl().toString());
    properties.put("ligature.approval.directory", store(number).toString());
    properties.put("ligature.approval.peers.secret", "the secret of a benchmark");
    services.add(
        ServiceInstance.start(
            LocalService.APPROVAL, properties, data.resolve("approval-" + number + ".log")));
    heaps.add(0L);
  }

  private double metric(String name) throws InterruptedException {
    double sum = 0;
    for (ServiceInstance service : services) {
      sum += ReviewClient.metric(service.url(), name);
    }
    return sum;
  }

  /** Bytes of heap that are used now, what could be freed included. */
  private void look() throws InterruptedException {
    for (int i = 0; i < services.size(); i++) {
      long used =
          (long) ReviewClient.metric(services.get(i).url(), "jvm_memory_used_bytes{area=\"heap\"");
      heaps.set(i, Math.max(heaps.get(i), used));
    }
  }

  private List<ReviewsReport.Instance> processes() {
    List<ReviewsReport.Instance> all = new ArrayList<>();
    for (int i = 0; i < services.size(); i++) {
      all.add(new ReviewsReport.Instance(heaps.get(i), ProcessUsage.of(services.get(i).pid())));
    }
    return all;
  }
}
