package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of lists. Each instance finds the first reviews of its own partitions; put together
 * and cut where the page is full, they are the first of all.
 */
final class ReviewLists {

  private ReviewLists() {}

  /**
   * What one instance found.
   *
   * @param partitions it looked at
   * @param cut it has looked at nothing behind this key; null: it has found all, or enough
   */
  record Part(Set<Integer> partitions, List<ReviewSummary> found, @Nullable String cut) {

    Part {
      partitions = new TreeSet<>(partitions);
      found = List.copyOf(found);
    }

    ObjectNode json() {
      ObjectNode json = Payloads.JSON.createObjectNode().put("cut", cut);
      partitions.forEach(json.putArray("partitions")::add);
      ArrayNode reviews = json.putArray("reviews");
      for (ReviewSummary each : found) {
        reviews.addObject().put("key", each.key()).set("content", each.content());
      }
      return json;
    }

    /**
     * @throws IllegalArgumentException when it is none
     */
    static Part of(JsonNode json) {
      List<ReviewSummary> found = new ArrayList<>();
      for (JsonNode each : json.path("reviews")) {
        if (!(each.path("content") instanceof ObjectNode content)) {
          throw new IllegalArgumentException("expected a review as an object, found none");
        }
        found.add(new ReviewSummary(Wire.text(each, "key"), content));
      }
      Set<Integer> partitions = new HashSet<>();
      json.path("partitions").forEach(each -> partitions.add(each.asInt()));
      return new Part(partitions, found, json.path("cut").textValue());
    }
  }

  static Comparator<String> order(ListQuestion question) {
    return question.newestFirst()
        ? Comparator.<String>naturalOrder().reversed()
        : Comparator.naturalOrder();
  }

  /**
   * The first reviews of these stores that are meant: one more than the page holds, if there are.
   *
   * @param maxScan index rows looked at
   */
  static Part read(
      Set<Integer> partitions,
      Collection<ReadOnlyKeyValueStore<String, byte[]>> stores,
      ListQuestion question,
      int maxScan) {
    List<Shelf> shelves = new ArrayList<>();
    try {
      for (ReadOnlyKeyValueStore<String, byte[]> store : stores) {
        shelves.add(new Shelf(store, question));
      }
      return read(partitions, shelves, question, maxScan);
    } finally {
      shelves.forEach(Shelf::close);
    }
  }

  private static Part read(
      Set<Integer> partitions, List<Shelf> shelves, ListQuestion question, int maxScan) {
    Comparator<String> order = order(question);
    List<ReviewSummary> found = new ArrayList<>();
    for (int looked = 0; found.size() <= question.most(); looked++) {
      Shelf nearest =
          shelves.stream()
              .filter(shelf -> shelf.place() != null)
              .min((one, other) -> order.compare(place(one), place(other)))
              .orElse(null);
      if (nearest == null) {
        break;
      }
      if (looked >= maxScan) {
        return new Part(partitions, found, before(question, place(nearest)));
      }
      ReviewSummary review = nearest.match() ? nearest.read() : null;
      if (review != null && question.filter().test(review)) {
        found.add(review);
      }
      nearest.step();
    }
    return new Part(partitions, found, null);
  }

  private static String place(Shelf shelf) {
    return Objects.requireNonNull(shelf.place());
  }

  /** A key that comes before the one of that place, and behind all that were looked at. */
  private static String before(ListQuestion question, String place) {
    String key = question.status().prefix() + place;
    if (question.newestFirst()) {
      return key + " ";
    }
    char end = key.charAt(key.length() - 1);
    return key.substring(0, key.length() - 1) + (char) (end - 1) + "~";
  }

  /** Two instances may both have found a review while a partition moves. */
  static ReviewPage page(ListQuestion question, List<Part> parts) {
    Comparator<String> order = order(question);
    String cut = parts.stream().map(Part::cut).filter(Objects::nonNull).min(order).orElse(null);
    Set<String> keys = new HashSet<>();
    List<ReviewSummary> sorted =
        parts.stream()
            .flatMap(part -> part.found().stream())
            .filter(each -> cut == null || order.compare(each.key(), cut) <= 0)
            .filter(each -> keys.add(each.key()))
            .sorted(Comparator.comparing(ReviewSummary::key, order))
            .toList();
    if (sorted.size() > question.most()) {
      List<ReviewSummary> page = sorted.subList(0, question.most());
      return new ReviewPage(page, page.getLast().key());
    }
    return new ReviewPage(sorted, cut);
  }
}
