package io.ligature.approval.notify;

import io.ligature.approval.stream.ReviewsStarted;
import io.quarkus.mailer.Mailer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Delivers notifications while the service runs, where the settings name anyone to tell. */
@ApplicationScoped
class Notifications {

  private final NotifySettings settings;
  private final Mailer mailer;
  private volatile @Nullable Notifier notifier;

  Notifications(NotifySettings settings, Mailer mailer) {
    this.settings = settings;
    this.mailer = mailer;
  }

  void check(@Observes StartupEvent event) {
    settings.check();
  }

  void start(@Observes ReviewsStarted started) {
    List<Channel> channels = channels();
    if (channels.isEmpty()) {
      return;
    }
    Deliveries deliveries =
        new Deliveries(channels, settings.attempts(), settings.backoff(), Thread::sleep);
    Notifier made =
        new Notifier(
            () -> Notifier.consumer(started.bootstrapServers(), started.topics()),
            started.producer(),
            started.topics(),
            started.codec(),
            deliveries,
            settings.maxAge(),
            Clock.systemUTC());
    notifier = made;
    made.start();
  }

  void stop(@Observes ShutdownEvent event) {
    Notifier running = notifier;
    if (running != null) {
      running.close();
    }
  }

  private List<Channel> channels() {
    List<Channel> channels = new ArrayList<>();
    NotifySettings.Webhook webhook = settings.webhook();
    if (webhook.url().isPresent()) {
      URI address = webhook.url().get();
      channels.add(
          new Webhook(
              address,
              webhook.secret().orElseThrow(),
              webhook.kinds(),
              settings.timeout(),
              Clock.systemUTC()));
    }
    NotifySettings.Mail mail = settings.mail();
    if (!mail.to().isEmpty()) {
      channels.add(new MailChannel(mailer, mail.to(), mail.kinds(), mail.link()));
    }
    return channels;
  }
}
