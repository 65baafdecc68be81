package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Finds the running local deployment in its data folder. */
final class RunningEndpoints {

  private static final String USERS = "quarkus.security.users.embedded.users.";

  private RunningEndpoints() {}

  static Endpoints of(Path data) {
    Path runFile = data.resolve("run.json");
    if (!Files.exists(runFile)) {
      throw new CommandFailure(
          ExitCodes.USAGE,
          "nothing is running with its data in " + data + "; ./ligature up starts it");
    }
    JsonNode run = Session.jsonArgument(runFile.toString(), "@" + runFile);
    return new Endpoints(
        service(run, "state"),
        service(run, "router"),
        service(run, "approval"),
        run.path("bootstrapServers").asText(),
        URI.create(run.path("registryUrl").asText()),
        passwords(data.resolve("users.properties")));
  }

  private static URI service(JsonNode run, String name) {
    return URI.create(run.path("services").path(name).path("url").asText());
  }

  private static Map<String, String> passwords(Path file) {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    Map<String, String> passwords = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(
            name -> {
              if (name.startsWith(USERS)) {
                passwords.put(name.substring(USERS.length()), properties.getProperty(name));
              }
            });
    return passwords;
  }
}
