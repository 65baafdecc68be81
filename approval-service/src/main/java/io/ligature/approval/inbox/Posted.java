package io.ligature.approval.inbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a form posted, in the order of the page: an edit form is read in that order, which the usual
 * maps of form fields do not keep.
 */
record Posted(List<Map.Entry<String, String>> entries) {

  static final int MOST = 5_000;

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final Pattern VERSION = Pattern.compile("\\d{1,18}");

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

  List<String> all(String name) {
    return entries.stream()
        .filter(entry -> entry.getKey().equals(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  String text(String name) {
    return field(name).orElse("");
  }

  /** Under which what is posted is done once, however often it comes. */
  String key() {
    String key = text("key");
    if (!KEY.matcher(key).matches()) {
      throw PageProblem.invalid("The form has lost its key; open the review again.");
    }
    return key;
  }

  /** Of the review as it was read; null: not told. */
  @Nullable Long version() {
    return version(text("version"));
  }

  static @Nullable Long version(String version) {
    if (version.isEmpty()) {
      return null;
    }
    if (!VERSION.matcher(version).matches()) {
      throw PageProblem.invalid("“" + version + "” is no version of a review.");
    }
    return Long.valueOf(version);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw PageProblem.invalid("the form is not encoded as forms are");
    }
  }
}
