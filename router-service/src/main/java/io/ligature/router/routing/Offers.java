package io.ligature.router.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agents that offer one capability, by id, and their groups by number. */
final class Offers {

  static final Offers NONE = new Offers();

  private final List<Offer> all = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  void add(Member member, TrackRecord track) {
    String group = member.agent().registration().getGroup();
    int number = group == null ? -1 : numbers.computeIfAbsent(group, any -> numbers.size());
    all.add(new Offer(member, number, track));
  }

  int size() {
    return all.size();
  }

  Offer get(int index) {
    return all.get(index);
  }

  int groups() {
    return numbers.size();
  }

  @Nullable Offer of(String agent) {
    for (Offer each : all) {
      if (each.agent().id().equals(agent)) {
        return each;
      }
    }
    return null;
  }
}
