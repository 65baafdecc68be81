package io.ligature.local.platform;

import io.ligature.embedded.KafkaFixture;
import io.ligature.embedded.KeptPorts;
import io.ligature.embedded.Platform;
import io.ligature.embedded.PlatformMain;
import io.ligature.local.platform.RunFile.Started;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Ligature on this machine: the platform and the four services, each a process of its own, on
 * loopback, over one data folder.
 *
 * <p>The processes outlive the one that started them. A run file in the data folder names them by
 * pid and start time, so that any later command finds them; starting again starts only what does
 * not live.
 */
public final class LocalDeployment {

  private static final Duration PLATFORM_PATIENCE = Duration.ofMinutes(4);
  private static final Duration SERVICE_GRACE = Duration.ofSeconds(20);
  private static final Duration PLATFORM_GRACE = Duration.ofSeconds(30);
  private static final String PREFIX = "ligature";

  private final LocalSettings settings;
  private final LocalUsers users;
  private RunFile run;

  private LocalDeployment(LocalSettings settings, LocalUsers users, RunFile run) {
    this.settings = settings;
    this.users = users;
    this.run = run;
  }

  /**
   * Starts what does not run yet, and returns when all is ready.
   *
   * @param progress is told what happens, a line at a time
   */
  public static LocalDeployment up(LocalSettings settings, Consumer<String> progress)
      throws InterruptedException {
    for (LocalService service : LocalService.values()) {
      if (!Files.exists(service.jar(settings.home()))) {
        throw new LocalFailure(service.id() + " is not built; run ./ligature build");
      }
    }
    try {
      Files.createDirectories(settings.data());
      try (FileChannel lock =
          FileChannel.open(
              settings.data().resolve("up.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        // Two at once would start everything twice over the same data.
        lock.lock();
        LocalDeployment deployment =
            new LocalDeployment(
                settings,
                LocalUsers.ensure(settings.data().resolve("users.properties")),
                RunFile.read(settings.data()));
        deployment.startAll(progress);
        return deployment;
      }
    } catch (IOException e) {
      throw new LocalFailure("the data folder " + settings.data() + " is not usable: " + e, e);
    }
  }

  /** The deployment of a data folder, when any of its processes lives. */
  public static Optional<LocalDeployment> find(Path data) {
    LocalSettings settings = LocalSettings.in(data);
    RunFile run = RunFile.read(settings.data());
    try {
      return run.anyLiving()
          ? LocalUsers.read(settings.data().resolve("users.properties"))
              .map(users -> new LocalDeployment(settings, users, run))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String bootstrapServers() {
    return run().bootstrapServers();
  }

  public URI registryUrl() {
    return URI.create(run().registryUrl());
  }

  public URI url(LocalService service) {
    return run()
        .started(service.id())
        .map(Started::uri)
        .orElseThrow(() -> new LocalFailure(service.id() + " was not started here"));
  }

  public LocalUsers users() {
    return users;
  }

  public Path data() {
    return settings.data();
  }

  public Path log(LocalService service) {
    return settings.log(service.id());
  }

  /** Pids of what lives, by name: {@code platform} and the services' ids. */
  public Map<String, Long> pids() {
    Map<String, Long> pids = new TreeMap<>();
    RunFile now = run();
    for (String name : now.processes().keySet()) {
      now.living(name).ifPresent(process -> pids.put(name, process.pid()));
    }
    return pids;
  }

  public boolean lives(LocalService service) {
    return run().living(service.id()).isPresent();
  }

  /** Starts one service where it was, when it does not live, and waits until it is ready. */
  public void start(LocalService service) throws InterruptedException {
    if (!lives(service)) {
      launch(service, takenPorts());
    }
    awaitReady(service);
  }

  /** Stops one service as an operator would. */
  public void stop(LocalService service) {
    run().living(service.id()).ifPresent(process -> Launcher.end(process, SERVICE_GRACE));
  }

  /** Ends one service without a warning (SIGKILL). */
  public void kill(LocalService service) {
    run().living(service.id()).ifPresent(Launcher::kill);
  }

  /** Ends the broker's process without a warning; the registry is left behind. */
  public void killPlatform() {
    run().living(RunFile.PLATFORM).ifPresent(Launcher::kill);
  }

  /** Starts what does not live. */
  public void repair(Consumer<String> progress) throws InterruptedException {
    try {
      startAll(progress);
    } catch (IOException e) {
      throw new LocalFailure("the data folder " + settings.data() + " is not usable: " + e, e);
    }
  }

  /**
   * A process beside the services, such as a server of agents, that is stopped with them.
   *
   * @param command made for the port it shall listen on
   * @param readyPath path that answers 200 when it is ready
   * @return its base URL
   */
  public URI companion(String name, IntFunction<List<String>> command, String readyPath)
      throws InterruptedException {
    Optional<Started> before = run().started(name);
    if (before.flatMap(Started::living).isEmpty()) {
      int port = before.map(Started::port).filter(KeptPorts::isFree).orElseGet(KeptPorts::freePort);
      ProcessHandle process =
          Launcher.start(command.apply(port), settings.home(), settings.log(name));
      record(name, Started.of(process, port));
    }
    awaitReady(name, readyPath);
    return run().started(name).orElseThrow().uri();
  }

  /** Stops everything; the data stays. */
  public void down() {
    RunFile now = run();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (String name : now.processes().keySet()) {
      if (!name.equals(RunFile.PLATFORM)) {
        now.living(name)
            .ifPresent(
                process ->
                    ends.add(
                        CompletableFuture.runAsync(
                            () -> Launcher.end(process, SERVICE_GRACE),
                            Thread::startVirtualThread)));
      }
    }
    ends.forEach(CompletableFuture::join);
    now.living(RunFile.PLATFORM).ifPresent(process -> Launcher.end(process, PLATFORM_GRACE));
    Platform.endLeftover(platformData());
  }

  /** Ends a registry that was left behind when everything else was killed. */
  static void endLeftover(Path data) {
    Platform.endLeftover(data.resolve("platform"));
  }

  /** Deletes a stopped deployment's data. */
  public static void wipe(Path data) {
    if (!Files.exists(data)) {
      return;
    }
    // A wrong --data must not cost someone a folder that is not ours.
    if (!Files.exists(data.resolve("users.properties"))) {
      throw new LocalFailure(data + " is not a data folder of Ligature; it is left alone");
    }
    if (RunFile.read(data).anyLiving()) {
      throw new LocalFailure("something still runs over " + data + "; ./ligature down stops it");
    }
    KafkaFixture.deleteTree(data);
  }

  private synchronized RunFile run() {
    return run;
  }

  private synchronized void record(String name, Started started) {
    run = run.with(name, started);
    try {
      run.write(settings.data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startAll(Consumer<String> progress) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    String before = run().bootstrapServers() + " " + run().registryUrl();
    startPlatform(progress);
    if (!before.equals(run().bootstrapServers() + " " + run().registryUrl())) {
      // What still lives from an earlier run looks for a broker that is gone.
      for (LocalService service : LocalService.values()) {
        stop(service);
      }
    }
    Set<Integer> taken = takenPorts();
    for (LocalService service : LocalService.values()) {
      if (!lives(service)) {
        launch(service, taken);
      }
    }
    awaitAllReady(progress);
    progress.accept(
        "everything is up after "
            + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)
            + " s");
  }

  private void startPlatform(Consumer<String> progress) throws IOException, InterruptedException {
    if (run().living(RunFile.PLATFORM).isEmpty()) {
      progress.accept("starting the broker and the schema registry");
      PlatformMain.forget(platformData());
      ProcessHandle process =
          Launcher.start(platformCommand(), settings.home(), settings.log(RunFile.PLATFORM));
      record(RunFile.PLATFORM, Started.of(process, 0));
    }
    ProcessHandle process =
        run()
            .living(RunFile.PLATFORM)
            .orElseThrow(() -> new LocalFailure("the platform ended at once; see its log"));
    Launcher.await(
        RunFile.PLATFORM,
        process,
        () -> addresses().isPresent(),
        PLATFORM_PATIENCE,
        settings.log(RunFile.PLATFORM));
    PlatformMain.Addresses addresses = addresses().orElseThrow();
    synchronized (this) {
      run = run.withAddresses(addresses.bootstrapServers(), addresses.registryUrl());
      run.write(settings.data());
    }
    progress.accept(
        "broker on " + addresses.bootstrapServers() + ", registry on " + addresses.registryUrl());
  }

  private Optional<PlatformMain.Addresses> addresses() {
    try {
      return PlatformMain.addresses(platformData());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path platformData() {
    return settings.data().resolve("platform");
  }

  private List<String> platformCommand() {
    return List.of(
        Launcher.JAVA.toString(),
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        PlatformMain.class.getName(),
        platformData().toString(),
        settings.home().resolve("deploy/embedded/target/registry").toString(),
        PREFIX,
        Integer.toString(settings.partitions()));
  }

  private void launch(LocalService service, Set<Integer> taken) {
    int port = port(service, taken);
    taken.add(port);
    List<String> command = new ArrayList<>();
    command.add(Launcher.JAVA.toString());
    command.addAll(service.flags());
    serviceProperties(service, port).forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-jar");
    command.add(service.jar(settings.home()).toString());
    ProcessHandle process = Launcher.start(command, settings.home(), settings.log(service.id()));
    record(service.id(), Started.of(process, port));
  }

  private Map<String, String> serviceProperties(LocalService service, int port) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("quarkus.http.host", "127.0.0.1");
    properties.put("quarkus.http.port", Integer.toString(port));
    properties.put("quarkus.config.locations", users.file().toString());
    properties.put("kafka.bootstrap.servers", run().bootstrapServers());
    properties.put("ligature.registry.url", run().registryUrl());
    if (service == LocalService.STATE) {
      properties.put("ligature.state.directory", settings.data().resolve(service.id()).toString());
      properties.put("ligature.state.instance-id", "local");
    }
    if (service == LocalService.APPROVAL) {
      properties.put(
          "ligature.approval.directory", settings.data().resolve(service.id()).toString());
      properties.put("ligature.approval.instance-id", "local");
      properties.put("ligature.approval.standby-replicas", "0");
    }
    properties.putAll(settings.propertiesOf(service));
    return properties;
  }

  /** Where it was, else where one expects it, else anywhere. */
  private int port(LocalService service, Set<Integer> taken) {
    List<Integer> wishes = new ArrayList<>();
    run().started(service.id()).map(Started::port).ifPresent(wishes::add);
    if (!settings.freePorts()) {
      wishes.add(service.preferredPort());
    }
    return wishes.stream()
        .filter(port -> !taken.contains(port) && KeptPorts.isFree(port))
        .findFirst()
        .orElseGet(
            () -> {
              int port = KeptPorts.freePort();
              while (taken.contains(port)) {
                port = KeptPorts.freePort();
              }
              return port;
            });
  }

  /** Ports of living processes, which may not be bound yet. */
  private Set<Integer> takenPorts() {
    Set<Integer> taken = new HashSet<>();
    for (Started started : run().processes().values()) {
      if (started.living().isPresent()) {
        taken.add(started.port());
      }
    }
    return taken;
  }

  private void awaitAllReady(Consumer<String> progress) throws InterruptedException {
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    for (LocalService service : LocalService.values()) {
      ready.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  awaitReady(service);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  throw new LocalFailure("interrupted while " + service.id() + " started", e);
                }
                progress.accept(service.id() + " is ready on " + url(service));
              },
              Thread::startVirtualThread));
    }
    try {
      ready.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      if (e.getCause() instanceof LocalFailure failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void awaitReady(LocalService service) throws InterruptedException {
    awaitReady(service.id(), "/q/health/ready");
  }

  private void awaitReady(String name, String path) throws InterruptedException {
    Started started = run().started(name).orElseThrow();
    ProcessHandle process =
        started
            .living()
            .orElseThrow(
                () -> new LocalFailure(name + " ended at once; see " + settings.log(name)));
    URI address = started.uri().resolve(path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      Launcher.await(
          name,
          process,
          () -> Launcher.answers(http, address),
          settings.patience(),
          settings.log(name));
    }
  }
}
