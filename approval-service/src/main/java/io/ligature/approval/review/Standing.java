package io.ligature.approval.review;

import io.ligature.avro.Decision;
import io.ligature.avro.Payload;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the trail of a review comes to.
 *
 * @param entries of the trail
 * @param version counts what changed the review: all entries but refusals
 * @param hold who has it; null: nobody. It may be over
 * @param votes that count, oldest first
 * @param edited what the votes are about; null: what the workflow showed
 * @param diff from what was shown to that; null: no edit
 * @param reminders that went out
 * @param escalations that took place: further roles that may decide
 * @param refusals in the trail
 * @param actors who did something
 * @param commands that took effect, by their ids
 */
public record Standing(
    long entries,
    long version,
    @Nullable Hold hold,
    List<Vote> votes,
    @Nullable Payload edited,
    @Nullable String diff,
    int reminders,
    List<String> escalations,
    int refusals,
    Set<String> actors,
    Map<String, Asked> commands) {

  public static final Standing NONE =
      new Standing(0, 0, null, List.of(), null, null, 0, List.of(), 0, Set.of(), Map.of());

  /**
   * Who has the review.
   *
   * @param from who handed it over; null: they took it
   * @param depth how often it was handed on
   */
  public record Hold(String who, Instant until, @Nullable String from, int depth) {}

  /** What one person wants to come of it. */
  public record Vote(String who, String role, Decision decision, String reason, Instant at) {

    boolean approves() {
      return decision == Decision.approve || decision == Decision.edit_and_approve;
    }
  }

  /**
   * What a command asked for, to tell it from another one under the same id.
   *
   * @param digest of what it was about
   */
  public record Asked(String who, String what, String digest) {

    static Asked of(String who, String what, String said, @Nullable Payload output) {
      String content =
          output == null ? said : said + "\n" + Payloads.sha256(Payloads.bytes(output));
      return new Asked(who, what, Payloads.sha256(content.getBytes(StandardCharsets.UTF_8)));
    }
  }

  public Standing {
    votes = List.copyOf(votes);
    escalations = List.copyOf(escalations);
    actors = Set.copyOf(actors);
    commands = Map.copyOf(commands);
  }

  /** Who has it at that moment; null: nobody. */
  public @Nullable Hold holdAt(Instant now) {
    return hold != null && now.isBefore(hold.until()) ? hold : null;
  }

  public long approvals() {
    return votes.stream().filter(Vote::approves).count();
  }

  public long rejections() {
    return votes.size() - approvals();
  }

  boolean hasVote(String who) {
    return votes.stream().anyMatch(vote -> vote.who().equals(who));
  }

  Standing entered() {
    return with(
        next -> {
          next.entries++;
          next.version++;
        });
  }

  Standing refused() {
    return with(
        next -> {
          next.entries++;
          next.refusals++;
        });
  }

  Standing by(By by, String what) {
    return by(by, what, "", null);
  }

  Standing by(By by, String what, String said, @Nullable Payload output) {
    return with(
        next -> {
          next.actors.add(by.who());
          // What a command asked for is its first event; one that it leads to does not rename it.
          next.commands.putIfAbsent(by.commandId(), Asked.of(by.who(), what, said, output));
        });
  }

  Standing held(@Nullable Hold hold) {
    return with(next -> next.hold = hold);
  }

  /** An edit is another subject: what was said about the one before no longer counts. */
  Standing voted(Vote vote, @Nullable Payload output, @Nullable String patch) {
    return with(
        next -> {
          next.hold = null;
          if (output != null) {
            next.votes.removeIf(earlier -> earlier.approves() || earlier.who().equals(vote.who()));
            next.edited = output;
            next.diff = patch;
          }
          next.votes.add(vote);
        });
  }

  Standing reminded(int number) {
    return with(next -> next.reminders = number);
  }

  /** It has waited too long with whoever had it: now anyone who may decide can. */
  Standing escalated(String role) {
    return with(
        next -> {
          next.escalations.add(role);
          next.hold = null;
        });
  }

  private Standing with(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return next.standing();
  }

  /** A standing while it changes. */
  private static final class Next {
    long entries;
    long version;
    @Nullable Hold hold;
    final List<Vote> votes;
    @Nullable Payload edited;
    @Nullable String diff;
    int reminders;
    final List<String> escalations;
    int refusals;
    final Set<String> actors;
    final Map<String, Asked> commands;

    Next(Standing before) {
      entries = before.entries;
      version = before.version;
      hold = before.hold;
      votes = new ArrayList<>(before.votes);
      edited = before.edited;
      diff = before.diff;
      reminders = before.reminders;
      escalations = new ArrayList<>(before.escalations);
      refusals = before.refusals;
      actors = new HashSet<>(before.actors);
      commands = new HashMap<>(before.commands);
    }

    Standing standing() {
      return new Standing(
          entries,
          version,
          hold,
          votes,
          edited,
          diff,
          reminders,
          escalations,
          refusals,
          actors,
          commands);
    }
  }
}
