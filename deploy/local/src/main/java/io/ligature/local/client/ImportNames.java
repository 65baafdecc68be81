package io.ligature.local.client;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes ids and names of capabilities out of what agents call themselves and their skills. */
final class ImportNames {

  private static final int LONGEST = 128;
  private static final int LONGEST_VERSION = 64;

  private final String prefix;
  private final Map<String, String> capabilities;
  private final Set<String> unused;

  /**
   * @param capabilities names by skill, as the user wants them
   */
  ImportNames(String prefix, Map<String, String> capabilities) {
    this.prefix = prefix;
    this.capabilities = capabilities;
    this.unused = new TreeSet<>(capabilities.keySet());
  }

  String id(String name) {
    return prefixed(name);
  }

  String capability(String skill) {
    String wanted = capabilities.get(skill);
    unused.remove(skill);
    return wanted == null ? prefixed(skill) : wanted;
  }

  /** A name for a skill that is not there is most likely a slip. */
  void refuseUnused() {
    if (!unused.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.USAGE, "--capability: there is no skill or tool " + String.join(", ", unused));
    }
  }

  static String version(String told) {
    String version = told.strip().replaceAll("\\s+", "-");
    return version.isEmpty() ? "1" : shortened(version, LONGEST_VERSION);
  }

  private String prefixed(String name) {
    String plain =
        name.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    if (plain.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.FAILED, "'" + name + "' has no letter or digit that an id can be made of");
    }
    return shortened(prefix + plain, LONGEST);
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
