package io.ligature.approval.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.Mailer;
import jakarta.ws.rs.core.UriBuilder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes to those who may decide, by the addresses of their roles. */
final class MailChannel implements Channel {

  /** Ends of lines, and what turns the direction of writing. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+");

  private static final int MOST_LINE = 500;

  private final Mailer mailer;
  private final Map<String, List<String>> addresses;
  private final Set<String> kinds;
  private final String link;

  /**
   * @param addresses by role
   * @param link address of the inbox; the review's id is put behind it
   */
  MailChannel(Mailer mailer, Map<String, List<String>> addresses, Set<String> kinds, String link) {
    this.mailer = mailer;
    this.addresses = Map.copyOf(addresses);
    this.kinds = Set.copyOf(kinds);
    this.link = link;
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public boolean wants(Notification notification) {
    return kinds.contains(notification.kind()) && !recipients(notification).isEmpty();
  }

  private Set<String> recipients(Notification notification) {
    Set<String> all = new LinkedHashSet<>();
    for (JsonNode role : notification.review().path("roles")) {
      all.addAll(addresses.getOrDefault(role.asText(), List.of()));
    }
    return all;
  }

  @Override
  public void send(Notification notification) throws DeliveryException {
    Mail mail =
        new Mail()
            .setBcc(List.copyOf(recipients(notification)))
            .setSubject(subject(notification))
            .setText(text(notification))
            .addHeader("X-Ligature-Notification", oneLine(notification.id()));
    try {
      mailer.send(mail);
    } catch (RuntimeException e) {
      throw new DeliveryException("the mail server did not take it: " + e, true);
    }
  }

  private static String subject(Notification notification) {
    String what =
        switch (notification.kind()) {
          case "opened" -> "Review wanted";
          case "reminded" -> "Review still waits";
          case "escalated" -> "Review escalated to you";
          default -> "Review " + notification.kind();
        };
    return what + ": " + oneLine(notification.review().path("definition").asText());
  }

  private String text(Notification notification) {
    JsonNode review = notification.review();
    return "Task:    "
        + oneLine(review.path("task").asText())
        + "\nWhy:     "
        + oneLine(review.path("reason").asText())
        + "\nSince:   "
        + oneLine(review.path("requestedAt").asText())
        + (review.hasNonNull("expiresAt")
            ? "\nUntil:   " + oneLine(review.get("expiresAt").asText())
            : "")
        + "\nReview:  "
        + link
        + UriBuilder.fromPath("{id}").build(notification.reviewId())
        + "\n";
  }

  /** What others wrote must not add lines to a mail, least of all to its head. */
  private static String oneLine(String text) {
    String line = UNSEEN.matcher(text).replaceAll(" ");
    return line.length() <= MOST_LINE ? line : line.substring(0, MOST_LINE) + "…";
  }
}
