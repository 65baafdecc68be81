package io.ligature.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads registrations of agents from YAML, several documents a file. */
final class AgentFiles {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private AgentFiles() {}

  /**
   * One document.
   *
   * @param place file, and the number of the document where there are several
   * @param agent without its id; null: it is refused
   * @param problem why; null: it is not
   */
  record Document(
      String place, @Nullable String id, @Nullable ObjectNode agent, @Nullable String problem) {}

  /** The YAML files of folders, by name, and the files themselves. */
  static List<Path> files(List<Path> given) {
    List<Path> files = new ArrayList<>();
    for (Path each : given) {
      if (Files.isDirectory(each)) {
        try (Stream<Path> inside = Files.list(each)) {
          inside.filter(AgentFiles::isYaml).sorted().forEach(files::add);
        } catch (IOException e) {
          throw new CommandFailure(ExitCodes.USAGE, "cannot read " + each, e);
        }
      } else {
        files.add(each);
      }
    }
    return files;
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
  }

  static List<Document> documents(Path file) {
    return documents(Session.file(file), file.toString());
  }

  static List<Document> documents(String yaml, String name) {
    List<JsonNode> nodes = new ArrayList<>();
    try (MappingIterator<JsonNode> read = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      while (read.hasNextValue()) {
        JsonNode node = read.nextValue();
        if (!node.isMissingNode() && !node.isNull()) {
          nodes.add(node);
        }
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      return List.of(
          new Document(
              name, null, null, " is not YAML: line " + line + ": " + e.getOriginalMessage()));
    } catch (IOException e) {
      return List.of(new Document(name, null, null, " is not YAML: " + e.getMessage()));
    }
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      documents.add(document(nodes.get(i), nodes.size() == 1 ? name : name + "#" + (i + 1)));
    }
    return documents;
  }

  private static Document document(JsonNode node, String place) {
    if (!(node instanceof ObjectNode agent) || !agent.hasNonNull("id")) {
      return new Document(place, null, null, " has no field 'id'; add one");
    }
    return new Document(place, agent.remove("id").asText(), agent, null);
  }
}
