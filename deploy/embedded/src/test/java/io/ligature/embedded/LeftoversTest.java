package io.ligature.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves in its folder, read by the next one. */
class LeftoversTest {

  @TempDir Path folder;

  @Test
  void drawsPortsThatNoOutgoingConnectionIsGiven() throws Exception {
    KeptPorts ports = KeptPorts.of(folder.resolve("ports"), "one", "other");

    assertThat(ports.port("one")).isBetween(15_000, 32_767).isNotEqualTo(ports.port("other"));
    assertThat(KeptPorts.freePort()).isBetween(15_000, 32_767);
  }

  @Test
  void keepsPortsWhileTheyAreFree() throws Exception {
    Path file = folder.resolve("ports");
    KeptPorts first = KeptPorts.of(file, "one", "other");

    KeptPorts second = KeptPorts.of(file, "one", "other");

    assertThat(second.port("one")).isEqualTo(first.port("one"));
    assertThat(second.port("other")).isEqualTo(first.port("other")).isNotEqualTo(first.port("one"));
  }

  @Test
  void takesOtherPortsWhenSomeoneElseHasOne() throws Exception {
    Path file = folder.resolve("ports");
    int taken = KeptPorts.of(file, "one").port("one");

    try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
      assertThat(KeptPorts.of(file, "one").port("one")).isNotEqualTo(other.getLocalPort());
    }
  }

  @Test
  void takesNewPortsWhenTheFileWasCutShort() throws Exception {
    Path file = folder.resolve("ports");
    Files.writeString(file, "one=");

    assertThat(KeptPorts.of(file, "one").port("one")).isPositive();
  }

  @Test
  void knowsAProcessByItsStartAndNotOnlyByItsPid() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
    ProcessIdentity earlier =
        new ProcessIdentity(self.pid(), self.startedAt().minus(Duration.ofMinutes(1)));

    assertThat(self.living()).contains(ProcessHandle.current());
    assertThat(earlier.living()).isEmpty();
  }

  @Test
  void readsAPidFileThatWasCutShortAsNone() throws Exception {
    Path file = folder.resolve("pid");
    Files.writeString(file, ProcessHandle.current().pid() + " 2026-01");

    assertThat(new PidFile(file).living()).isEmpty();
  }
}
