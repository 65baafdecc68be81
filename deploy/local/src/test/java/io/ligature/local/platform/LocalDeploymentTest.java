package io.ligature.local.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.embedded.ProcessIdentity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the real broker and registry; the services are fakes that are ready at once. */
class LocalDeploymentTest {

  @TempDir Path folder;
  private LocalSettings settings;
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void makeHome() throws Exception {
    Path home = FakeHome.make(folder.resolve("home"));
    settings =
        new LocalSettings(home, folder.resolve("data"), true, 2, Duration.ofSeconds(30), Map.of());
  }

  @AfterEach
  void stop() {
    LocalDeployment.find(settings.data()).ifPresent(LocalDeployment::down);
    LocalDeployment.endLeftover(settings.data());
  }

  @Test
  void startsEverythingOnceAndStopsIt() throws Exception {
    LocalDeployment first = LocalDeployment.up(settings, said::add);
    Map<String, Long> pids = first.pids();
    LocalDeployment second = LocalDeployment.up(settings, said::add);

    assertThat(pids)
        .containsOnlyKeys(
            "platform", "state-service", "router-service", "executor-service", "approval-service");
    assertThat(second.pids()).isEqualTo(pids);
    assertThat(LocalDeployment.find(settings.data()).orElseThrow().pids()).isEqualTo(pids);
    assertThatThrownBy(() -> LocalDeployment.wipe(settings.data()))
        .isInstanceOf(LocalFailure.class)
        .hasMessageContaining("still runs");

    second.down();

    assertThat(LocalDeployment.find(settings.data())).isEmpty();
    assertThat(pids.values())
        .noneMatch(pid -> ProcessHandle.of(pid).filter(ProcessIdentity::isAlive).isPresent());
    LocalDeployment.wipe(settings.data());
    assertThat(settings.data()).doesNotExist();
  }

  @Test
  void recoversFromKillsWhereItWas() throws Exception {
    LocalDeployment deployment = LocalDeployment.up(settings, said::add);
    Map<String, Long> before = deployment.pids();
    URI state = deployment.url(LocalService.STATE);
    String broker = deployment.bootstrapServers();
    URI registry = deployment.registryUrl();
    String password = deployment.users().password("rita");

    deployment.kill(LocalService.STATE);
    deployment.killPlatform();
    LocalDeployment again = LocalDeployment.up(settings, said::add);

    assertThat(again.url(LocalService.STATE)).isEqualTo(state);
    assertThat(again.bootstrapServers()).isEqualTo(broker);
    assertThat(again.registryUrl()).isEqualTo(registry);
    assertThat(again.users().password("rita")).isEqualTo(password);
    assertThat(again.pids().get("router-service")).isEqualTo(before.get("router-service"));
    assertThat(again.pids().get("state-service")).isNotEqualTo(before.get("state-service"));
  }

  @Test
  void givesServicesTheirSettings() throws Exception {
    LocalDeployment deployment =
        LocalDeployment.up(
            settings.with(LocalService.ROUTER, Map.of("ligature.dispatch.mode", "conservative")),
            said::add);

    assertThat(setting(deployment, LocalService.ROUTER, "ligature.dispatch.mode"))
        .isEqualTo("conservative");
    assertThat(setting(deployment, LocalService.STATE, "ligature.dispatch.mode")).isEmpty();
    assertThat(setting(deployment, LocalService.STATE, "kafka.bootstrap.servers"))
        .isEqualTo(deployment.bootstrapServers());
    assertThat(setting(deployment, LocalService.EXECUTOR, "ligature.registry.url"))
        .isEqualTo(deployment.registryUrl().toString());
    assertThat(setting(deployment, LocalService.APPROVAL, "quarkus.http.host"))
        .isEqualTo("127.0.0.1");
  }

  @Test
  void showsTheEndOfTheLogOfAServiceThatDoesNotStart() {
    assertThatThrownBy(
            () ->
                LocalDeployment.up(
                    settings.with(LocalService.EXECUTOR, Map.of("fake.broken", "true")), said::add))
        .isInstanceOf(LocalFailure.class)
        .hasMessageContaining("executor-service")
        .hasMessageContaining("executor-service.log");
  }

  @Test
  void saysThatAServiceIsNotBuilt() throws Exception {
    Files.delete(LocalService.APPROVAL.jar(settings.home()));

    assertThatThrownBy(() -> LocalDeployment.up(settings, said::add))
        .isInstanceOf(LocalFailure.class)
        .hasMessage("approval-service is not built; run ./ligature build");
  }

  @Test
  void leavesAFolderAloneThatIsNotItsOwn() throws Exception {
    Path other = Files.createDirectories(folder.resolve("precious"));
    Files.writeString(other.resolve("letter"), "dear");

    assertThatThrownBy(() -> LocalDeployment.wipe(other)).isInstanceOf(LocalFailure.class);
    assertThat(other.resolve("letter")).exists();
  }

  @Test
  void keepsPasswordsFromOthersAndOverRestarts() throws Exception {
    Path file = folder.resolve("users.properties");

    LocalUsers made = LocalUsers.ensure(file);
    LocalUsers kept = LocalUsers.ensure(file);

    assertThat(kept.passwords()).isEqualTo(made.passwords());
    assertThat(made.passwords()).containsKeys("operator", "starter", "viewer", "rita", "leo");
    assertThat(made.passwords().values()).doesNotHaveDuplicates();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  private static String setting(LocalDeployment deployment, LocalService service, String name)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(deployment.url(service).resolve("/setting/" + name)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
