package io.ligature.approval.stream;

import static io.ligature.approval.review.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.review.ReviewLimits;
import io.ligature.approval.review.Rules;
import io.ligature.approval.review.Samples;
import io.ligature.approval.tracing.Tracing;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewAct;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of three partitions against a filter over all reviews. */
class ReviewListsTest {

  private static final List<String> NAMES = List.of("eve", "bea", "lee");
  private static final List<String> ROLES = List.of("editor", "legal", "chief");
  private static final List<String> DEFINITIONS = List.of("digest", "report");

  @TempDir Path folder;
  private final Topics topics = new Topics("t");
  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private final List<TopologyTestDriver> drivers = new ArrayList<>();

  @BeforeEach
  void start() {
    for (int partition = 0; partition < 3; partition++) {
      Properties properties = new Properties();
      properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("" + partition).toString());
      drivers.add(
          new TopologyTestDriver(
              ReviewTopology.of(
                  topics,
                  codec,
                  new Rules(
                      new OutputSchemas(new PayloadLimit(1000)),
                      new JsonPatch(),
                      ReviewLimits.DEFAULTS),
                  new FakeReviewListener(),
                  Settings.of(Map.of()),
                  Stores.inMemoryKeyValueStore(ReviewTopology.STORE),
                  NeedsReview::getReason,
                  Tracing.OFF),
              properties,
              T0));
    }
  }

  @AfterEach
  void stop() {
    drivers.forEach(TopologyTestDriver::close);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void listsEachReviewThatIsMeantOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    fill(random, 60);
    // The first partition is still of a version that had no index of this kind.
    drivers.subList(1, 3).forEach(each -> each.advanceWallClockTime(Duration.ofSeconds(1)));
    assertThat(store(0).get(ReviewRows.INDEXED)).isNull();
    assertThat(store(1).get(ReviewRows.INDEXED)).isNotNull();

    for (int question = 0; question < 40; question++) {
      ReviewSummary.Status status = pick(random, List.of(ReviewSummary.Status.values()));
      ReviewFilter filter = filter(random);
      int most = 1 + random.nextInt(20);
      int maxScan = 1 + random.nextInt(30);

      assertThat(pages(status, filter, most, maxScan))
          .as("seed %d, %s, %s, %d, %d", seed, status, filter, most, maxScan)
          .isEqualTo(naive(status, filter));
    }
  }

  @Test
  void readsNoRowsOfReviewsThatOthersSee() {
    for (int i = 0; i < 500; i++) {
      open(0, request("w" + i, i == 400 ? "legal" : "editor", "default", "digest", i));
    }
    drivers.getFirst().advanceWallClockTime(Duration.ofSeconds(1));
    ReviewScope scope =
        new ReviewScope("default", "lee", List.of("legal"), ReviewScope.Reach.CONCERNED);

    ReviewLists.Part part =
        ReviewLists.read(
            Set.of(0),
            List.of(store(0)),
            new ListQuestion(
                ReviewSummary.Status.OPEN, null, new ReviewFilter(scope, Map.of(), T0), 10),
            2);

    assertThat(part.found()).extracting(ReviewListsTest::id).containsExactly("w400:t:1");
    assertThat(part.cut()).isNull();
  }

  @Test
  void indexesTheReviewsOfAnEarlierVersionSomeAtATime() {
    for (int i = 0; i < 1_500; i++) {
      open(0, request("w" + i, "editor", "default", "digest", i));
    }
    rows(0, "by/").forEach(store(0)::delete);

    drivers.getFirst().advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(store(0).get(ReviewRows.INDEXED)).isNull();
    drivers.getFirst().advanceWallClockTime(Duration.ofSeconds(1));
    drivers.getFirst().advanceWallClockTime(Duration.ofSeconds(1));

    assertThat(store(0).get(ReviewRows.INDEXED)).isNotNull();
    ReviewFilter filter =
        new ReviewFilter(
            new ReviewScope("default", "eve", List.of("editor"), ReviewScope.Reach.DECIDABLE),
            Map.of(),
            T0);
    assertThat(pages(ReviewSummary.Status.OPEN, filter, 200, 5_000)).hasSize(1_500);
  }

  @Test
  void leavesNoIndexRowBehindWhenAReviewIsForgotten() {
    open(0, request("w1", "editor", "default", "digest", 0));
    say(0, "w1", Samples.approve("w1:t:1", "c1", "eve"));
    assertThat(rows(0, "by/open/")).isEmpty();
    assertThat(rows(0, "by/decided/")).isNotEmpty();

    drivers.getFirst().advanceWallClockTime(Duration.ofDays(31));

    assertThat(rows(0, "by/")).isEmpty();
  }

  private void fill(Random random, int count) {
    for (int i = 0; i < count; i++) {
      int partition = random.nextInt(3);
      String workflow = "w" + i;
      String id = workflow + ":t:1";
      // Several at the same moment, in the order of their ids.
      open(
          partition,
          request(
              workflow,
              pick(random, ROLES),
              random.nextInt(4) == 0 ? "acme" : "default",
              pick(random, DEFINITIONS),
              random.nextInt(20)));
      switch (random.nextInt(5)) {
        case 0 ->
            say(
                partition,
                workflow,
                Samples.as(Samples.approve(id, "c" + i, pick(random, NAMES)), "editor", "legal"));
        case 1 -> say(partition, workflow, Samples.withdrawn(id));
        case 2 ->
            say(
                partition,
                workflow,
                Samples.as(
                    Samples.act(id, "c" + i, pick(random, NAMES), ReviewAct.claim, "", T0),
                    "editor",
                    "legal"));
        default -> {}
      }
    }
  }

  private static ReviewFilter filter(Random random) {
    Map<String, String> wanted = new HashMap<>();
    if (random.nextInt(3) == 0) {
      wanted.put("definition", pick(random, DEFINITIONS));
    }
    if (random.nextInt(4) == 0) {
      wanted.put("role", pick(random, ROLES));
    }
    if (random.nextInt(4) == 0) {
      wanted.put("claim", random.nextBoolean() ? "none" : pick(random, NAMES));
    }
    if (random.nextInt(6) == 0) {
      wanted.put("reviewer", pick(random, NAMES));
    }
    if (random.nextInt(6) == 0) {
      wanted.put("text", "w1");
    }
    ReviewScope scope =
        new ReviewScope(
            random.nextInt(4) == 0 ? "acme" : "default",
            pick(random, NAMES),
            ROLES.subList(0, random.nextInt(ROLES.size())),
            pick(random, List.of(ReviewScope.Reach.values())));
    return new ReviewFilter(scope, wanted, T0);
  }

  /** All pages, each instance asked for its own share: partitions 0 and 1, and 2. */
  private List<String> pages(
      ReviewSummary.Status status, ReviewFilter filter, int most, int maxScan) {
    List<String> found = new ArrayList<>();
    String after = null;
    for (int page = 0; page < 1_000; page++) {
      ListQuestion question = new ListQuestion(status, after, filter, most);
      ReviewPage read =
          ReviewLists.page(
              question,
              List.of(
                  ReviewLists.read(Set.of(0, 1), List.of(store(0), store(1)), question, maxScan),
                  ReviewLists.read(Set.of(2), List.of(store(2)), question, maxScan)));
      assertThat(read.reviews()).hasSizeLessThanOrEqualTo(most);
      read.reviews().forEach(review -> found.add(id(review)));
      after = read.next();
      if (after == null) {
        return found;
      }
    }
    throw new AssertionError("no end of pages, after " + after);
  }

  private List<String> naive(ReviewSummary.Status status, ReviewFilter filter) {
    Comparator<ReviewSummary> byKey = Comparator.comparing(ReviewSummary::key);
    List<ReviewSummary> all = new ArrayList<>();
    for (int partition = 0; partition < 3; partition++) {
      for (String key : rows(partition, status.prefix())) {
        all.add(ReviewSummary.read(key, store(partition).get(key)));
      }
    }
    return all.stream()
        .filter(filter)
        .sorted(status == ReviewSummary.Status.OPEN ? byKey : byKey.reversed())
        .map(ReviewListsTest::id)
        .toList();
  }

  private static NeedsReview request(
      String workflow, String role, String tenant, String definition, int second) {
    return Samples.request(workflow + ":t:1")
        .setRule(Samples.rule(role, false, true))
        .setTenant(tenant)
        .setDefinition(definition)
        .setRequestedAt(T0.plusSeconds(second))
        .build();
  }

  private void open(int partition, NeedsReview request) {
    send(partition, topics.reviewsNeeded(), request.getWorkflowId(), request);
  }

  private void say(int partition, String workflow, SpecificRecord record) {
    send(partition, topics.reviewsCommands(), workflow, record);
  }

  private void send(int partition, String topic, String key, SpecificRecord record) {
    drivers
        .get(partition)
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key.getBytes(StandardCharsets.UTF_8), codec.encode(record), Instant.EPOCH);
  }

  private KeyValueStore<String, byte[]> store(int partition) {
    return drivers.get(partition).getKeyValueStore(ReviewTopology.STORE);
  }

  private List<String> rows(int partition, String prefix) {
    List<String> keys = new ArrayList<>();
    try (var rows = store(partition).range(prefix, prefix + "~")) {
      rows.forEachRemaining(row -> keys.add(row.key));
    }
    return keys;
  }

  private static String id(ReviewSummary review) {
    return review.content().path("reviewId").asText();
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
