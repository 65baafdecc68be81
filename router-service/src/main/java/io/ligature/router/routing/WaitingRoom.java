package io.ligature.router.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that no agent can take now, ordered by priority, then fair between tenants by cost, then by
 * arrival.
 *
 * <p>Each tenant has a time of its own, which advances by the expected cost of what is placed for
 * it, and the tenant whose time is least comes next (start-time fair queueing, Goyal, Vin and
 * Cheng, 1996). One that comes begins where the last one placed was, or where it left when it was
 * ahead of that: it can neither save turns up by staying away, nor lose a debt by leaving.
 *
 * <p>Tasks are queued by the set of agents that could ever take them. Within such a queue all are
 * placed by the same events, so one try of its first task answers for all of them: when that is
 * blocked, the queue is left alone until one of its agents changes. A freed place therefore costs
 * one try per queue that knows the agent, not one per waiting task. For the same reason a new
 * arrival may be tried at once: every agent it could take away from a waiting task is one that this
 * task cannot have either.
 */
public final class WaitingRoom {

  private static final Comparator<Integer> HIGHEST_FIRST = Comparator.reverseOrder();

  /** Tenants that left with a debt, of which it is remembered. */
  private static final int DEBTS_KEPT = 1_000;

  private final Map<Set<String>, Queue> queues = new LinkedHashMap<>();
  private final Map<String, Set<Queue>> queuesOfAgent = new HashMap<>();
  private final Map<String, Queue> queueOfTask = new HashMap<>();
  private final Map<String, Waiting> tasks = new HashMap<>();
  private final Map<String, Tenant> tenants = new HashMap<>();
  private final Map<String, Long> debts = new LinkedHashMap<>();
  private final Set<Queue> open = new LinkedHashSet<>();
  private final long leastCost;
  private long turn;
  private long present;

  /**
   * @param leastCost micros that a placed task counts at least, so that free ones count too
   */
  public WaitingRoom(long leastCost) {
    this.leastCost = leastCost;
  }

  public int size() {
    return tasks.size();
  }

  public boolean holds(String task) {
    return tasks.containsKey(task);
  }

  /** Null when it does not wait. */
  public @Nullable Waiting get(String task) {
    return tasks.get(task);
  }

  public Collection<Waiting> tasks() {
    return tasks.values();
  }

  /** Adds a task that was just found to be blocked. */
  public void add(Waiting task, Set<String> eligible) {
    if (tasks.putIfAbsent(task.id(), task) != null) {
      throw new IllegalStateException(task.id() + " waits already");
    }
    tenants.computeIfAbsent(task.tenant(), this::enter).waiting++;
    enqueue(task, eligible);
  }

  /** Takes a task out; null when it does not wait. */
  public @Nullable Waiting remove(String id) {
    Waiting task = tasks.remove(id);
    if (task == null) {
      return null;
    }
    Queue queue = queueOfTask.remove(id);
    if (queue != null) {
      queue.remove(task);
      if (queue.isEmpty()) {
        close(queue);
      }
    }
    Tenant tenant = tenants.get(task.tenant());
    if (tenant != null && --tenant.waiting == 0) {
      tenants.remove(task.tenant());
      exit(task.tenant(), tenant);
    }
    return task;
  }

  private Tenant enter(String name) {
    Long debt = debts.remove(name);
    return new Tenant(Math.max(present, debt == null ? 0 : debt), turn++);
  }

  private void exit(String name, Tenant tenant) {
    if (tenants.isEmpty()) {
      debts.clear();
      present = 0;
      return;
    }
    debts.values().removeIf(debt -> debt <= present);
    if (tenant.time > present) {
      debts.put(name, tenant.time);
      if (debts.size() > DEBTS_KEPT) {
        debts.remove(debts.keySet().iterator().next());
      }
    }
  }

  /** Something about this agent may be better now. */
  public void agentChanged(String agent) {
    open.addAll(queuesOfAgent.getOrDefault(agent, Set.of()));
  }

  /** Registrations changed: who could ever take what is asked again, and everything is tried. */
  public void regroup(Function<RoutingRequest, Set<String>> eligible) {
    List<Waiting> all = new ArrayList<>();
    for (Queue queue : queues.values()) {
      queue.forEach(all);
    }
    queues.clear();
    queuesOfAgent.clear();
    queueOfTask.clear();
    open.clear();
    for (Waiting task : all) {
      enqueue(task, eligible.apply(task.request()));
    }
    open.addAll(queues.values());
  }

  /** The next task that is worth a try; null when there is none. It stays until removed. */
  public @Nullable Waiting next() {
    Waiting best = null;
    for (Queue queue : open) {
      Waiting head = queue.head(tenants);
      if (best == null || before(head, best)) {
        best = head;
      }
    }
    return best;
  }

  /**
   * The task was placed: it leaves, and its tenant's time advances.
   *
   * @param cost micros that it is expected to cost
   */
  public void placed(Waiting task, long cost) {
    Tenant tenant = tenants.get(task.tenant());
    if (tenant != null) {
      present = Math.max(present, tenant.time);
      tenant.time += Math.max(leastCost, cost);
      tenant.turn = turn++;
    }
    remove(task.id());
  }

  /** The task could not be placed: neither can the others of its queue. */
  public void blocked(Waiting task) {
    Queue queue = queueOfTask.get(task.id());
    if (queue != null) {
      open.remove(queue);
    }
  }

  private boolean before(Waiting a, Waiting b) {
    if (a.priority() != b.priority()) {
      return a.priority() > b.priority();
    }
    return turnOf(tenants, a.tenant()).before(turnOf(tenants, b.tenant()));
  }

  private static Tenant turnOf(Map<String, Tenant> tenants, String name) {
    Tenant known = tenants.get(name);
    if (known == null) {
      throw new IllegalStateException("a task of '" + name + "' waits, but not the tenant");
    }
    return known;
  }

  private void enqueue(Waiting task, Set<String> eligible) {
    Queue queue = queues.get(eligible);
    if (queue == null) {
      queue = new Queue(Set.copyOf(eligible));
      queues.put(queue.agents, queue);
      for (String agent : queue.agents) {
        queuesOfAgent.computeIfAbsent(agent, any -> new HashSet<>()).add(queue);
      }
    }
    queue.add(task);
    queueOfTask.put(task.id(), queue);
  }

  private void close(Queue queue) {
    open.remove(queue);
    queues.remove(queue.agents);
    for (String agent : queue.agents) {
      Set<Queue> of = queuesOfAgent.get(agent);
      if (of != null && of.remove(queue) && of.isEmpty()) {
        queuesOfAgent.remove(agent);
      }
    }
  }

  private static final class Tenant {
    /** Micros; what was placed for it, in the time that all tenants share. */
    long time;

    /** Decides between equal times. */
    long turn;

    int waiting;

    Tenant(long time, long turn) {
      this.time = time;
      this.turn = turn;
    }

    boolean before(Tenant other) {
      return time != other.time ? time < other.time : turn < other.turn;
    }
  }

  /** Tasks that the same agents could take. Compared by identity. */
  private static final class Queue {
    final Set<String> agents;
    private final TreeMap<Integer, Map<String, LinkedHashMap<String, Waiting>>> levels =
        new TreeMap<>(HIGHEST_FIRST);

    Queue(Set<String> agents) {
      this.agents = agents;
    }

    void add(Waiting task) {
      levels
          .computeIfAbsent(task.priority(), any -> new LinkedHashMap<>())
          .computeIfAbsent(task.tenant(), any -> new LinkedHashMap<>())
          .put(task.id(), task);
    }

    void remove(Waiting task) {
      Map<String, LinkedHashMap<String, Waiting>> level = levels.get(task.priority());
      LinkedHashMap<String, Waiting> line = level == null ? null : level.get(task.tenant());
      if (level == null || line == null) {
        return;
      }
      line.remove(task.id());
      if (line.isEmpty()) {
        level.remove(task.tenant());
      }
      if (level.isEmpty()) {
        levels.remove(task.priority());
      }
    }

    boolean isEmpty() {
      return levels.isEmpty();
    }

    void forEach(List<Waiting> into) {
      for (Map<String, LinkedHashMap<String, Waiting>> level : levels.values()) {
        for (LinkedHashMap<String, Waiting> line : level.values()) {
          into.addAll(line.values());
        }
      }
    }

    Waiting head(Map<String, Tenant> tenants) {
      LinkedHashMap<String, Waiting> next = null;
      Tenant first = null;
      for (Map.Entry<String, LinkedHashMap<String, Waiting>> line :
          levels.firstEntry().getValue().entrySet()) {
        Tenant tenant = turnOf(tenants, line.getKey());
        if (first == null || tenant.before(first)) {
          next = line.getValue();
          first = tenant;
        }
      }
      if (next == null) {
        throw new IllegalStateException("a queue without tasks was kept open");
      }
      return next.firstEntry().getValue();
    }
  }
}
