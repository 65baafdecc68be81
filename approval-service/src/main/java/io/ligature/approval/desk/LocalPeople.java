package io.ligature.approval.desk;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** The users of the settings; where they come from elsewhere, nothing is known before they come. */
@DefaultBean
@ApplicationScoped
class LocalPeople implements People {

  private static final String ROLES = "quarkus.security.users.embedded.roles.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@-]{1,100}");

  private final Config config;

  LocalPeople(Config config) {
    this.config = config;
  }

  @Override
  public @Nullable List<String> rolesOf(String who) {
    boolean local = false;
    for (String key : config.getPropertyNames()) {
      local |= key.startsWith(ROLES);
    }
    if (!local) {
      return null;
    }
    if (!NAME.matcher(who).matches()) {
      return List.of();
    }
    return config
        .getOptionalValue(ROLES + who, String.class)
        .map(roles -> Arrays.stream(roles.split(",")).map(String::strip).toList())
        .orElse(List.of());
  }
}
