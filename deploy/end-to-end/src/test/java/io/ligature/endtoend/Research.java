package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The research example in a scene: its agents as a process, its definition, its input. */
final class Research {

  static final String DEFINITION = "research-report";

  private final Path example;
  private final Path log;

  private Research(Path example, Path log) {
    this.example = example;
    this.log = log;
  }

  static Research in(Scene scene) throws InterruptedException {
    Path target = scene.home().resolve("examples/agents/target");
    String classPath = target.resolve("agents.jar") + ":" + target.resolve("lib") + "/*";
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Research research =
        new Research(
            scene.home().resolve("examples/research"), scene.data().resolve("agents-work.log"));
    URI agents =
        scene
            .deployment()
            .companion(
                "example-agents",
                port -> research.serve(java, classPath, Integer.toString(port)),
                "/health");
    for (Path file : research.agentFiles()) {
      scene.register(
          file.getFileName().toString().replace(".yaml", ""),
          read(file)
              .replace("${AGENTS_URL}", agents.toString().replaceAll("/$", ""))
              .replace("${AGENTS_CLASSPATH}", classPath)
              .replace("${JAVA}", java)
              .replace("${EXAMPLE_DIR}", research.example.toString()));
    }
    scene.define(DEFINITION, read(research.example.resolve("workflow.yaml")));
    return research;
  }

  /** Each piece of work that the agents' server really did: {@code AGENT KEY STATUS}. */
  List<String> work() {
    return Files.exists(log) ? read(log).lines().toList() : List.of();
  }

  JsonNode input() {
    try {
      return Payloads.JSON.readTree(read(example.resolve("input.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> serve(String java, String classPath, String port) {
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "-cp",
        classPath,
        "io.ligature.example.AgentsMain",
        "serve",
        "--documents",
        example.resolve("documents").toString(),
        "--port",
        port,
        "--log",
        log.toString());
  }

  private List<Path> agentFiles() {
    try (Stream<Path> files = Files.list(example.resolve("agents"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
