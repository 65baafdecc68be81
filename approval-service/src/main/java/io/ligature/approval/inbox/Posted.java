package io.ligature.approval.inbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a form posted, in the order of the page: an edit form is read in that order, which the usual
 * maps of form fields do not keep.
 */
record Posted(List<Map.Entry<String, String>> entries) {

  static final int MOST = 5_000;

  Posted {
    entries = List.copyOf(entries);
  }

  static Posted read(String body) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    if (!body.isEmpty()) {
      for (String pair : body.split("&", -1)) {
        if (entries.size() == MOST) {
          throw PageProblem.invalid("the form has more than " + MOST + " fields");
        }
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        entries.add(Map.entry(decoded(name), decoded(value)));
      }
    }
    return new Posted(entries);
  }

  Optional<String> field(String name) {
    return entries.stream()
        .filter(entry -> entry.getKey().equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  String text(String name) {
    return field(name).orElse("");
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw PageProblem.invalid("the form is not encoded as forms are");
    }
  }
}
