package io.ligature.example;

import io.ligature.example.Protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts the agents: {@code serve} puts all of them on a port (without documents those that read
 * none), {@code run} has one of them answer the request on standard input.
 */
public final class AgentsMain {

  private static final String USAGE =
      """
      usage: AgentsMain serve [--documents DIR] [--port N] [--delay PT0.5S] [--log FILE]
             AgentsMain run AGENT [--documents DIR] [--delay PT0.5S] [--log FILE]
      agents: %s
      """
          .formatted(String.join(" ", Agents.ids()));

  /** The request is at most this large, as on the server. */
  private static final int MOST_REQUEST = AgentServer.MOST_REQUEST;

  private AgentsMain() {}

  /** Exits with 0 when done, 2 when it was called wrongly, 1 when something else is wrong. */
  public static void main(String[] args) throws InterruptedException {
    int code = run(args, System.in, System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
    if (args[0].equals("serve")) {
      Thread.currentThread().join();
    }
  }

  static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    try {
      return switch (args.length == 0 ? "" : args[0]) {
        case "serve" -> serve(Options.parse(Arrays.asList(args).subList(1, args.length)), out);
        case "run" -> answer(args, in, out);
        default -> throw new IllegalArgumentException("say 'serve' or 'run'");
      };
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(USAGE);
      return 2;
    } catch (IOException e) {
      err.println(e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static int serve(Options options, PrintStream out) throws IOException {
    List<Agent> agents = Agents.all(options.load());
    AgentServer server =
        AgentServer.start(options.port(), agents, new CallLog(options.log()), options.delay());
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    out.println("agents listen on " + server.url());
    out.flush();
    return 0;
  }

  private static int answer(String[] args, InputStream in, PrintStream out)
      throws IOException, InterruptedException {
    if (args.length < 2) {
      throw new IllegalArgumentException("say which agent is to run");
    }
    Options options = Options.parse(Arrays.asList(args).subList(2, args.length));
    Agent agent = Agents.make(args[1], options.load());
    byte[] request = in.readNBytes(MOST_REQUEST + 1);
    Thread.sleep(options.delay());
    Reply reply =
        request.length > MOST_REQUEST
            ? Protocol.failure(413, "context_overflow", "over " + MOST_REQUEST + " bytes of input")
            : Protocol.reply(agent, request);
    new CallLog(options.log()).called(agent.id(), Protocol.requestId(request), reply.status());
    out.println(reply.body());
    out.flush();
    return 0;
  }

  /** What stands behind {@code --} on the command line. */
  private record Options(@Nullable Path documents, int port, Duration delay, @Nullable Path log) {

    private static final Set<String> NAMES = Set.of("--documents", "--port", "--delay", "--log");

    static Options parse(List<String> args) {
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < args.size(); i += 2) {
        String name = args.get(i);
        if (!NAMES.contains(name) || i + 1 == args.size()) {
          throw new IllegalArgumentException(
              NAMES.contains(name) ? name + " needs a value" : "unknown option " + name);
        }
        values.put(name, args.get(i + 1));
      }
      String documents = values.get("--documents");
      String log = values.get("--log");
      return new Options(
          documents == null ? null : Path.of(documents),
          port(values.getOrDefault("--port", "0")),
          duration(values.getOrDefault("--delay", "PT0S")),
          log == null ? null : Path.of(log));
    }

    /** Null when no folder is named: then only agents that read no documents can be made. */
    @Nullable Documents load() throws IOException {
      return documents == null ? null : Documents.load(documents);
    }

    private static int port(String text) {
      try {
        int port = Integer.parseInt(text);
        if (port >= 0 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // Told below, with the range.
      }
      throw new IllegalArgumentException("--port must be a number from 0 to 65535");
    }

    private static Duration duration(String text) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("--delay must be a duration such as PT0.5S", e);
      }
    }
  }
}
