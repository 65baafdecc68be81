package io.ligature.approval.notify;

import io.ligature.approval.stream.ReviewsStarted;
import io.ligature.approval.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.mailer.Mailer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Delivers notifications while the service runs, where the settings name anyone to tell. */
@ApplicationScoped
class Notifications {

  private final NotifySettings settings;
  private final Mailer mailer;
  private final MeterRegistry meters;
  private final Tracing tracing;
  private final List<Notifier> notifiers = new CopyOnWriteArrayList<>();

  Notifications(NotifySettings settings, Mailer mailer, MeterRegistry meters, Tracing tracing) {
    this.settings = settings;
    this.mailer = mailer;
    this.meters = meters;
    this.tracing = tracing;
  }

  void check(@Observes StartupEvent event) {
    settings.check();
  }

  void start(@Observes ReviewsStarted started) {
    for (Channel channel : channels()) {
      Notifier notifier =
          new Notifier(
              () -> Notifier.consumer(started.bootstrapServers(), started.topics(), channel.name()),
              started.producer(),
              started.topics(),
              started.codec(),
              new Deliveries(
                  channel, settings.attempts(), settings.backoff(), Thread::sleep, meters, tracing),
              settings.maxAge(),
              Clock.systemUTC());
      notifiers.add(notifier);
      notifier.start();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    notifiers.forEach(Notifier::close);
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
