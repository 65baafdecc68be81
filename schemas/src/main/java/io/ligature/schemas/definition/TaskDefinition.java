package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.BusinessHours;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of a definition.
 *
 * @param name unique in its block; empty for the one task inside a loop, fan-out or branch
 * @param when runs only where this is true; null: always
 * @param onError the ladders the task has of its own; a kind that is not named has its default one
 * @param priority 0 to 9; null: the workflow's
 * @param timeout from the moment it begins until it ends, all attempts and waits; null: none
 * @param budget its share of what encloses it, held as a whole; null: it draws on that directly
 * @param compensation undoes what it did when the workflow does not come to its end; null: nothing
 * @param set variables it writes when it succeeds, by name
 */
public record TaskDefinition(
    String name,
    Action action,
    Needs needs,
    @Nullable Expression when,
    Map<ErrorKind, List<Step>> onError,
    @Nullable Integer priority,
    @Nullable Duration timeout,
    @Nullable Share budget,
    @Nullable Compensation compensation,
    Map<String, Template> set) {

  /** What a task does. */
  public sealed interface Action {}

  /** One task of its own after the other, or side by side, or one of several: it ends with them. */
  public sealed interface Composite extends Action {}

  /**
   * An agent's work.
   *
   * @param handling who should do it, and whether another call's result will do
   * @param validation who judges a result before it counts; null: nobody
   */
  public record AgentWork(
      String capability,
      Template input,
      Limits limits,
      Handling handling,
      @Nullable Validation validation)
      implements Action {

    public AgentWork(String capability, Template input, Limits limits) {
      this(capability, input, limits, Handling.USUAL, null);
    }
  }

  /**
   * How an agent's work is placed.
   *
   * @param cacheMaxAge a result for the same input that is not older will do; null: none will
   * @param shareIdenticalCalls true: one call will do for identical attempts at the same time
   */
  public record Handling(
      Routing routing, @Nullable Duration cacheMaxAge, boolean shareIdenticalCalls) {
    public static final Handling USUAL = new Handling(Routing.ANY, null, false);
  }

  /**
   * Who should do a task.
   *
   * @param prefer agents that come first, in this order
   * @param avoid agents that get it only when no other can
   * @param pin the only agent that may get it; null: any
   * @param sticky true: one agent for all tasks of a workflow that need the capability
   */
  public record Routing(
      List<String> prefer, List<String> avoid, @Nullable String pin, boolean sticky) {
    public static final Routing ANY = new Routing(List.of(), List.of(), null, false);
  }

  /**
   * A critic: an agent that scores results.
   *
   * @param critic its work; what its input template gives depends on {@code ownInput}
   * @param minScore least score, 0 to 1, with which a result is accepted
   * @param ownInput true: the template gives the whole input; false: the input is the task's input
   *     and output, and the template gives the criteria beside them, null for none
   */
  public record Validation(AgentWork critic, double minScore, boolean ownInput) {}

  /**
   * A gate: people approve its subject, and the approved (perhaps edited) subject is its output.
   *
   * @param subject null: the output of the one predecessor, or of several an object by their names
   * @param expireAfter ends the wait; null: waits as long as the workflow
   * @param silence what the end of the wait means
   * @param risks the first that holds changes who decides, or lets it pass
   * @param sample per cent of what passes that is reviewed all the same
   */
  public record ReviewGate(
      ReviewRule rule,
      @Nullable Template subject,
      @Nullable Duration expireAfter,
      Silence silence,
      List<Risk> risks,
      double sample)
      implements Action {

    /** One that nothing passes and that silence rejects. */
    public ReviewGate(ReviewRule rule, @Nullable Template subject, @Nullable Duration expireAfter) {
      this(rule, subject, expireAfter, Silence.REJECT, List.of(), 0);
    }
  }

  /** What it means when nobody decides in time. */
  public enum Silence {
    REJECT,
    ABORT,
    APPROVE
  }

  /**
   * How a gate depends on what is known.
   *
   * @param role that decides instead; null: as the gate says
   * @param quorum approvals needed instead; null: as the gate says
   * @param pass true: nobody has to look
   * @param reason for the record; empty: none was given
   */
  public record Risk(
      Expression when,
      @Nullable String role,
      @Nullable Integer quorum,
      boolean pass,
      String reason) {

    /** Name by which {@code when} reads what is under review. */
    public static final String ABOUT = "review";
  }

  /**
   * A workflow of another definition, whose output is the task's.
   *
   * @param version null: the newest at the moment the root workflow was accepted
   */
  public record ChildWorkflow(
      String definition, @Nullable Integer version, Template input, OnParentEnd onParentEnd)
      implements Action {}

  /** Waits for a time; exactly one of the two is set. */
  public record Wait(@Nullable Template duration, @Nullable Template until) implements Action {}

  /**
   * Waits for an outside event, whose payload is the output.
   *
   * @param correlation which of several waits of that name it is; null: none is told apart
   * @param schema JSON Schema of the payload; null: any JSON
   */
  public record AwaitSignal(
      String signal, @Nullable Template correlation, @Nullable JsonNode schema) implements Action {}

  /**
   * The same task for each item of a list.
   *
   * @param item the name expressions know the item by
   * @param concurrency items at once; null: the deployment's
   * @param collect true: failed items are told in the output; false: the first ends the others
   * @param aggregate false: there is no output
   */
  public record ForEach(
      Template list,
      String item,
      @Nullable Integer concurrency,
      boolean collect,
      boolean aggregate,
      TaskDefinition body)
      implements Composite {}

  /**
   * The same task again and again.
   *
   * @param until looked at after each iteration
   * @param accept true: after the last one the task succeeds all the same
   */
  public record Repeat(Expression until, int max, boolean accept, TaskDefinition body)
      implements Composite {}

  /** The first branch whose condition holds. */
  public record Choose(List<Branch> branches) implements Composite {}

  /**
   * One way of a {@link Choose}.
   *
   * @param when null: always
   */
  public record Branch(@Nullable Expression when, TaskDefinition body) {}

  /**
   * Tasks that need one another.
   *
   * @param output null: none
   */
  public record Block(Map<String, TaskDefinition> tasks, @Nullable Template output)
      implements Composite {}

  /** What becomes of a child that still runs when its parent's task ends. */
  public enum OnParentEnd {
    CANCEL,
    ABANDON
  }

  /**
   * Money set apart.
   *
   * @param onExceeded null: as the workflow says
   */
  public record Share(Money maxCost, Definition.@Nullable OnExceeded onExceeded) {}

  /** Agent's work that undoes a task. */
  public record Compensation(AgentWork work, Map<ErrorKind, List<Step>> onError) {}

  /** Who may decide and how. */
  public record ReviewRule(
      String role, int quorum, boolean fourEyes, boolean edit, ReviewTerms terms) {

    /** One with nothing special about it. */
    public ReviewRule(String role, int quorum, boolean fourEyes, boolean edit) {
      this(role, quorum, fourEyes, edit, ReviewTerms.USUAL);
    }

    /** The same for another role or number; null: as it is. */
    public ReviewRule of(@Nullable String otherRole, @Nullable Integer otherQuorum) {
      return new ReviewRule(
          otherRole == null ? role : otherRole,
          otherQuorum == null ? quorum : otherQuorum,
          fourEyes,
          edit,
          terms);
    }
  }

  /**
   * What most reviews do not need.
   *
   * @param roles that may decide beside the first
   * @param users who may decide whatever their roles are
   * @param rejections that reject it
   * @param otherThanBefore who decided an earlier review of the workflow may not decide this one
   * @param maxChanges how often changes may be asked for
   * @param remind when those who may decide are reminded
   * @param hours when people work; null: always
   */
  public record ReviewTerms(
      List<String> roles,
      List<String> users,
      int rejections,
      boolean otherThanBefore,
      int maxChanges,
      List<Duration> remind,
      List<Escalation> escalate,
      @Nullable BusinessHours hours) {

    public static final ReviewTerms USUAL =
        new ReviewTerms(List.of(), List.of(), 1, false, 3, List.of(), List.of(), null);

    public ReviewTerms {
      roles = List.copyOf(roles);
      users = List.copyOf(users);
      remind = List.copyOf(remind);
      escalate = List.copyOf(escalate);
    }
  }

  /** Who may decide as well when a review has waited so long. */
  public record Escalation(Duration after, String to) {}

  /**
   * @param maxCost null: no limit, and nothing is held
   * @param timeout of one call
   * @param qualityThreshold least confidence, 0 to 1; null: any
   */
  public record Limits(
      @Nullable Money maxCost, Duration timeout, @Nullable Double qualityThreshold) {}

  /** Which predecessors must have ended, and how many of them well. */
  public record Needs(Join join, int atLeast, List<String> tasks) {

    public static final Needs NONE = new Needs(Join.ALL, 0, List.of());

    /** How the named tasks must have ended. */
    public enum Join {
      /** None badly. */
      ALL,
      /** One well. */
      ANY,
      /** So many well. */
      AT_LEAST,
      /** All, however they ended. */
      ENDED
    }
  }

  /** One rung of an error ladder. */
  public sealed interface Step {}

  /**
   * @param max attempts this rung may add
   * @param agent whether the next attempt may go to the same agent
   */
  public record Retry(int max, Backoff backoff, AgentChoice agent) implements Step {}

  /** Ask people to accept, edit or reject what there is. */
  public record AskForReview(ReviewRule rule) implements Step {}

  /** The task fails. */
  public record Fail() implements Step {}

  /** The task counts as skipped, and the workflow goes on. */
  public record Skip() implements Step {}

  /** Whether another attempt goes to the agent of the last one. */
  public enum AgentChoice {
    /** It may. */
    ANY,
    /** It does while that agent can take it. */
    SAME,
    /** It does not, nor to another one that had an attempt. */
    DIFFERENT
  }

  /** The wait before attempt n of a rung is {@code min(most, initial * factor^(n-1))}. */
  public record Backoff(Duration initial, double factor, Duration most) {}

  /** False: its retry rungs are passed over, because only its inner tasks can be done again. */
  public boolean isRetried() {
    return action instanceof AgentWork || action instanceof ChildWorkflow;
  }
}
