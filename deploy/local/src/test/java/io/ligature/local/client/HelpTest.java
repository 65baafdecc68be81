package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class HelpTest {

  @Command(name = "ligature")
  private static final class Root {}

  @ParameterizedTest
  @MethodSource("commands")
  void tellsHowEveryCommandIsUsed(List<String> command) {
    String[] line = Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new);

    Run help = Run.alone(line);

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: ligature " + String.join(" ", command));
    assertThat(help.err()).isEmpty();
  }

  static Stream<List<String>> commands() {
    CommandLine root = new CommandLine(new Root());
    ClientCommands.addTo(root);
    return below(root, List.of());
  }

  private static Stream<List<String>> below(CommandLine command, List<String> path) {
    return command.getSubcommands().entrySet().stream()
        .flatMap(
            each -> {
              List<String> longer = Stream.concat(path.stream(), Stream.of(each.getKey())).toList();
              return Stream.concat(Stream.of(longer), below(each.getValue(), longer));
            });
  }
}
