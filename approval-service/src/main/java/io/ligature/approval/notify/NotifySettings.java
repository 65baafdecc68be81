package io.ligature.approval.notify;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is told of what happens to reviews; {@code docs/reviews.md} explains the settings. */
@ConfigMapping(prefix = "ligature.approval.notify")
public interface NotifySettings {

  Set<String> KINDS =
      Set.of(
          "opened",
          "claimed",
          "released",
          "delegated",
          "commented",
          "voted",
          "decided",
          "reminded",
          "escalated",
          "withdrawn",
          "refused");

  /** All tries of one notification; a consumer that is silent longer loses its partitions. */
  Duration LONGEST = Duration.ofMinutes(45);

  /** Tries for each notification before it goes to the dead letters. */
  @WithDefault("5")
  int attempts();

  /** The wait before the second try; it doubles with each. */
  @WithDefault("1s")
  Duration backoff();

  /** How long one try may take. */
  @WithDefault("10s")
  Duration timeout();

  /** What is older is told to nobody: after a long downtime, or when a channel is new. */
  @WithDefault("1d")
  Duration maxAge();

  Webhook webhook();

  Mail mail();

  /** One address that everything wanted is posted to. */
  interface Webhook {

    /** None: nothing is posted. */
    Optional<URI> url();

    /** Shared secret of the signature; needed with an address. */
    Optional<String> secret();

    /** Kinds of entries of the trail that are posted. */
    @WithDefault("opened,reminded,escalated,decided,withdrawn")
    Set<String> kinds();
  }

  /** Mail to those who may decide, through {@code quarkus.mailer}. */
  interface Mail {

    /** Addresses by role; none: nothing is written. */
    Map<String, List<String>> to();

    @WithDefault("opened,reminded,escalated")
    Set<String> kinds();

    /** Address of a review's page without its id. */
    @WithDefault("http://localhost:8084/inbox/reviews/")
    String link();
  }

  /**
   * Refuses what cannot work together.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (attempts() < 1 || attempts() > 10) {
      throw new IllegalArgumentException("ligature.approval.notify.attempts: give 1 to 10");
    }
    if (!backoff().isPositive() || backoff().compareTo(Duration.ofSeconds(30)) > 0) {
      throw new IllegalArgumentException(
          "ligature.approval.notify.backoff: give more than 0, at most 30s");
    }
    if (!timeout().isPositive() || timeout().compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "ligature.approval.notify.timeout: give more than 0, at most 1m");
    }
    if (!maxAge().isPositive()) {
      throw new IllegalArgumentException("ligature.approval.notify.max-age: give more than 0");
    }
    Duration longest =
        backoff()
            .multipliedBy((1L << (attempts() - 1)) - 1)
            .plus(timeout().multipliedBy(attempts()));
    if (longest.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "ligature.approval.notify.attempts: with this backoff and timeout the tries of one"
              + " notification may take "
              + longest
              + ", more than "
              + LONGEST);
    }
    webhook().url().ifPresent(NotifySettings::checkAddress);
    if (webhook().url().isPresent() && webhook().secret().filter(s -> !s.isBlank()).isEmpty()) {
      throw new IllegalArgumentException(
          "ligature.approval.notify.webhook.secret: give one, so that the receiver can tell who"
              + " posts");
    }
    if (!mail().link().matches("https?://[^\\s]+")) {
      throw new IllegalArgumentException(
          "ligature.approval.notify.mail.link: give the http or https address of the inbox");
    }
    mail().to().forEach(NotifySettings::checkMail);
    checkKinds("webhook", webhook().kinds());
    checkKinds("mail", mail().kinds());
  }

  /** An address of the operator's choice, but one that is what it seems. */
  private static void checkAddress(URI url) {
    boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!web || url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
      throw new IllegalArgumentException(
          "ligature.approval.notify.webhook.url: give an http or https address with a host, and"
              + " without a user or a fragment");
    }
  }

  private static void checkMail(String role, List<String> addresses) {
    for (String address : addresses) {
      if (!address.matches("[^\\s@,;<>]+@[^\\s@,;<>]+")) {
        throw new IllegalArgumentException(
            "ligature.approval.notify.mail.to.\""
                + role
                + "\": '"
                + address
                + "' is no mail address");
      }
    }
  }

  private static void checkKinds(String channel, Set<String> kinds) {
    if (!KINDS.containsAll(kinds)) {
      throw new IllegalArgumentException(
          "ligature.approval.notify."
              + channel
              + ".kinds: use "
              + KINDS.stream().sorted().toList());
    }
  }
}
