package io.ligature.example.wfcommons;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of tasks for the ids of an instance: an id that may be a name is kept, another becomes
 * {@code t} and its number in the file, with {@code _} behind it as often as that name is taken.
 */
final class TaskNames {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  private TaskNames() {}

  /**
   * Names by id.
   *
   * @param shortOnly whether to keep no id: where every id is long, the text becomes much smaller
   */
  static Map<String, String> of(List<WfInstance.Task> tasks, boolean shortOnly) {
    Map<String, String> names = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (WfInstance.Task task : tasks) {
      if (!shortOnly && ALLOWED.matcher(task.id()).matches()) {
        names.put(task.id(), task.id());
        taken.add(task.id());
      }
    }
    for (int i = 0; i < tasks.size(); i++) {
      String id = tasks.get(i).id();
      if (!names.containsKey(id)) {
        String name = "t" + (i + 1);
        while (!taken.add(name)) {
          name += "_";
        }
        names.put(id, name);
      }
    }
    return Map.copyOf(names);
  }

  /** A name for the definition, from that of the instance. */
  static String definition(String name) {
    String allowed = name.replaceAll("[^A-Za-z0-9._-]+", "-");
    if (allowed.isEmpty() || !Character.isLetter(allowed.charAt(0))) {
      allowed = "wf-" + allowed;
    }
    return allowed.substring(0, Math.min(allowed.length(), 100));
  }
}
