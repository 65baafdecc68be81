package io.ligature.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers agents from what they say of themselves. */
@Command(
    name = "import",
    description = {
      "Registers the agent that an A2A agent card describes, or with --mcp each tool of an MCP",
      "server over Streamable HTTP."
    })
final class ImportCommand implements Callable<Integer> {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  @Mixin private final Session session = new Session();

  @Parameters(
      paramLabel = "URL",
      description = "The card, the host it stands on, or the MCP server.")
  private URI url = URI.create("");

  @Option(names = "--mcp", description = "The URL is an MCP server.")
  private boolean mcp;

  @Option(
      names = "--prefix",
      defaultValue = "",
      description = "Put before each id and each capability.")
  private String prefix = "";

  @Option(
      names = "--capability",
      paramLabel = "SKILL=NAME",
      description = "Name of the capability that a skill or a tool is; the others keep theirs.")
  private Map<String, String> capabilities = new LinkedHashMap<>();

  @Option(
      names = "--header",
      paramLabel = "NAME=REFERENCE",
      description = {
        "Header for each request. Give secrets as references, which are looked up here for this",
        "command and in the executor for each call: 'Authorization=Bearer $${env:TOKEN}'."
      })
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(
      names = "--per-call",
      paramLabel = "AMOUNT",
      description = "What a call costs. Without it the price is unknown.")
  private @Nullable BigDecimal perCall;

  @Option(
      names = "--allow-unknown-price",
      description = "Let tasks go there although the price is unknown.")
  private boolean allowUnknownPrice;

  @Option(names = "--dry-run", description = "Print the registrations as YAML, register nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    ImportNames names = new ImportNames(prefix, capabilities);
    RemoteJson remote = new RemoteJson(headers);
    List<ObjectNode> agents =
        mcp
            ? McpTools.of(url, remote).registrations(names, headers)
            : List.of(AgentCard.at(url, remote).registration(names, headers));
    names.refuseUnused();
    for (ObjectNode agent : agents) {
      price(agent);
      if (dryRun) {
        session.print("---\n" + yaml(agent));
      } else {
        String id = agent.path("id").asText();
        session.print(
            "registered " + AgentCommands.register(session.router(), agent.toString(), id));
      }
    }
    if (perCall == null && !allowUnknownPrice && !dryRun) {
      session.print(
          "Their price is unknown, so nothing is sent there; import again with --per-call or"
              + " --allow-unknown-price");
    }
    return ExitCodes.OK;
  }

  private void price(ObjectNode agent) {
    ObjectNode price = agent.putObject("price");
    if (perCall != null) {
      price.put("perCall", perCall.toPlainString());
    }
    if (allowUnknownPrice) {
      agent.put("allowUnknownPrice", true);
    }
  }

  private static String yaml(ObjectNode agent) {
    try {
      return YAML.writeValueAsString(agent);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always writable", e);
    }
  }
}
