package io.ligature.approval.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.Mailer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailChannelTest {

  private final List<Mail> sent = new ArrayList<>();
  private final Mailer mailer = mails -> sent.addAll(List.of(mails));
  private final MailChannel channel = channel(mailer);

  private static MailChannel channel(Mailer mailer) {
    return new MailChannel(
        mailer,
        Map.of(
            "editor", List.of("a@example.com", "b@example.com"), "chief", List.of("c@example.com")),
        Set.of("opened", "escalated"),
        "http://localhost/inbox/");
  }

  @Test
  void writesToAllWhoMayDecideWithoutShowingThemToOneAnother() throws Exception {
    channel.send(notification("opened", "checked by law", "editor", "chief"));

    assertThat(sent)
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getTo()).isEmpty();
              assertThat(mail.getBcc())
                  .containsExactly("a@example.com", "b@example.com", "c@example.com");
              assertThat(mail.getSubject()).isEqualTo("Review wanted: offers");
              assertThat(mail.getText())
                  .contains("Why:     checked by law\n")
                  .contains("Review:  http://localhost/inbox/w1:gate%5B7%5D:1\n");
            });
  }

  @Test
  void wantsWhatSomebodyIsThereFor() {
    assertThat(channel.wants(notification("opened", "", "editor"))).isTrue();
    assertThat(channel.wants(notification("voted", "", "editor"))).isFalse();
    assertThat(channel.wants(notification("opened", "", "legal"))).isFalse();
  }

  @Test
  void letsNoTextAddLines() throws Exception {
    channel.send(notification("opened", "x\r\nBcc: all@example.com", "editor"));

    assertThat(sent.getFirst().getText()).contains("Why:     x Bcc: all@example.com\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029", "\u202e", "\0"})
  void letsNoSignEndALineOrTurnIt(String sign) throws Exception {
    channel.send(notification("opened", "x" + sign + "y", "editor"));

    assertThat(sent.getFirst().getText()).contains("Why:     x y\n");
  }

  @Test
  void keepsItsHeadFreeOfWhatOthersWrote() throws Exception {
    ObjectNode review =
        JsonNodeFactory.instance.objectNode().put("definition", "o\r\nBcc: all@example.com");
    review.putArray("roles").add("editor");

    channel.send(
        new Notification("w1:a\r\nX: y/1", "opened", "w1:gate:1", "w1", Instant.EPOCH, review));

    assertThat(sent.getFirst().getSubject()).isEqualTo("Review wanted: o Bcc: all@example.com");
    assertThat(sent.getFirst().getHeaders().get("X-Ligature-Notification"))
        .containsExactly("w1:a X: y/1");
  }

  @Test
  void cutsLinesThatAreTooLong() throws Exception {
    channel.send(notification("opened", "x".repeat(501), "editor"));

    assertThat(sent.getFirst().getText()).contains("Why:     " + "x".repeat(500) + "…\n");
  }

  @Test
  void isWorthAnotherTryWhenTheServerTakesNothing() {
    MailChannel broken =
        channel(
            mails -> {
              throw new IllegalStateException("down");
            });

    assertThatThrownBy(() -> broken.send(notification("opened", "", "editor")))
        .isInstanceOfSatisfying(
            DeliveryException.class, e -> assertThat(e.isWorthAnotherTry()).isTrue());
  }

  private static Notification notification(String kind, String reason, String... roles) {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("definition", "offers")
            .put("task", "gate")
            .put("reason", reason)
            .put("requestedAt", "2026-03-01T09:00:00Z");
    for (String role : roles) {
      review.withArray("roles").add(role);
    }
    return new Notification("w1:gate[7]:1/1", kind, "w1:gate[7]:1", "w1", Instant.EPOCH, review);
  }
}
