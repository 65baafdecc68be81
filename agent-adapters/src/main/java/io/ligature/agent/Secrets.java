package io.ligature.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks secret references up, at the time of each call and only in the executor.
 *
 * <p>A text is a reference as a whole ({@code env:NAME}, {@code file:/path}) or holds references in
 * {@code ${…}} ({@code Bearer ${env:TOKEN}}). Values appear in no message and in no log.
 */
public final class Secrets {

  private static final int MAX_FILE_BYTES = 65_536;
  private static final Pattern EMBEDDED = Pattern.compile("\\$\\{((?:env|file):[^}]*)}");
  private static final Pattern WHOLE = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:/.+");

  private final UnaryOperator<@Nullable String> environment;

  private Secrets(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /** From this process's environment and from files. */
  public static Secrets ofThisProcess() {
    return new Secrets(System::getenv);
  }

  /** From the given environment and from files. */
  public static Secrets of(UnaryOperator<@Nullable String> environment) {
    return new Secrets(environment);
  }

  /** What one call has looked up, to be kept out of its messages. */
  public static final class Redactor {

    private static final int SHORTEST = 4;

    private final List<String> values = new ArrayList<>();

    private void add(String value) {
      if (value.length() >= SHORTEST) {
        values.add(value);
      }
    }

    /** The text with every looked-up value blanked out. */
    public String redact(String text) {
      String clean = text;
      for (String value : values) {
        clean = clean.replace(value, "***");
      }
      return clean;
    }
  }

  /** True when the text is a reference or holds one, and so may stand in settings. */
  public static boolean isReference(String text) {
    return WHOLE.matcher(text).matches() || EMBEDDED.matcher(text).find();
  }

  /** The text with its references replaced; one without any is returned as it is. */
  public String resolve(String text, Redactor redactor) throws UnresolvedSecretException {
    if (WHOLE.matcher(text).matches()) {
      return lookUp(text, redactor);
    }
    Matcher matcher = EMBEDDED.matcher(text);
    StringBuilder resolved = new StringBuilder();
    int end = 0;
    while (matcher.find()) {
      resolved.append(text, end, matcher.start());
      resolved.append(lookUp(matcher.group(1), redactor));
      end = matcher.end();
    }
    return end == 0 ? text : resolved.append(text, end, text.length()).toString();
  }

  /** The same for each value of a map. */
  Map<String, String> resolveAll(Map<String, String> texts, Redactor redactor)
      throws UnresolvedSecretException {
    Map<String, String> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, String> each : texts.entrySet()) {
      resolved.put(each.getKey(), resolve(each.getValue(), redactor));
    }
    return resolved;
  }

  private String lookUp(String reference, Redactor redactor) throws UnresolvedSecretException {
    String value =
        reference.startsWith("env:")
            ? variable(reference, reference.substring("env:".length()))
            : content(reference, reference.substring("file:".length()));
    redactor.add(value);
    return value;
  }

  private String variable(String reference, String name) throws UnresolvedSecretException {
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      throw new UnresolvedSecretException(
          "secret "
              + reference
              + " is not set; set the variable in the executor's environment and start it again");
    }
    return value;
  }

  private static String content(String reference, String path) throws UnresolvedSecretException {
    try {
      Path file = Path.of(path);
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new UnresolvedSecretException(
            "secret " + reference + " has more than " + MAX_FILE_BYTES + " bytes");
      }
      String value = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (value.isEmpty()) {
        throw new UnresolvedSecretException("secret " + reference + " is an empty file");
      }
      return value;
    } catch (IOException | InvalidPathException e) {
      throw new UnresolvedSecretException(
          "secret "
              + reference
              + " cannot be read ("
              + e.getClass().getSimpleName()
              + "); the executor's user must be able to read the file");
    }
  }
}
