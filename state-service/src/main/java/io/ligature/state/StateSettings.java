package io.ligature.state;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All settings of the state service under {@code ligature.}; the first five are shared by all
 * services. {@code kafka.bootstrap.servers} stands beside them.
 */
@ConfigMapping(prefix = "ligature")
public interface StateSettings {

  Registry registry();

  TopicNames topics();

  /** The one currency of the deployment, ISO 4217; shown beside every amount. */
  @WithDefault("USD")
  String currency();

  Dispatch dispatch();

  PayloadSize payload();

  DefinitionSize definitions();

  State state();

  /** Where schemas are registered. */
  interface Registry {
    /** Apicurio Registry's base URL. */
    @WithDefault("http://localhost:8080")
    URI url();
  }

  /** How topics are called. */
  interface TopicNames {
    /** First part of every topic's name. */
    @WithDefault("ligature")
    String prefix();
  }

  /** When routers and executors see a task. */
  interface Dispatch {
    /** {@code speculative} is the fast one; see docs/architecture.md. */
    @WithDefault("speculative")
    DispatchMode mode();
  }

  /** Whether a task is given to an agent before or after the transaction that made it. */
  enum DispatchMode {
    /** Readers do not wait for commits; the rules of DESIGN §5 keep it safe. */
    SPECULATIVE,
    /** Readers read committed only, and commits come every 10 ms. */
    CONSERVATIVE
  }

  /** How large a payload may be. */
  interface PayloadSize {
    /** Bytes of one payload; stays below the topics' record limit. */
    @WithDefault("900000")
    int maxBytes();
  }

  /** How large a definition may be. */
  interface DefinitionSize {
    /** Bytes of the text; it travels with every start, beside the input. */
    @WithDefault("650000")
    int maxBytes();

    /** Levels of nesting. */
    @WithDefault("50")
    int maxDepth();

    /** Tasks of one definition. */
    @WithDefault("5000")
    int maxTasks();

    /** Characters of one expression. */
    @WithDefault("10000")
    int maxExpressionLength();

    /** Levels of one expression. */
    @WithDefault("50")
    int maxExpressionDepth();

    /** Steps of one evaluation of an expression. */
    @WithDefault("10000")
    int maxExpressionIterations();

    /** How many tasks one may be inside of. */
    @WithDefault("8")
    int maxNesting();

    /** Variables of one definition. */
    @WithDefault("64")
    int maxVariables();

    /** Versions of other definitions that one workflow may call, over all levels. */
    @WithDefault("50")
    int maxChildren();
  }

  /** What only this service has. */
  interface State {
    /** Folder of the local store. What is in it can be rebuilt from the changelog. */
    @WithDefault("data/state-service")
    String directory();

    /**
     * Name of this instance, the same after a restart and different from every other's: it gets its
     * partitions back at once. Absent: the group decides anew each time.
     */
    Optional<String> instanceId();

    /**
     * {@code host:port} under which other instances and clients reach this one. More than one
     * instance needs each its own.
     */
    @WithDefault("localhost:${quarkus.http.port:8081}")
    Optional<String> advertised();

    /** How long to wait for the topics at the start before giving up. */
    @WithDefault("PT60S")
    Duration topicsWait();

    Streams streams();

    Memory memory();

    Timers timers();

    EngineLimits engine();

    Review review();

    Partial partial();

    Http http();

    Schedule schedule();
  }

  /** How schedules of definitions are followed. */
  interface Schedule {
    /** Whether this instance follows them; any number may. */
    @WithDefault("true")
    boolean enabled();

    /** Time between two looks at the clock. */
    @WithDefault("PT1S")
    Duration interval();

    /** A run that is late by no more than this is on time, whatever {@code catchUp} says. */
    @WithDefault("PT1M")
    Duration late();

    /** A run that is missed for longer is never started. */
    @WithDefault("P1D")
    Duration window();

    /** Most runs of one definition that are started at once; of more the newest count. */
    @WithDefault("100")
    int maxRuns();

    /**
     * {@code Authorization} header for asking another instance whether a run is still open, for
     * example of a user with the role {@code viewer}.
     */
    Optional<String> peerAuthorization();

    /** Longest wait for the answer of another instance. */
    @WithDefault("PT2S")
    Duration peerWait();
  }

  /** Settings of Kafka Streams; the defaults are what was measured to be fast and safe. */
  interface Streams {
    /** Threads that fold; each has a producer of its own. */
    @WithDefault("1")
    int threads();

    /** Time between two commits in the speculative mode. */
    @WithDefault("PT0.2S")
    Duration commitInterval();

    /** Time between two commits in the conservative mode. */
    @WithDefault("PT0.01S")
    Duration conservativeCommitInterval();

    /** Longest wait for records before timers are looked at. */
    @WithDefault("PT0.01S")
    Duration poll();

    /** Wait of the producer for more records. */
    @WithDefault("PT0S")
    Duration linger();

    /** Compression of what is written. */
    @WithDefault("lz4")
    String compression();

    /** A transaction of a dead instance holds up readers of committed records this long. */
    @WithDefault("PT10S")
    Duration transactionTimeout();

    /** Records taken at once. */
    @WithDefault("500")
    int maxPollRecords();

    /** An instance that is silent for so long has lost its partitions. */
    @WithDefault("PT10S")
    Duration sessionTimeout();

    /** Time between two signs of life. */
    @WithDefault("PT3S")
    Duration heartbeatInterval();

    /** Warm copies of each partition's store on other instances. */
    @WithDefault("1")
    int standbyReplicas();

    /** Replicas of the changelog topic; -1: the broker's default. */
    @WithDefault("-1")
    int replicationFactor();

    /**
     * Largest record that the fold makes; below the topics' {@code max.message.bytes}, because a
     * dead letter carries the original and more.
     */
    @WithDefault("1040000")
    int maxRecordBytes();

    /** Largest request of the producers. */
    @WithDefault("2097152")
    int maxRequestBytes();

    /** Thread restarts within ten minutes after which the process gives up. */
    @WithDefault("10")
    int maxThreadReplacements();
  }

  /** Memory outside the heap and the store's cache in it; for the whole process, not by store. */
  interface Memory {
    /** RocksDB's block cache, with index and filter blocks and the write buffers in it. */
    @WithDefault("96M")
    @WithName("rocksdb-cache")
    MemorySize rocksdbCache();

    /** Of these, the most that write buffers take. */
    @WithDefault("32M")
    @WithName("rocksdb-write-buffers")
    MemorySize rocksdbWriteBuffers();

    /** Rows kept in the heap until the next commit, so that a row is written once. */
    @WithDefault("32M")
    MemorySize rowCache();

    /** Definitions kept parsed, by content. */
    @WithDefault("500")
    int parsedDefinitions();
  }

  /** How timers are fired. */
  interface Timers {
    /** Time between two looks at the timers. */
    @WithDefault("PT0.05S")
    Duration interval();

    /** Most timers fired at one look, for each partition. */
    @WithDefault("200")
    int perTick();

    /**
     * Longest wait, after a partition was assigned, for what waits in its inbox to be read; until
     * then none of its timers fires.
     */
    @WithDefault("PT60S")
    Duration catchUpWait();
  }

  /** Answers that are shown while they are being written. */
  interface Partial {
    /** Most requests that watch at once, at this instance. */
    @WithDefault("200")
    int maxWatchers();

    /** Pieces that wait for one watcher; who is slower is dropped. Also most of earlier ones. */
    @WithDefault("512")
    int queue();

    /** How far back a watcher may ask for. */
    @WithDefault("PT10M")
    Duration maxBack();

    /** Silence after which a watcher is told that the stream is alive, or that it ends. */
    @WithDefault("PT15S")
    Duration heartbeat();

    /** Longest wait for the broker before a watcher is refused. */
    @WithDefault("PT10S")
    Duration brokerWait();
  }

  /** Limits of the engine. */
  interface EngineLimits {
    /** Added to a call's timeout while no executor has claimed the attempt. */
    @WithDefault("PT60S")
    Duration queueSlack();

    /** Added to a call's timeout after the claim, for the result's way back. */
    @WithDefault("PT15S")
    Duration reportSlack();

    /** How often an attempt that nobody claimed is offered again before it times out. */
    @WithDefault("2")
    int silentOffers();

    /** Wait before an attempt that the router gave back is offered again; doubles each time. */
    @WithDefault("PT5S")
    Duration firstOffer();

    /** Longest such wait. */
    @WithDefault("PT60S")
    Duration longestOffer();

    /** Most attempts of one task, whatever its ladders say. */
    @WithDefault("64")
    int maxAttempts();

    /** Most items of one fan-out. */
    @WithDefault("10000")
    int maxItems();

    /** Items of one fan-out that run side by side unless its definition says otherwise. */
    @WithDefault("100")
    int itemsAtOnce();

    /** Most items of one fan-out that run side by side, whatever its definition says. */
    @WithDefault("1000")
    int maxItemsAtOnce();

    /** Most levels of child workflows below a root. */
    @WithDefault("8")
    int maxDepth();

    /** Most tasks of one workflow that wait for signals at once, and most signals it keeps. */
    @WithDefault("256")
    int maxSignals();

    /** Most characters of a critic's text that are kept and told to the next attempt. */
    @WithDefault("4000")
    int maxCritique();

    /**
     * Most of a rate-limited agent's wait that its task waits as well: long enough for the news to
     * reach the router, which leaves the agent alone for the rest.
     */
    @WithDefault("PT1S")
    Duration limitedWait();

    /** Most tasks that a review lists as what follows from either decision. */
    @WithDefault("50")
    int maxConsequences();

    /** Longest time that a task may wait by its definition. */
    @WithDefault("P3650D")
    Duration longestWait();

    /**
     * Most transitions that one input or timer leads to in its tree of workflows, all in one
     * transaction; a tree that asks for more is quarantined.
     */
    @WithDefault("10000")
    int maxTransitions();
  }

  /** What holds at all gates, beside what their definitions say. */
  interface Review {
    /** The first that holds decides. */
    List<ReviewRisk> risks();

    /** Least per cent of what passes that is reviewed all the same. */
    @WithDefault("0")
    double sample();
  }

  /** One rule for all gates. */
  interface ReviewRisk {
    /** An expression as in definitions, without <code>${</code> and <code>}</code>. */
    String when();

    /** Role that decides instead. */
    Optional<String> role();

    /** Approvals needed, unless it is more anyway. */
    Optional<Integer> quorum();

    /** Whether nobody has to look, where the definition has no risks of its own. */
    @WithDefault("false")
    boolean pass();

    /** For the record. */
    Optional<String> reason();
  }

  /** Limits of the REST interface. */
  interface Http {
    /** Most entries of one page. */
    @WithDefault("200")
    int maxPage();

    /** Most index rows looked at for one page when a filter drops many. */
    @WithDefault("20000")
    int maxScan();

    /** Longest wait for a history to be complete up to what the store knows. */
    @WithDefault("PT10S")
    Duration historyWait();

    /** Longest wait of a start for its own workflow to be visible. */
    @WithDefault("PT1S")
    Duration startVisibleWait();

    /** Longest wait for a record to be acknowledged by the broker. */
    @WithDefault("PT15S")
    Duration acknowledgeWait();

    /** Longest wait of a command for the audit trail to tell what became of it. */
    @WithDefault("PT2S")
    Duration commandWait();

    /** Characters of a command's reason. */
    @WithDefault("2000")
    int maxReason();

    /** Characters of a command's id, and of a signal's name and its correlation. */
    @WithDefault("200")
    int maxName();

    /** Characters of a task's path in an address. */
    @WithDefault("1000")
    int maxTaskPath();
  }
}
