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
 * Tasks that no agent can take now, ordered by priority, then by turns between tenants, then by
 * arrival.
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

  private final Map<Set<String>, Queue> queues = new LinkedHashMap<>();
  private final Map<String, Set<Queue>> queuesOfAgent = new HashMap<>();
  private final Map<String, Queue> queueOfTask = new HashMap<>();
  private final Map<String, Waiting> tasks = new HashMap<>();
  private final Map<String, Tenant> tenants = new HashMap<>();
  private final Set<Queue> open = new LinkedHashSet<>();
  private long turn;

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
    tenants.computeIfAbsent(task.tenant(), any -> new Tenant(turn++)).waiting++;
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
    }
    return task;
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

  /** The task was placed: it leaves, and its tenant goes to the end of the turns. */
  public void placed(Waiting task) {
    Tenant tenant = tenants.get(task.tenant());
    if (tenant != null) {
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
    return turnOf(tenants, a.tenant()) < turnOf(tenants, b.tenant());
  }

  private static long turnOf(Map<String, Tenant> tenants, String tenant) {
    Tenant known = tenants.get(tenant);
    return known == null ? Long.MAX_VALUE : known.turn;
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
    long turn;
    int waiting;

    Tenant(long turn) {
      this.turn = turn;
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
      long earliest = 0;
      for (Map.Entry<String, LinkedHashMap<String, Waiting>> line :
          levels.firstEntry().getValue().entrySet()) {
        long turn = turnOf(tenants, line.getKey());
        if (next == null || turn < earliest) {
          next = line.getValue();
          earliest = turn;
        }
      }
      if (next == null) {
        throw new IllegalStateException("a queue without tasks was kept open");
      }
      return next.firstEntry().getValue();
    }
  }
}
