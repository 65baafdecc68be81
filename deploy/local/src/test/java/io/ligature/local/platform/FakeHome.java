package io.ligature.local.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A project folder with fake services and the real registry. */
final class FakeHome {

  private FakeHome() {}

  static Path make(Path folder) throws Exception {
    Path classes =
        Path.of(FakeService.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    for (LocalService service : LocalService.values()) {
      jar(service.jar(folder), classes);
    }
    Path registry = Path.of("../embedded/target/registry").toAbsolutePath().normalize();
    Path target = Files.createDirectories(folder.resolve("deploy/embedded/target"));
    Files.createSymbolicLink(target.resolve("registry"), registry);
    return folder;
  }

  private static void jar(Path file, Path classes) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classes.toUri().toString());
    Files.createDirectories(file.getParent());
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
  }
}
