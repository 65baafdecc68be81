package io.ligature.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformMainTest {

  @TempDir Path data;
  private Process platform;

  @AfterEach
  void stop() {
    if (platform != null) {
      PidFile.end(platform.toHandle());
    }
    Platform.endLeftover(data);
  }

  @Test
  void comesBackAfterAKillWithItsDataAndItsAddresses() throws Exception {
    PlatformMain.Addresses before = start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", before.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic("kept", Optional.of(3), Optional.empty())))
          .all()
          .get();
    }
    ProcessHandle orphan = registry();

    platform.destroyForcibly().waitFor();
    PlatformMain.Addresses after = start();

    assertThat(after).isEqualTo(before);
    assertThat(orphan.isAlive()).isFalse();
    assertThat(registry().isAlive()).isTrue();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", after.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get()).contains("kept", "ligature.inbox");
    }
  }

  @Test
  void takesTheRegistryWithItWhenItIsStopped() throws Exception {
    start();
    ProcessHandle registry = registry();

    platform.destroy();
    platform.waitFor();

    await().atMost(Duration.ofSeconds(10)).until(() -> !registry.isAlive());
  }

  @Test
  void startsARegistryThatDiedAgain() throws Exception {
    PlatformMain.Addresses addresses = start();
    ProcessHandle first = registry();

    first.destroyForcibly();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                new PidFile(pidFile())
                    .living()
                    .filter(now -> now.pid() != first.pid())
                    .isPresent());
    assertThat(PlatformMain.addresses(data)).contains(addresses);
  }

  private Path pidFile() {
    return Platform.registryData(data).resolve("registry.pid");
  }

  private ProcessHandle registry() throws Exception {
    return new PidFile(pidFile()).living().orElseThrow();
  }

  private PlatformMain.Addresses start() throws Exception {
    PlatformMain.forget(data);
    platform =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PlatformMain.class.getName(),
                data.toString(),
                Path.of("target/registry").toAbsolutePath().toString(),
                "ligature",
                "2")
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("platform.log").toFile())
            .start();
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> PlatformMain.addresses(data).isPresent() || !platform.isAlive());
    assertThat(platform.isAlive()).as(() -> "platform is up; its log: " + log()).isTrue();
    return PlatformMain.addresses(data).orElseThrow();
  }

  private String log() {
    try {
      return Files.readString(data.resolve("platform.log"));
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
