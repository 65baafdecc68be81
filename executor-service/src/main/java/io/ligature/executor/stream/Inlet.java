package io.ligature.executor.stream;

import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.executor.execution.FinishedAttempts.Finished;
import io.ligature.executor.stream.PartitionWork.Claim;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Hands what the follower reads to those it concerns: results and claims through the mail. */
final class Inlet implements LogFollower.Listener {

  private final Mail mail;
  private final Consumer<Exception> fatal;
  private @Nullable Desk desk;
  private @Nullable AssignmentLoop loop;

  Inlet(Mail mail, Consumer<Exception> fatal) {
    this.mail = mail;
    this.fatal = fatal;
  }

  /** Before the follower starts. */
  void connect(Desk itsDesk, AssignmentLoop itsLoop) {
    desk = itsDesk;
    loop = itsLoop;
  }

  @Override
  public void cancelled(TaskCancel cancel) {
    desk().cancel(cancel);
  }

  @Override
  public void result(
      TopicPartition inbox, ConsumerRecord<byte[], byte[]> record, TaskResult result) {
    Finished finished =
        new Finished(
            record.partition(), record.offset(), record.timestamp(), null, System.nanoTime());
    onWork(inbox, work -> desk().resultOfFormerOwner(work, result, finished));
  }

  @Override
  public void claim(
      TopicPartition inbox, ConsumerRecord<byte[], byte[]> record, TaskStarted claim) {
    Claim seen = new Claim(claim.getExecutor(), record.timestamp());
    onWork(inbox, work -> desk().claimOfFormerOwner(work, claim.getId(), seen));
  }

  @Override
  public void unreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
    desk().putAside(record, reason, () -> {});
  }

  @Override
  public void failed(RuntimeException failure) {
    fatal.accept(failure);
  }

  private void onWork(TopicPartition inbox, Consumer<PartitionWork> action) {
    mail.post(() -> Objects.requireNonNull(loop).onWork(inbox.partition(), action));
  }

  private Desk desk() {
    return Objects.requireNonNull(desk);
  }
}
