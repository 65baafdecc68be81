package io.ligature.router.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What a provider lets through, shared by all agents that name it, and what this router has used of
 * it.
 *
 * <p>Calls are counted from the assignment to the result; requests and tokens for 60 seconds from
 * the assignment on, the tokens as estimated until the result tells them. A quota without a limit
 * for the minute keeps no window.
 */
public final class Quota {

  /** Milliseconds for which a request and its tokens count. */
  public static final long WINDOW = 60_000;

  static final long UNKNOWN = Long.MAX_VALUE;

  private final String key;
  private final List<Member> members = new ArrayList<>();
  private final ArrayDeque<Entry> window = new ArrayDeque<>();
  private final Pause pause = new Pause();
  private Limits limits = Limits.NONE;
  private Limits allowance = Limits.NONE;
  private long open;
  private long requests;
  private long tokens;
  private long inFlight;
  private long countedUntil = Long.MIN_VALUE;
  private boolean governed;
  private long askedCalls;
  private long askedRequests;
  private long askedTokens;

  Quota(String key) {
    this.key = key;
  }

  static String named(String quota) {
    return "quota/" + quota;
  }

  static String ofAgent(String agent) {
    return "agent/" + agent;
  }

  /** {@code quota/NAME}, or {@code agent/ID} for an agent's own. */
  public String key() {
    return key;
  }

  /** The smallest that any of its agents tells. */
  public Limits limits() {
    return limits;
  }

  /** The part of the limits that this router may use. */
  public Limits allowance() {
    return allowance;
  }

  void allow(Limits part) {
    allowance = part;
  }

  /** From now on it uses only what it is allowed to. */
  void govern() {
    governed = true;
    allowance = limits.none();
  }

  /** How much more than the allowance was asked for, of what the limits would let through. */
  long asked(Permit permit) {
    return switch (permit) {
      case CALLS -> askedCalls;
      case REQUESTS -> askedRequests;
      case TOKENS -> askedTokens;
    };
  }

  void askNothing() {
    askedCalls = 0;
    askedRequests = 0;
    askedTokens = 0;
  }

  public List<Member> members() {
    return members;
  }

  Pause pause() {
    return pause;
  }

  /** What counts now. */
  public long used(Permit permit, long now) {
    forget(now);
    return switch (permit) {
      case CALLS -> open;
      case REQUESTS -> requests;
      case TOKENS -> tokens;
    };
  }

  void join(Member member) {
    members.add(member);
    limit();
  }

  void leave(Member member) {
    members.remove(member);
    limit();
  }

  boolean unused() {
    return members.isEmpty() && open == 0 && window.isEmpty();
  }

  /** An agent's reports changed. */
  void recount() {
    countedUntil = Long.MIN_VALUE;
  }

  private void limit() {
    limits = members.stream().map(each -> each.agent().limits()).reduce(Limits.NONE, Limits::and);
    allowance = governed ? allowance.within(limits) : limits;
    recount();
  }

  boolean takesCall(long now, long timeout) {
    if (limits.calls() == Long.MAX_VALUE) {
      return true;
    }
    if (open >= allowance.calls()) {
      askedCalls = 1;
      return false;
    }
    return inFlight(now, timeout) < limits.calls();
  }

  /** Calls that this quota has now, as far as anyone knows. */
  long load(long now, long timeout) {
    return Math.max(open, inFlight(now, timeout));
  }

  private long inFlight(long now, long timeout) {
    if (now > countedUntil) {
      inFlight = 0;
      countedUntil = Long.MAX_VALUE;
      for (Member member : members) {
        inFlight += member.health().inFlight(now - timeout);
        countedUntil = Math.min(countedUntil, member.health().aliveUntil(now - timeout, timeout));
      }
    }
    return inFlight;
  }

  /** True when a request of so many tokens fits into the minute that ends now. */
  boolean takesRequest(long now, long asked) {
    if (!limits.rated()) {
      return true;
    }
    forget(now);
    boolean counted = requests < allowance.requests();
    boolean fits = fits(tokens, asked);
    if (!counted) {
      askedRequests = 1;
    }
    if (!fits) {
      askedTokens = Math.max(askedTokens, Math.min(asked, limits.tokens()));
    }
    return counted && fits;
  }

  /** One request of more tokens than a minute has goes when the minute is empty. */
  private boolean fits(long counted, long asked) {
    return allowance.tokens() == Long.MAX_VALUE
        || counted + Math.min(asked, limits.tokens()) <= allowance.tokens();
  }

  /** When enough of the window has passed; {@link #UNKNOWN} when time alone does not do. */
  long takesRequestAt(long now, long asked) {
    forget(now);
    long leftRequests = requests;
    long leftTokens = tokens;
    long at = now;
    Iterator<Entry> oldest = window.iterator();
    while (leftRequests >= allowance.requests() || !fits(leftTokens, asked)) {
      if (!oldest.hasNext()) {
        return UNKNOWN;
      }
      Entry next = oldest.next();
      if (next.counted) {
        leftRequests--;
        leftTokens -= next.tokens;
        at = Math.max(at, next.at + WINDOW);
      }
    }
    return at;
  }

  Charge charge(String agent, int partition, long at, long estimate) {
    open++;
    askNothing();
    return new Charge(agent, this, count(partition, at, estimate));
  }

  /** Adds what counts of a partition's calls in the minute. */
  void addUsedIn(int partition, Map<Ledger.Key, Long> used) {
    for (Entry each : window) {
      if (each.partition == partition && each.counted) {
        used.merge(new Ledger.Key(key, Permit.REQUESTS), 1L, Long::sum);
        used.merge(new Ledger.Key(key, Permit.TOKENS), each.tokens, Long::sum);
      }
    }
  }

  /** The partition is another router's now, and what its calls count counts there. */
  void moved(int partition) {
    for (Entry each : window) {
      if (each.partition == partition) {
        uncount(each);
      }
    }
  }

  private Entry count(int partition, long at, long served) {
    Entry entry = new Entry(partition, at, served);
    if (limits.rated()) {
      entry.counted = true;
      window.add(entry);
      requests++;
      tokens += served;
    }
    return entry;
  }

  private void uncount(Entry entry) {
    if (entry.counted) {
      entry.counted = false;
      requests--;
      tokens -= entry.tokens;
    }
  }

  private void forget(long now) {
    while (!window.isEmpty() && window.getFirst().at + WINDOW <= now) {
      uncount(window.removeFirst());
    }
  }

  /** A request in the window. One that counts no more stays until its time is over. */
  private static final class Entry {
    final int partition;
    final long at;
    long tokens;
    boolean counted;

    Entry(int partition, long at, long tokens) {
      this.partition = partition;
      this.at = at;
      this.tokens = tokens;
    }
  }

  /** One call and what it counts. */
  public static final class Charge {
    private final String agent;
    private Quota quota;
    private Entry entry;
    private boolean open = true;

    private Charge(String agent, Quota quota, Entry entry) {
      this.agent = agent;
      this.quota = quota;
      this.entry = entry;
    }

    public String agent() {
      return agent;
    }

    public Quota quota() {
      return quota;
    }

    /** The call has ended; false when it had before. */
    boolean close() {
      if (!open) {
        return false;
      }
      open = false;
      quota.open--;
      return true;
    }

    /** The call has served so many tokens; the estimate counts no more. */
    void correct(long served) {
      if (entry.counted) {
        quota.tokens += served - entry.tokens;
      }
      entry.tokens = served;
    }

    /** Another quota has served the call, so that its minute counts it. */
    void move(Quota served) {
      quota.uncount(entry);
      if (open) {
        quota.open--;
        served.open++;
      }
      quota = served;
      entry = served.count(entry.partition, entry.at, entry.tokens);
    }

    /** No call was made after all. */
    void drop() {
      close();
      quota.uncount(entry);
    }
  }
}
