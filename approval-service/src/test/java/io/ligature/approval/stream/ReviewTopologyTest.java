package io.ligature.approval.stream;

import static io.ligature.approval.review.Samples.T0;
import static io.ligature.approval.review.Samples.act;
import static io.ligature.approval.review.Samples.approve;
import static io.ligature.approval.review.Samples.at;
import static io.ligature.approval.review.Samples.command;
import static io.ligature.approval.review.Samples.json;
import static io.ligature.approval.review.Samples.request;
import static io.ligature.approval.review.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.ReviewLimits;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.review.Rules;
import io.ligature.approval.review.Standing;
import io.ligature.approval.tracing.FakeTracing;
import io.ligature.approval.tracing.Tracing;
import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.Decision;
import io.ligature.avro.Escalation;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewAct;
import io.ligature.avro.ReviewAnswer;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.TrailLine;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewTopologyTest {

  private static final String ID = "w1:editorial-review:1";

  @TempDir Path folder;
  private final Topics topics = new Topics("t");
  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private final FakeReviewListener listener = new FakeReviewListener();
  private final FakeTracing tracing = new FakeTracing();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> needed;
  private TestInputTopic<byte[], byte[]> commands;
  private TestOutputTopic<byte[], byte[]> decided;
  private TestOutputTopic<byte[], byte[]> trail;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver =
        new TopologyTestDriver(
            ReviewTopology.of(
                topics,
                codec,
                new Rules(
                    new OutputSchemas(new PayloadLimit(1000)),
                    new JsonPatch(),
                    ReviewLimits.DEFAULTS),
                listener,
                Settings.of(
                    Map.of("max-refusals", "2", "max-refusals-of-one", "1", "keep-ended", "1d")),
                Stores.inMemoryKeyValueStore(ReviewTopology.STORE),
                NeedsReview::getReason,
                tracing),
            properties,
            T0);
    needed = input(topics.reviewsNeeded());
    commands = input(topics.reviewsCommands());
    decided = output(topics.reviewsDecided());
    trail = output(topics.reviewsTrail());
    deadLetters = output(topics.deadLetters());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void emitsTheDecisionOfTheFirstValidCommand() throws Exception {
    send(needed, request(ID).build());

    send(commands, approve(ID, "c1", "eve"));

    TestRecord<byte[], byte[]> record = decided.readRecord();
    ReviewDecision expected =
        ReviewDecision.newBuilder(approve(ID, "c1", "eve").getDecision()).setRole("editor").build();
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("w1");
    assertThat(codec.decode(record.value())).isEqualTo(expected);
    assertThat(CloudEvents.text(record.headers(), "ce_id")).isEqualTo("c1");
    assertThat(CloudEvents.text(record.headers(), "ce_subject")).isEqualTo("w1");
    assertThat(find(ID))
        .isInstanceOfSatisfying(
            Review.Decided.class, review -> assertThat(review.decision()).isEqualTo(expected));
    assertThat(listener.ages).containsExactly(Duration.ofMinutes(1));
  }

  @Test
  void carriesTheTraceOfTheCommandOn() {
    send(needed, request(ID).build());
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", "00-aa-bb-01".getBytes(StandardCharsets.UTF_8));

    commands.pipeInput(
        new TestRecord<>(key("w1"), codec.encode(approve(ID, "c1", "eve")), headers));

    assertThat(tracing.spans.getLast())
        .isEqualTo(
            new FakeTracing.Ended(
                Tracing.Kind.TAKEN,
                "review command",
                Map.of(
                    "ligature.review.id",
                    ID,
                    "ligature.workflow.id",
                    "w1",
                    "ligature.review.command",
                    "approve"),
                "00-aa-bb-01",
                "decided",
                true));
    assertThat(CloudEvents.text(decided.readRecord().headers(), "traceparent")).isEqualTo("span-2");
    assertThat(trail.readRecordsToList())
        .extracting(record -> CloudEvents.text(record.headers(), "traceparent"))
        .containsExactly("span-1", "span-2", "span-2", null);
  }

  @Test
  void makesASpanForEachRecordThatChangesSomething() {
    send(needed, request(ID).build());
    send(needed, request(ID).build());
    send(needed, withdrawn(ID));
    send(needed, withdrawn(ID));

    assertThat(tracing.spans)
        .extracting(FakeTracing.Ended::name, FakeTracing.Ended::outcome, FakeTracing.Ended::about)
        .containsExactly(
            tuple("review opens", "opened", aboutIt()),
            tuple("review withdrawn", "withdrawn", aboutIt()));
  }

  @Test
  void tellsInTheSpanWhyACommandChangesNothing() {
    send(needed, request(ID).build());

    send(commands, act(ID, "c1", "bob", ReviewAct.release, "", T0));
    send(commands, approve("w9:none:1", "c2", "eve"));

    assertThat(tracing.spans)
        .extracting(FakeTracing.Ended::outcome, FakeTracing.Ended::good)
        .containsExactly(tuple("opened", true), tuple("not_held", true), tuple("unknown", true));
  }

  @Test
  void beginsATraceWhenTimeDecides() {
    send(needed, request(ID).setExpiresAt(T0.plusSeconds(60)).build());

    driver.advanceWallClockTime(Duration.ofMinutes(5));

    assertThat(tracing.spans.getLast())
        .isEqualTo(
            new FakeTracing.Ended(
                Tracing.Kind.DUE, "review falls due", aboutIt(), null, "decided", true));
    assertThat(CloudEvents.text(decided.readRecord().headers(), "traceparent")).isEqualTo("span-2");
  }

  private static Map<String, String> aboutIt() {
    return Map.of("ligature.review.id", ID, "ligature.workflow.id", "w1");
  }

  @Test
  void changesNothingWhenARequestComesTwice() {
    send(needed, request(ID).build());
    send(commands, approve(ID, "c1", "eve"));

    send(needed, request(ID).build());

    assertThat(find(ID)).isInstanceOf(Review.Decided.class);
    assertThat(index("open/")).isEmpty();
    assertThat(listener.open).isZero();
  }

  @Test
  void changesNothingWhenACommandComesTwice() {
    send(needed, request(ID).build());
    send(commands, approve(ID, "c1", "eve"));

    send(commands, approve(ID, "c1", "eve"));

    assertThat(decided.readRecordsToList()).hasSize(1);
    assertThat(answers().get("c1")).isInstanceOf(Outcome.Repeated.class);
    assertThat(refused()).isEmpty();
  }

  @Test
  void remembersALaterDecisionAsRefused() {
    send(needed, request(ID).build());
    send(commands, approve(ID, "c1", "eve"));

    send(commands, command(ID, "c2", "bob", Decision.reject, "no", null));
    send(commands, command(ID, "c2", "bob", Decision.reject, "no", null));

    assertThat(decided.readRecordsToList()).hasSize(1);
    assertThat(refused())
        .containsExactly(
            new RefusedCommand(
                "c2",
                "bob",
                "reject",
                "already_decided",
                "'eve' decided first: approve",
                T0.plusSeconds(60)));
    assertThat(answers().get("c2"))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            outcome -> assertThat(outcome.refusal()).isInstanceOf(Refusal.AlreadyDecided.class));
  }

  @Test
  void remembersOnlySoManyRefusalsOfOneWhoMayNot() {
    send(needed, request(ID).build());

    for (String id : List.of("c1", "c2", "c3")) {
      send(commands, byViewer(approve(ID, id, "vera")));
    }
    send(commands, byViewer(approve(ID, "c4", "vito")));
    send(commands, byViewer(approve(ID, "c5", "vic")));

    assertThat(refused())
        .extracting(RefusedCommand::commandId, RefusedCommand::reviewer, RefusedCommand::kind)
        .containsExactly(tuple("c1", "vera", "wrong_role"), tuple("c4", "vito", "wrong_role"));
    assertThat(listener.refusals).hasSize(5);
    assertThat(find(ID).standing().version()).isEqualTo(1);
  }

  private static ReviewCommand byViewer(ReviewCommand command) {
    return ReviewCommand.newBuilder(command).setRoles(List.of("viewer")).build();
  }

  @Test
  void remembersOnlySoManyRefusals() {
    send(needed, request(ID).build());
    send(commands, approve(ID, "c1", "eve"));

    for (String id : List.of("c2", "c3", "c4")) {
      send(commands, approve(ID, id, "bob"));
    }

    assertThat(refused()).extracting(RefusedCommand::commandId).containsExactly("c2", "c3");
    assertThat(listener.refusals).hasSize(3);
  }

  @Test
  void refusesWhatComesAfterTheWithdrawal() {
    send(needed, request(ID).build());
    send(needed, withdrawn(ID));

    send(commands, approve(ID, "c1", "eve"));

    assertThat(decided.isEmpty()).isTrue();
    assertThat(listener.refusals).containsExactly("withdrawn");
    assertThat(index("withdrawn/")).hasSize(1);
    assertThat(index("open/")).isEmpty();
  }

  @Test
  void keepsADecisionThroughALateWithdrawal() {
    send(needed, request(ID).build());
    send(commands, approve(ID, "c1", "eve"));

    send(needed, withdrawn(ID));

    assertThat(find(ID)).isInstanceOf(Review.Decided.class);
    assertThat(index("withdrawn/")).isEmpty();
  }

  @Test
  void ignoresTheWithdrawalOfAReviewItDoesNotKnow() {
    send(needed, withdrawn(ID));

    assertThat(find(ID)).isNull();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void refusesACommandForAReviewItDoesNotKnow() {
    send(commands, approve(ID, "c1", "eve"));

    assertThat(listener.refusals).containsExactly("unknown");
    assertThat(refused()).isEmpty();
  }

  @Test
  void checksAnEditAgainWhereItCounts() {
    send(needed, request(ID).build());

    send(
        commands, command(ID, "c1", "eve", Decision.edit_and_approve, "", json("{\"summary\":1}")));

    assertThat(decided.isEmpty()).isTrue();
    assertThat(listener.refusals).containsExactly("invalid_edit");
  }

  @Test
  void listsOpenReviewsInTheOrderTheyCame() {
    send(needed, request("w1:b:1").setRequestedAt(T0.plusMillis(5)).build());
    send(needed, request("w1:a:1").setRequestedAt(T0.plusMillis(9)).build());

    assertThat(index("open/"))
        .extracting(ReviewSummary::reviewId)
        .containsExactly("w1:b:1", "w1:a:1");
    assertThat(listener.open).isEqualTo(2);
  }

  @Test
  void putsAsideWhatItCannotReadAndGoesOn() {
    needed.pipeInput(key("w1"), new byte[] {7, 7});
    commands.pipeInput(new TestRecord<>(key("w1"), (byte[]) null));
    send(needed, new CancelWorkflow("x", "w1", "eve", "wrong topic", T0, false));
    send(needed, request(ID).build());

    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters)
        .extracting(letter -> CloudEvents.text(letter.headers(), DeadLetters.REASON))
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("not in the registry's wire format"),
            reason -> assertThat(reason).isEqualTo("the record has no value"),
            reason ->
                assertThat(reason)
                    .isEqualTo("io.ligature.avro.CancelWorkflow does not belong on this topic"));
    assertThat(CloudEvents.text(letters.get(1).headers(), DeadLetters.ORIGIN_TOPIC))
        .isEqualTo("t.reviews.commands");
    assertThat(letters.getFirst().value()).containsExactly(7, 7);
    assertThat(find(ID)).isInstanceOf(Review.Open.class);
  }

  @Test
  void putsAsideWhatAnUnreadableReviewIsAskedAndGoesOnWithTheOthers() {
    send(needed, request(ID).build());
    send(needed, request("w2:gate:1").build());
    store().put(ReviewRows.REQUEST + ID, new byte[] {7, 7});

    send(commands, approve(ID, "c1", "eve"));
    send(commands, approve("w2:gate:1", "c2", "eve"));

    assertThat(CloudEvents.text(deadLetters.readRecord().headers(), DeadLetters.REASON))
        .startsWith("the review cannot go on: row request/" + ID);
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(find("w2:gate:1")).isInstanceOf(Review.Decided.class);
  }

  @Test
  void doesWhatIsDueBesideAnUnreadableReview() {
    send(needed, request(ID).setExpiresAt(T0.plus(Duration.ofHours(1))).build());
    send(needed, request("w2:gate:1").setExpiresAt(T0.plus(Duration.ofHours(2))).build());
    store().put(ReviewRows.REQUEST + ID, new byte[] {7, 7});

    driver.advanceWallClockTime(Duration.ofHours(3));

    assertThat(find("w2:gate:1")).isInstanceOf(Review.Decided.class);
    assertThat(index(ReviewRows.DUE)).isEmpty();
  }

  @Test
  void forgetsOldReviewsBesideAnUnreadableOne() {
    send(needed, request(ID).build());
    send(needed, request("w2:gate:1").build());
    send(commands, approve(ID, "c1", "eve"));
    send(commands, approve("w2:gate:1", "c2", "eve"));
    store().put(ReviewRows.REQUEST + ID, new byte[] {7, 7});

    driver.advanceWallClockTime(Duration.ofDays(2));

    assertThat(find("w2:gate:1")).isNull();
  }

  @Test
  void forgetsEndedReviewsWhenTheyAreOldAndNoOpenOnes() {
    send(needed, request(ID).build());
    send(needed, request("w2:gate:1").build());
    send(commands, approve(ID, "c1", "eve"));

    driver.advanceWallClockTime(Duration.ofDays(2));

    assertThat(find(ID)).isNull();
    assertThat(index("decided/")).isEmpty();
    assertThat(find("w2:gate:1")).isInstanceOf(Review.Open.class);
  }

  @Test
  void tellsEveryEntryOfTheTrailInAChain() throws Exception {
    send(needed, request(ID).build());
    send(commands, act(ID, "c0", "eve", ReviewAct.claim, "", T0.plusSeconds(5)));
    send(commands, approve(ID, "c1", "eve"));
    send(commands, approve(ID, "c2", "bob"));

    List<ReviewTrailEntry> entries = entries();
    assertThat(entries)
        .extracting(ReviewTrailEntry::getKind)
        .containsExactly("opened", "claimed", "voted", "decided", "refused");
    List<TrailLine> lines = new ReviewRows(store(), codec).trail(ID);
    assertThat(lines)
        .extracting(TrailLine::text)
        .containsExactlyElementsOf(entries.stream().map(ReviewTrailEntry::getLine).toList());
    assertThat(TrailLine.problem(ID, lines)).isNull();
    assertThat(entries.get(3).getSummary()).contains("\"status\":\"decided\"");
  }

  @Test
  void foldsTheTrailIntoTheReviewThatIsShown() {
    NeedsReview twice =
        request(ID).setRule(ReviewRule.newBuilder().setRole("editor").setQuorum(2).build()).build();
    send(needed, twice);
    send(
        commands,
        command(ID, "c1", "eve", Decision.edit_and_approve, "x", json("{\"summary\":\"salt\"}")));
    send(commands, act(ID, "c2", "bob", ReviewAct.comment, "hm", T0.plusSeconds(70)));

    assertThat(decided.isEmpty()).isTrue();
    assertThat(answers().get("c1")).isEqualTo(new Outcome.Noted(2, "1 of 2 approvals"));
    Standing standing = find(ID).standing();
    assertThat(standing.edited()).isEqualTo(json("{\"summary\":\"salt\"}"));
    assertThat(standing.diff())
        .isEqualTo("[{\"op\":\"replace\",\"path\":\"/summary\",\"value\":\"salt\"}]");
    assertThat(standing.actors()).containsExactlyInAnyOrder("eve", "bob");

    send(commands, at(approve(ID, "c3", "bob"), T0.plusSeconds(80)));

    assertThat(find(ID))
        .isInstanceOfSatisfying(
            Review.Decided.class,
            review ->
                assertThat(review.decision())
                    .returns(Decision.edit_and_approve, ReviewDecision::getDecision)
                    .returns("bob", ReviewDecision::getReviewer)
                    .returns(json("{\"summary\":\"salt\"}"), ReviewDecision::getEditedOutput));
  }

  @Test
  void putsNoLargeOutputIntoALine() {
    String large = "\\\"".repeat(200);
    send(
        needed,
        request(ID)
            .setRule(ReviewRule.newBuilder().setRole("editor").setQuorum(2).build())
            .build());
    send(
        commands,
        command(
            ID,
            "c1",
            "eve",
            Decision.edit_and_approve,
            "",
            json("{\"summary\":\"" + large + "\"}")));

    ReviewTrailEntry voted = entries().getLast();
    assertThat(voted.getKind()).isEqualTo("voted");
    assertThat(voted.getLine())
        .contains("\"output\":\"" + find(ID).standing().edited().getSha256() + "\"");
    assertThat(find(ID).standing().edited()).isEqualTo(json("{\"summary\":\"" + large + "\"}"));
  }

  @Test
  void takesAReviewOfAVersionThatWroteNoTrails() {
    store().put(ReviewRows.REQUEST + ID, codec.encode(request(ID).build()));

    send(commands, act(ID, "c0", "eve", ReviewAct.claim, "", T0.plusSeconds(5)));
    send(commands, approve(ID, "c1", "eve"));

    assertThat(find(ID)).isInstanceOf(Review.Decided.class);
  }

  @Test
  void knowsWhoDecidedAnEarlierReviewOfTheWorkflow() {
    ReviewRule other = ReviewRule.newBuilder().setRole("editor").setOtherThanBefore(true).build();
    send(needed, request(ID).build());
    send(needed, request("w1:second:1").setRule(other).build());
    send(commands, approve(ID, "c1", "eve"));

    send(commands, approve("w1:second:1", "c2", "eve"));
    assertThat(listener.refusals).containsExactly("decided_before");

    send(commands, approve("w1:second:1", "c3", "bob"));
    assertThat(find("w1:second:1")).isInstanceOf(Review.Decided.class);
  }

  @Test
  void countsOpenReviewsByTheirAge() {
    send(needed, request(ID).build());
    send(needed, request("w1:second:1").setRequestedAt(T0.plus(Duration.ofHours(20))).build());

    driver.advanceWallClockTime(Duration.ofHours(25));

    assertThat(listener.byAge)
        .containsEntry(Duration.ofHours(1), 2L)
        .containsEntry(Duration.ofDays(1), 1L)
        .containsEntry(Duration.ofDays(7), 0L);
  }

  @Test
  void doesOnceWhatFellDueWhileNobodyRan() {
    ReviewRule rule =
        ReviewRule.newBuilder()
            .setRole("editor")
            .setRemindAfterMs(List.of(60_000L))
            .setEscalate(List.of(new Escalation(120_000L, "chief")))
            .build();
    send(needed, request(ID).setRule(rule).build());

    driver.advanceWallClockTime(Duration.ofMinutes(1));
    driver.advanceWallClockTime(Duration.ofHours(3));
    driver.advanceWallClockTime(Duration.ofHours(3));

    assertThat(listener.due).containsExactly("reminded", "escalated");
    assertThat(entries())
        .extracting(ReviewTrailEntry::getKind, ReviewTrailEntry::getAt)
        .contains(tuple("reminded", T0.plusSeconds(60)), tuple("escalated", T0.plusSeconds(120)));
    assertThat(Reviewers.mayDecide(find(ID), "carl", List.of("chief"))).isTrue();
    assertThat(index("due/")).isEmpty();
  }

  @Test
  void doesWhatWasDueBeforeItWasEvenAskedFor() {
    driver.advanceWallClockTime(Duration.ofHours(3));
    ReviewRule rule =
        ReviewRule.newBuilder().setRole("editor").setRemindAfterMs(List.of(60_000L)).build();

    send(needed, request(ID).setRule(rule).build());
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    assertThat(listener.due).containsExactly("reminded");
  }

  @Test
  void decidesByPolicyWhenNobodyDoes() throws Exception {
    ReviewRule rule =
        ReviewRule.newBuilder().setRole("editor").setOnExpiry(OnReviewExpiry.approve).build();
    send(needed, request(ID).setRule(rule).setExpiresAt(T0.plusSeconds(60)).build());

    driver.advanceWallClockTime(Duration.ofMinutes(5));
    send(commands, at(approve(ID, "c1", "eve"), T0.plusSeconds(301)));

    assertThat(codec.decode(decided.readValue()))
        .isEqualTo(
            new ReviewDecision(
                ID + ":expired",
                ID,
                "w1",
                "w1",
                Decision.approve,
                "policy",
                "policy",
                "nobody decided in time; the rule says that it counts as approved then",
                null,
                T0.plusSeconds(60)));
    assertThat(decided.isEmpty()).isTrue();
    assertThat(listener.refusals).containsExactly("already_decided");
  }

  private Map<String, Outcome> answers() {
    Map<String, Outcome> answers = new HashMap<>();
    for (SpecificRecord record : told()) {
      if (record instanceof ReviewAnswer answer) {
        answers.put(answer.getCommandId(), Answers.outcome(answer));
      }
    }
    return answers;
  }

  private List<ReviewTrailEntry> entries() {
    return told().stream()
        .filter(ReviewTrailEntry.class::isInstance)
        .map(ReviewTrailEntry.class::cast)
        .toList();
  }

  private List<SpecificRecord> told() {
    List<SpecificRecord> records = new ArrayList<>();
    for (byte[] value : trail.readValuesToList()) {
      try {
        records.add(codec.decode(value));
      } catch (UnreadableRecordException e) {
        throw new AssertionError(e);
      }
    }
    return records;
  }

  private Review find(String id) {
    return new ReviewRows(store(), codec).find(id);
  }

  private List<RefusedCommand> refused() {
    return new ReviewRows(store(), codec).refused(ID);
  }

  private List<String> index(String prefix) {
    List<String> keys = new ArrayList<>();
    try (var rows = store().range(prefix, prefix + "~")) {
      rows.forEachRemaining(row -> keys.add(row.key));
    }
    return keys;
  }

  private KeyValueStore<String, byte[]> store() {
    return driver.getKeyValueStore(ReviewTopology.STORE);
  }

  private void send(TestInputTopic<byte[], byte[]> topic, SpecificRecord record) {
    topic.pipeInput(key("w1"), codec.encode(record), Instant.EPOCH);
  }

  private static byte[] key(String workflow) {
    return workflow.getBytes(StandardCharsets.UTF_8);
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
