package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Escalation;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.TrailLine;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two approval services share the reviews; they are killed in the middle of it. */
class ApprovalPairIT {

  private static final int REVIEWS = 200;
  private static final int CLIENTS = 8;
  private static final long SEED = 7;
  private static final Set<Integer> TOLD = Set.of(200, 409);

  /** 0 of an instance that is gone. */
  private static final Set<Integer> ASK_AGAIN = Set.of(0, 202, 503);

  /** How much longer than one review all of them may take to be there on both. */
  private static final int SLACK = 4;

  private static ApprovalPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = ApprovalPair.start(Scene.shared(), "pair");
  }

  @AfterAll
  static void stop() {
    pair.close();
  }

  @BeforeEach
  void both() throws Exception {
    pair.awaitBoth();
  }

  @Test
  void losesAndDoublesNoDecisionWhenOneIsKilled() throws Exception {
    ReviewRule rule = ReviewRule.newBuilder().setRole("reviewer").build();
    List<String> ids = ids("kill-", REVIEWS);
    for (String id : ids) {
      pair.open(ApprovalPair.request(id, rule).build());
    }
    ids.forEach(id -> pair.awaitShown(0, id));
    ids.forEach(id -> pair.awaitShown(1, id));
    assertThat(listed("kill-", 0, "open")).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(listed("kill-", 1, "open")).containsExactlyInAnyOrderElementsOf(ids);

    Map<String, List<Integer>> answers = decideAllWhileOneIsKilled(ids);

    // Of two who want different things, one wins and the other is told so.
    assertThat(answers.values())
        .allSatisfy(each -> assertThat(each).containsExactlyInAnyOrder(200, 409));
    Map<String, ReviewDecision> decided = new HashMap<>();
    for (ReviewDecision decision : decisions("kill-")) {
      assertThat(decided.put(decision.getReviewId(), decision)).isNull();
    }
    assertThat(decided.keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assertEveryTrailIsWhole(1, decided);
    assertNoEntryTwice("kill-");

    pair.instance(0).restart();
    pair.instance(0).awaitReady(Scene.PATIENCE);
    ids.forEach(id -> pair.awaitShown(0, id));
    assertThat(listed("kill-", 0, "decided")).containsExactlyInAnyOrderElementsOf(ids);
  }

  /**
   * @return statuses of the last answers to both who decide, by review
   */
  private static Map<String, List<Integer>> decideAllWhileOneIsKilled(List<String> ids)
      throws Exception {
    AtomicInteger done = new AtomicInteger();
    Map<String, List<Integer>> answers = new ConcurrentHashMap<>();
    List<Callable<Void>> work = new ArrayList<>();
    for (String id : ids) {
      work.add(
          () -> {
            Random random = new Random(SEED + id.hashCode());
            boolean approves = random.nextBoolean();
            int first = decide(id, Scene.EDITOR, approves, random);
            int second = decide(id, Scene.LAWYER, !approves, random);
            answers.put(id, List.of(first, second));
            done.incrementAndGet();
            return null;
          });
    }
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Void>> running = work.stream().map(clients::submit).toList();
      Awaitility.await("the middle of the decisions")
          .atMost(Scene.PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> done.get() >= REVIEWS / 4);
      pair.instance(0).kill();
      Instant killed = Instant.now();
      assertThat(done.get()).isLessThan(REVIEWS);
      Awaitility.await("all reviews at the one that is left")
          .atMost(Scene.PATIENCE)
          .pollInterval(Scene.LOOK)
          .until(() -> pair.rest(1, Scene.EDITOR).get("/reviews").status() == 200);
      System.out.println(
          "taken over after " + Duration.between(killed, Instant.now()).toMillis() + " ms");
      for (Future<Void> each : running) {
        each.get();
      }
    }
    return answers;
  }

  /** Asks whichever instance, again and again with the same key, until it is told. */
  private static int decide(String id, String user, boolean approves, Random random) {
    JsonNode body = Payloads.JSON.createObjectNode().put("reason", "checked by " + user);
    String path = "/reviews/" + Rest.segment(id) + (approves ? "/approve" : "/reject");
    return Awaitility.await(id + " decided by " + user)
        .atMost(Scene.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Scene.LOOK)
        .until(
            () ->
                pair.rest(random.nextInt(2), user)
                    .post(path, body, Map.of("Idempotency-Key", user))
                    .status(),
            status -> {
              if (!TOLD.contains(status) && !ASK_AGAIN.contains(status)) {
                throw new AssertionError(id + " is answered with " + status);
              }
              return TOLD.contains(status);
            });
  }

  private static void assertEveryTrailIsWhole(int number, Map<String, ReviewDecision> decided) {
    decided.forEach(
        (id, decision) -> {
          Rest rest = pair.rest(number, Scene.EDITOR);
          assertThat(
                  rest.get("/reviews/" + Rest.segment(id)).ok().at("/decision/reviewer").asText())
              .as(id)
              .isEqualTo(decision.getReviewer());
          List<TrailLine> lines =
              rest.text("/reviews/" + Rest.segment(id) + "/trail")
                  .lines()
                  .map(TrailLine::new)
                  .toList();
          assertThat(TrailLine.problem(id, lines)).as(id).isNull();
          assertThat(lines)
              .extracting(line -> line.json().path("kind").asText())
              .as(id)
              .containsExactly("opened", "voted", "decided", "refused");
        });
  }

  private static void assertNoEntryTwice(String prefix) {
    Set<String> seen = new HashSet<>();
    for (var record : pair.trail()) {
      if (record instanceof ReviewTrailEntry entry && entry.getReviewId().startsWith(prefix)) {
        assertThat(seen.add(entry.getReviewId() + "/" + entry.getNumber()))
            .as("%s of %s", entry.getKind(), entry.getReviewId())
            .isTrue();
      }
    }
    assertThat(seen).hasSize(4 * REVIEWS);
  }

  @Test
  void doesOnceWhatFellDueWhileAllWereDown() throws Exception {
    Duration shown = timeUntilShown();
    Instant opened = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Duration wait = Duration.ofSeconds(5).plus(shown.multipliedBy(SLACK));
    Instant due = opened.plus(wait).plusSeconds(2);
    ReviewRule rule =
        ReviewRule.newBuilder()
            .setRole("reviewer")
            .setRemindAfterMs(List.of(wait.toMillis()))
            .setEscalate(List.of(new Escalation(wait.toMillis() + 1_000, "legal")))
            .setOnExpiry(OnReviewExpiry.reject)
            .build();
    List<String> ids = ids("due-", 30);
    for (int i = 0; i < ids.size(); i++) {
      pair.open(
          ApprovalPair.request(ids.get(i), rule)
              .setRequestedAt(opened)
              .setExpiresAt(i % 2 == 0 ? due : null)
              .build());
    }
    ids.forEach(id -> pair.awaitShown(0, id));
    pair.instance(0).kill();
    pair.instance(1).kill();
    assertThat(Instant.now()).isBefore(opened.plus(wait));
    Awaitility.await("what is due while nobody runs")
        .atMost(Scene.PATIENCE)
        .until(() -> Instant.now().isAfter(due));

    pair.instance(0).restart();
    pair.instance(1).restart();
    pair.instance(0).awaitReady(Scene.PATIENCE);
    pair.instance(1).awaitReady(Scene.PATIENCE);
    Map<String, Integer> once = new TreeMap<>();
    once.put("opened", 30);
    once.put("reminded", 30);
    once.put("escalated", 30);
    once.put("decided", 15);
    Awaitility.await("all that was due")
        .atMost(Scene.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> kinds("due-"), once::equals);

    // Who takes over from one that is killed does none of it again.
    pair.instance(0).kill();
    Awaitility.await("all reviews at the one that is left")
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(() -> pair.rest(1, Scene.LAWYER).get("/reviews").status() == 200);
    assertThat(decide(ids.get(1), Scene.LAWYER, true, new Random(SEED))).isEqualTo(200);
    once.merge("voted", 1, Integer::sum);
    once.merge("decided", 1, Integer::sum);
    assertThat(kinds("due-")).isEqualTo(once);
    assertThat(decisions("due-")).hasSize(16);
  }

  private static Map<String, Integer> kinds(String prefix) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (var record : pair.trail()) {
      if (record instanceof ReviewTrailEntry entry && entry.getReviewId().startsWith(prefix)) {
        kinds.merge(entry.getKind(), 1, Integer::sum);
      }
    }
    return kinds;
  }

  private static List<ReviewDecision> decisions(String prefix) {
    return pair.decided().stream()
        .map(record -> (ReviewDecision) record)
        .filter(decision -> decision.getReviewId().startsWith(prefix))
        .toList();
  }

  private static List<String> ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i + ":check:1").toList();
  }

  /** From the request of one review until both instances show it. */
  private static Duration timeUntilShown() throws Exception {
    Instant begun = Instant.now();
    String id = "probe:check:1";
    pair.open(
        ApprovalPair.request(id, ReviewRule.newBuilder().setRole("reviewer").build()).build());
    pair.awaitShown(0, id);
    pair.awaitShown(1, id);
    return Duration.between(begun, Instant.now());
  }

  /** Ids of all pages of a list, small ones, as far as they begin so. */
  private static List<String> listed(String prefix, int number, String status) {
    List<String> ids = new ArrayList<>();
    String path = "/reviews?limit=30&status=" + status;
    JsonNode page = pair.rest(number, Scene.LAWYER).get(path).ok();
    while (true) {
      StreamSupport.stream(page.path("reviews").spliterator(), false)
          .map(each -> each.path("reviewId").asText())
          .filter(id -> id.startsWith(prefix))
          .forEach(ids::add);
      if (!page.hasNonNull("next")) {
        return ids;
      }
      page =
          pair.rest(number, Scene.LAWYER).get(path + "&cursor=" + page.path("next").asText()).ok();
    }
  }
}
