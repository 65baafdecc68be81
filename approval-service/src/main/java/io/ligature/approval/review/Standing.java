package io.ligature.approval.review;

import io.ligature.avro.Decision;
import io.ligature.avro.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param commands that took effect, by their ids: who did what
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
    Map<String, String> commands) {

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
    return new Standing(
        entries + 1,
        version + 1,
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

  Standing refused() {
    return new Standing(
        entries + 1,
        version,
        hold,
        votes,
        edited,
        diff,
        reminders,
        escalations,
        refusals + 1,
        actors,
        commands);
  }

  Standing by(By by, String what) {
    Map<String, String> taken = new HashMap<>(commands);
    taken.put(by.commandId(), signature(by.who(), what));
    Set<String> acted = new LinkedHashSet<>(actors);
    acted.add(by.who());
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
        acted,
        taken);
  }

  Standing held(@Nullable Hold next) {
    return new Standing(
        entries,
        version,
        next,
        votes,
        edited,
        diff,
        reminders,
        escalations,
        refusals,
        actors,
        commands);
  }

  /** An edit is another subject: what was said about the one before no longer counts. */
  Standing voted(Vote vote, @Nullable Payload output, @Nullable String patch) {
    List<Vote> next = new ArrayList<>();
    for (Vote earlier : votes) {
      boolean stands = output == null || !(earlier.approves() || earlier.who().equals(vote.who()));
      if (stands) {
        next.add(earlier);
      }
    }
    next.add(vote);
    return new Standing(
        entries,
        version,
        null,
        next,
        output == null ? edited : output,
        output == null ? diff : patch,
        reminders,
        escalations,
        refusals,
        actors,
        commands);
  }

  Standing reminded(int number) {
    return new Standing(
        entries,
        version,
        hold,
        votes,
        edited,
        diff,
        number,
        escalations,
        refusals,
        actors,
        commands);
  }

  /** It has waited too long with whoever had it: now anyone who may decide can. */
  Standing escalated(String role) {
    List<String> next = new ArrayList<>(escalations);
    next.add(role);
    return new Standing(
        entries, version, null, votes, edited, diff, reminders, next, refusals, actors, commands);
  }

  static String signature(String who, String what) {
    return who + " " + what;
  }
}
