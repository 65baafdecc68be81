package io.ligature.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.state.StateSettings.DispatchMode;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateSettingsTest {

  @Test
  void readsEveryKey() {
    StateSettings s =
        SettingsFixture.of(
            Map.ofEntries(
                Map.entry("ligature.registry.url", "http://registry:1"),
                Map.entry("ligature.topics.prefix", "acme"),
                Map.entry("ligature.currency", "EUR"),
                Map.entry("ligature.dispatch.mode", "conservative"),
                Map.entry("ligature.payload.max-bytes", "1"),
                Map.entry("ligature.definitions.max-bytes", "2"),
                Map.entry("ligature.definitions.max-depth", "3"),
                Map.entry("ligature.definitions.max-tasks", "4"),
                Map.entry("ligature.definitions.max-expression-length", "5"),
                Map.entry("ligature.definitions.max-expression-depth", "6"),
                Map.entry("ligature.definitions.max-expression-iterations", "7"),
                Map.entry("ligature.definitions.max-nesting", "50"),
                Map.entry("ligature.definitions.max-variables", "51"),
                Map.entry("ligature.state.directory", "folder"),
                Map.entry("ligature.state.instance-id", "state-0"),
                Map.entry("ligature.state.advertised", "host:8081"),
                Map.entry("ligature.state.topics-wait", "PT8S"),
                Map.entry("ligature.state.streams.threads", "9"),
                Map.entry("ligature.state.streams.commit-interval", "PT10S"),
                Map.entry("ligature.state.streams.conservative-commit-interval", "PT11S"),
                Map.entry("ligature.state.streams.poll", "PT12S"),
                Map.entry("ligature.state.streams.linger", "PT13S"),
                Map.entry("ligature.state.streams.compression", "zstd"),
                Map.entry("ligature.state.streams.transaction-timeout", "PT14S"),
                Map.entry("ligature.state.streams.max-poll-records", "15"),
                Map.entry("ligature.state.streams.session-timeout", "PT16S"),
                Map.entry("ligature.state.streams.heartbeat-interval", "PT17S"),
                Map.entry("ligature.state.streams.standby-replicas", "18"),
                Map.entry("ligature.state.streams.replication-factor", "19"),
                Map.entry("ligature.state.streams.max-record-bytes", "20"),
                Map.entry("ligature.state.streams.max-request-bytes", "21"),
                Map.entry("ligature.state.streams.max-thread-replacements", "22"),
                Map.entry("ligature.state.memory.rocksdb-cache", "23"),
                Map.entry("ligature.state.memory.rocksdb-write-buffers", "24"),
                Map.entry("ligature.state.memory.row-cache", "25"),
                Map.entry("ligature.state.memory.parsed-definitions", "26"),
                Map.entry("ligature.state.timers.interval", "PT27S"),
                Map.entry("ligature.state.timers.per-tick", "28"),
                Map.entry("ligature.state.timers.catch-up-wait", "PT41S"),
                Map.entry("ligature.state.engine.queue-slack", "PT29S"),
                Map.entry("ligature.state.engine.report-slack", "PT30S"),
                Map.entry("ligature.state.engine.silent-offers", "31"),
                Map.entry("ligature.state.engine.first-offer", "PT32S"),
                Map.entry("ligature.state.engine.longest-offer", "PT33S"),
                Map.entry("ligature.state.engine.max-attempts", "34"),
                Map.entry("ligature.state.engine.max-transitions", "40"),
                Map.entry("ligature.state.engine.max-items", "44"),
                Map.entry("ligature.state.engine.items-at-once", "45"),
                Map.entry("ligature.state.engine.max-items-at-once", "46"),
                Map.entry("ligature.state.engine.max-depth", "47"),
                Map.entry("ligature.state.engine.max-signals", "48"),
                Map.entry("ligature.state.engine.longest-wait", "PT49S"),
                Map.entry("ligature.state.engine.max-critique", "56"),
                Map.entry("ligature.state.engine.limited-wait", "PT62S"),
                Map.entry("ligature.state.engine.max-consequences", "61"),
                Map.entry("ligature.state.review.risks[0].when", "true"),
                Map.entry("ligature.state.review.risks[0].role", "board"),
                Map.entry("ligature.state.review.risks[0].quorum", "2"),
                Map.entry("ligature.state.review.risks[0].pass", "true"),
                Map.entry("ligature.state.review.risks[0].reason", "large"),
                Map.entry("ligature.state.review.sample", "63"),
                Map.entry("ligature.state.partial.max-watchers", "57"),
                Map.entry("ligature.state.partial.queue", "58"),
                Map.entry("ligature.state.partial.max-back", "PT59S"),
                Map.entry("ligature.state.partial.heartbeat", "PT60S"),
                Map.entry("ligature.state.partial.broker-wait", "PT61S"),
                Map.entry("ligature.state.schedule.enabled", "false"),
                Map.entry("ligature.state.schedule.interval", "PT51S"),
                Map.entry("ligature.state.schedule.late", "PT52S"),
                Map.entry("ligature.state.schedule.window", "PT53S"),
                Map.entry("ligature.state.schedule.max-runs", "54"),
                Map.entry("ligature.state.schedule.peer-authorization", "Bearer x"),
                Map.entry("ligature.state.schedule.peer-wait", "PT55S"),
                Map.entry("ligature.state.http.max-page", "35"),
                Map.entry("ligature.state.http.max-scan", "36"),
                Map.entry("ligature.state.http.history-wait", "PT37S"),
                Map.entry("ligature.state.http.start-visible-wait", "PT38S"),
                Map.entry("ligature.state.http.acknowledge-wait", "PT39S"),
                Map.entry("ligature.state.http.command-wait", "PT40S"),
                Map.entry("ligature.state.http.max-reason", "41"),
                Map.entry("ligature.state.http.max-name", "42"),
                Map.entry("ligature.state.http.max-task-path", "43"),
                Map.entry("ligature.definitions.max-children", "44")));

    assertThat(s.registry().url()).isEqualTo(URI.create("http://registry:1"));
    assertThat(s.topics().prefix()).isEqualTo("acme");
    assertThat(s.currency()).isEqualTo("EUR");
    assertThat(s.dispatch().mode()).isEqualTo(DispatchMode.CONSERVATIVE);
    assertThat(s.payload().maxBytes()).isEqualTo(1);
    assertThat(s.definitions().maxBytes()).isEqualTo(2);
    assertThat(s.definitions().maxDepth()).isEqualTo(3);
    assertThat(s.definitions().maxTasks()).isEqualTo(4);
    assertThat(s.definitions().maxExpressionLength()).isEqualTo(5);
    assertThat(s.definitions().maxExpressionDepth()).isEqualTo(6);
    assertThat(s.definitions().maxExpressionIterations()).isEqualTo(7);
    assertThat(s.definitions().maxNesting()).isEqualTo(50);
    assertThat(s.definitions().maxVariables()).isEqualTo(51);
    StateSettings.State state = s.state();
    assertThat(state.directory()).isEqualTo("folder");
    assertThat(state.instanceId()).contains("state-0");
    assertThat(state.advertised()).contains("host:8081");
    assertThat(state.topicsWait()).isEqualTo(Duration.ofSeconds(8));
    StateSettings.Streams streams = state.streams();
    assertThat(streams.threads()).isEqualTo(9);
    assertThat(streams.commitInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(streams.conservativeCommitInterval()).isEqualTo(Duration.ofSeconds(11));
    assertThat(streams.poll()).isEqualTo(Duration.ofSeconds(12));
    assertThat(streams.linger()).isEqualTo(Duration.ofSeconds(13));
    assertThat(streams.compression()).isEqualTo("zstd");
    assertThat(streams.transactionTimeout()).isEqualTo(Duration.ofSeconds(14));
    assertThat(streams.maxPollRecords()).isEqualTo(15);
    assertThat(streams.sessionTimeout()).isEqualTo(Duration.ofSeconds(16));
    assertThat(streams.heartbeatInterval()).isEqualTo(Duration.ofSeconds(17));
    assertThat(streams.standbyReplicas()).isEqualTo(18);
    assertThat(streams.replicationFactor()).isEqualTo(19);
    assertThat(streams.maxRecordBytes()).isEqualTo(20);
    assertThat(streams.maxRequestBytes()).isEqualTo(21);
    assertThat(streams.maxThreadReplacements()).isEqualTo(22);
    assertThat(state.memory().rocksdbCache().asLongValue()).isEqualTo(23);
    assertThat(state.memory().rocksdbWriteBuffers().asLongValue()).isEqualTo(24);
    assertThat(state.memory().rowCache().asLongValue()).isEqualTo(25);
    assertThat(state.memory().parsedDefinitions()).isEqualTo(26);
    assertThat(state.timers().interval()).isEqualTo(Duration.ofSeconds(27));
    assertThat(state.timers().perTick()).isEqualTo(28);
    assertThat(state.timers().catchUpWait()).isEqualTo(Duration.ofSeconds(41));
    assertThat(state.engine().queueSlack()).isEqualTo(Duration.ofSeconds(29));
    assertThat(state.engine().reportSlack()).isEqualTo(Duration.ofSeconds(30));
    assertThat(state.engine().silentOffers()).isEqualTo(31);
    assertThat(state.engine().firstOffer()).isEqualTo(Duration.ofSeconds(32));
    assertThat(state.engine().longestOffer()).isEqualTo(Duration.ofSeconds(33));
    assertThat(state.engine().maxAttempts()).isEqualTo(34);
    assertThat(state.engine().maxTransitions()).isEqualTo(40);
    assertThat(state.engine().maxItems()).isEqualTo(44);
    assertThat(state.engine().itemsAtOnce()).isEqualTo(45);
    assertThat(state.engine().maxItemsAtOnce()).isEqualTo(46);
    assertThat(state.engine().maxDepth()).isEqualTo(47);
    assertThat(state.engine().maxSignals()).isEqualTo(48);
    assertThat(state.engine().longestWait()).isEqualTo(Duration.ofSeconds(49));
    assertThat(state.engine().maxCritique()).isEqualTo(56);
    assertThat(state.engine().limitedWait()).isEqualTo(Duration.ofSeconds(62));
    assertThat(state.engine().maxConsequences()).isEqualTo(61);
    StateSettings.ReviewRisk risk = state.review().risks().getFirst();
    assertThat(risk.when()).isEqualTo("true");
    assertThat(risk.role()).contains("board");
    assertThat(risk.quorum()).contains(2);
    assertThat(risk.pass()).isTrue();
    assertThat(risk.reason()).contains("large");
    assertThat(state.review().sample()).isEqualTo(63);
    assertThat(state.partial().maxWatchers()).isEqualTo(57);
    assertThat(state.partial().queue()).isEqualTo(58);
    assertThat(state.partial().maxBack()).isEqualTo(Duration.ofSeconds(59));
    assertThat(state.partial().heartbeat()).isEqualTo(Duration.ofSeconds(60));
    assertThat(state.partial().brokerWait()).isEqualTo(Duration.ofSeconds(61));
    StateSettings.Schedule schedule = state.schedule();
    assertThat(schedule.enabled()).isFalse();
    assertThat(schedule.interval()).isEqualTo(Duration.ofSeconds(51));
    assertThat(schedule.late()).isEqualTo(Duration.ofSeconds(52));
    assertThat(schedule.window()).isEqualTo(Duration.ofSeconds(53));
    assertThat(schedule.maxRuns()).isEqualTo(54);
    assertThat(schedule.peerAuthorization()).contains("Bearer x");
    assertThat(schedule.peerWait()).isEqualTo(Duration.ofSeconds(55));
    assertThat(state.http().maxPage()).isEqualTo(35);
    assertThat(state.http().maxScan()).isEqualTo(36);
    assertThat(state.http().historyWait()).isEqualTo(Duration.ofSeconds(37));
    assertThat(state.http().startVisibleWait()).isEqualTo(Duration.ofSeconds(38));
    assertThat(state.http().acknowledgeWait()).isEqualTo(Duration.ofSeconds(39));
    assertThat(state.http().commandWait()).isEqualTo(Duration.ofSeconds(40));
    assertThat(state.http().maxReason()).isEqualTo(41);
    assertThat(state.http().maxName()).isEqualTo(42);
    assertThat(state.http().maxTaskPath()).isEqualTo(43);
    assertThat(s.definitions().maxChildren()).isEqualTo(44);
  }

  @Test
  void refusesAnUnknownKey() {
    assertThatThrownBy(() -> SettingsFixture.of(Map.of("ligature.state.treads", "2")))
        .hasMessageContaining("ligature.state.treads");
  }
}
