package io.ligature.example.wfcommons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ConvertCommandTest {

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws Exception {
    Files.writeString(folder.resolve("sound.json"), Instances.SEARCH);
    Files.writeString(folder.resolve("cycle.json"), Instances.of("{'id':'a','parents':['a']}"));
    Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xe9, '"'});
  }

  @Test
  void printsTheDefinitionAndItsSizeBesideIt() {
    assertThat(run("sound.json")).isZero();

    assertThat(out.toString())
        .startsWith("{\"name\":\"search-small\",\"tasks\":{\n\"split_ID01\":");
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "search-small: tasks 4, bytes %d".formatted(out.toString().length()));
  }

  @Test
  void writesItUnderTheNameThatIsAskedFor() throws Exception {
    Path definition = folder.resolve("definition.json");

    assertThat(
            run("sound.json", "--name", "mine", "--time-scale", "1", "-o", definition.toString()))
        .isZero();

    assertThat(out.toString()).isEmpty();
    assertThat(Files.readString(definition)).startsWith("{\"name\":\"mine\",").contains("60.05");
  }

  @Test
  void convertsWhatItMadeUpItselfToTheSame() throws Exception {
    Path instance = folder.resolve("random.json");
    execute("--random", "50", "--seed", "9");
    String direct = out.toString();
    execute("--random", "50", "--seed", "9", "--instance-only", "-o", instance.toString());
    out.getBuffer().setLength(0);

    assertThat(run("random.json")).isZero();

    assertThat(out.toString()).isEqualTo(direct).contains("\"name\":\"random-50-9\"");
  }

  @Test
  void tellsHowManyTasksHaveNoRuntime() throws Exception {
    Files.writeString(folder.resolve("bare.json"), Instances.of("{'id':'a'},{'id':'b'}"));

    assertThat(run("bare.json")).isZero();

    assertThat(err.toString()).contains("x: tasks 2, ").contains(", without a recorded runtime 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cycle.json | 1 | cycle.json: the tasks form a cycle: a -> a",
        "nowhere.json | 1 | cannot read or write java.nio.file.NoSuchFileException",
        "latin.json | 1 | cannot read or write java.nio.charset.MalformedInputException",
        "sound.json --time-scale 10 | 1 | task 'search_ID02' would take 600.496 s, more than 240",
        "sound.json --time-scale -1 | 2 | the time scale -1 is negative",
        "sound.json --time-scale slow | 2 | Invalid value for option '--time-scale'",
        "sound.json --name 1st | 2 | '1st' cannot be a definition's name",
        "sound.json --random 5 | 2 | give a FILE, or --random TASKS",
        "sound.json --instance-only | 2 | --instance-only goes with --random",
        "sound.json -o /nowhere/at/all | 1 | cannot read or write java.nio.file.NoSuchFileException: /nowhere/at/all",
      })
  void saysWhyItCannot(String line, int code, String message) {
    assertThat(run(line.split(" "))).isEqualTo(code);

    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void wantsSomethingToConvert() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString()).startsWith("give a FILE, or --random TASKS");
  }

  @Test
  void refusesToMakeUpNothing() {
    assertThat(execute("--random", "0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("--random: an instance has 1 to 1000000 tasks");
  }

  /** The first argument is a file of the folder. */
  private int run(String... arguments) {
    String[] all = arguments.clone();
    all[0] = folder.resolve(all[0]).toString();
    return execute(all);
  }

  private int execute(String... arguments) {
    return new CommandLine(new ConvertCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
