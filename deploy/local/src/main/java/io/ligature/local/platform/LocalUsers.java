package io.ligature.local.platform;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The users of a local deployment. Their passwords are drawn at the first start and kept in a file
 * that only its owner may read; the services read the same file.
 */
public final class LocalUsers {

  private static final String USERS = "quarkus.security.users.embedded.users.";
  private static final String ROLES = "quarkus.security.users.embedded.roles.";
  private static final int PASSWORD_BYTES = 16;

  private static final Map<String, List<String>> SHIPPED =
      Map.of(
          "operator", List.of("operator", "starter", "viewer", "admin"),
          "starter", List.of("starter", "viewer"),
          "viewer", List.of("viewer"),
          "rita", List.of("reviewer", "editor", "viewer"),
          "leo", List.of("reviewer", "legal", "viewer"),
          "auditor", List.of("auditor", "sensitive"));

  private final Path file;
  private final Map<String, String> passwords;

  private LocalUsers(Path file, Map<String, String> passwords) {
    this.file = file;
    this.passwords = passwords;
  }

  /** Makes the file when it is missing. */
  static LocalUsers ensure(Path file) throws IOException {
    if (!Files.exists(file)) {
      write(file);
    }
    return read(file).orElseThrow();
  }

  static Optional<LocalUsers> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties kept = new Properties();
    try (var in = Files.newInputStream(file)) {
      kept.load(in);
    }
    Map<String, String> passwords = new TreeMap<>();
    for (String key : kept.stringPropertyNames()) {
      if (key.startsWith(USERS)) {
        passwords.put(key.substring(USERS.length()), kept.getProperty(key));
      }
    }
    return Optional.of(new LocalUsers(file, Map.copyOf(passwords)));
  }

  /** By user name. */
  public Map<String, String> passwords() {
    return passwords;
  }

  public String password(String user) {
    String password = passwords.get(user);
    if (password == null) {
      throw new LocalFailure(
          "there is no user '" + user + "'; known are " + new TreeMap<>(passwords).keySet());
    }
    return password;
  }

  public Path file() {
    return file;
  }

  private static void write(Path file) throws IOException {
    SecureRandom random = new SecureRandom();
    StringBuilder text =
        new StringBuilder("# Local users, made at the first start. Keep it to yourself.\n");
    for (Map.Entry<String, List<String>> user : new TreeMap<>(SHIPPED).entrySet()) {
      byte[] password = new byte[PASSWORD_BYTES];
      random.nextBytes(password);
      text.append(USERS)
          .append(user.getKey())
          .append('=')
          .append(HexFormat.of().formatHex(password))
          .append('\n')
          .append(ROLES)
          .append(user.getKey())
          .append('=')
          .append(String.join(",", user.getValue()))
          .append('\n');
    }
    // Whole or not at all: a file that a kill cut short would lock users out.
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft, ownerOnly());
    Files.writeString(draft, text);
    Files.move(draft, file);
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
