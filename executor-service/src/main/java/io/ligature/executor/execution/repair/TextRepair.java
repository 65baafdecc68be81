package io.ligature.executor.execution.repair;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ligature.schemas.wire.Payloads;
import java.io.CharArrayReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one JSON value in a text.
 *
 * <p>The text may be the value; or the value in a code fence, with prose around it; or an object or
 * list with prose around it that holds no other bracket, because a bracket that belongs to no value
 * is what a cut or broken answer leaves behind. Commas before a closing bracket are passed over.
 * Nothing else is mended.
 */
public final class TextRepair {

  static final String FENCE = "code fence removed";
  static final String PROSE = "text around the JSON removed";
  static final String COMMAS = "trailing commas removed";

  /** Beyond so many fences, or brackets around one, a text is not searched any more. */
  private static final int MOST_TRIES = 50;

  private static final String BRACKETS = "{}[]";
  private static final Pattern FENCE_START =
      Pattern.compile("^[ \\t]*(```|~~~)[A-Za-z0-9_+.-]*\\s*", Pattern.MULTILINE);

  private static final ObjectMapper STRICT = mapper(false);
  private static final ObjectMapper LENIENT = mapper(true);

  private final String text;
  private final char[] chars;

  private TextRepair(String text) {
    this.text = text;
    this.chars = text.toCharArray();
  }

  /** What was found. */
  public sealed interface Found {}

  /**
   * Exactly one value.
   *
   * @param repairs what was done to get it; empty when the text is JSON
   */
  public record One(JsonNode value, List<String> repairs) implements Found {}

  /** More than one value: which of them is meant, nobody can know. */
  public record Several() implements Found {}

  /** No whole value. */
  public record None() implements Found {}

  private record Piece(JsonNode value, int start, int end, boolean commas) {}

  public static Found find(String text) {
    String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (bare.isBlank()) {
      return new None();
    }
    try {
      return new One(Payloads.JSON.readTree(bare), List.of());
    } catch (IOException e) {
      return new TextRepair(bare).search();
    }
  }

  private Found search() {
    Piece all = at(0);
    if (all != null && afterBlank(all.end) == chars.length) {
      return one(all, false, false);
    }
    List<Piece> fenced = fenced();
    return switch (fenced.size()) {
      case 0 -> inProse();
      case 1 -> inFence(fenced.getFirst());
      default -> new Several();
    };
  }

  private Found inFence(Piece fence) {
    String around = text.substring(0, fence.start) + '\n' + text.substring(fence.end);
    TextRepair rest = new TextRepair(around);
    if (around.indexOf('{') >= 0 || around.indexOf('}') >= 0) {
      return rest.inProse() instanceof None ? new None() : new Several();
    }
    int tries = 0;
    for (int i = around.indexOf('['); i >= 0; i = around.indexOf('[', i + 1)) {
      if (++tries > MOST_TRIES) {
        return new None();
      }
      if (rest.at(i) != null) {
        return new Several();
      }
    }
    return one(fence, true, !around.isBlank());
  }

  private Found inProse() {
    Piece only = null;
    int i = 0;
    while (i < chars.length) {
      char c = chars[i];
      if (BRACKETS.indexOf(c) < 0) {
        i++;
        continue;
      }
      Piece piece = c == '{' || c == '[' ? at(i) : null;
      if (piece == null) {
        return new None();
      }
      if (only != null) {
        return new Several();
      }
      only = piece;
      i = piece.end;
    }
    return only == null ? new None() : one(only, false, true);
  }

  private static One one(Piece piece, boolean fence, boolean prose) {
    List<String> repairs = new ArrayList<>();
    if (fence) {
      repairs.add(FENCE);
    }
    if (prose) {
      repairs.add(PROSE);
    }
    if (piece.commas) {
      repairs.add(COMMAS);
    }
    return new One(piece.value, List.copyOf(repairs));
  }

  /** Fences that hold one JSON value and nothing else, each with its marks; two are enough. */
  private List<Piece> fenced() {
    List<Piece> pieces = new ArrayList<>();
    Matcher start = FENCE_START.matcher(text);
    int from = 0;
    for (int tries = 0; tries < MOST_TRIES && pieces.size() < 2 && start.find(from); tries++) {
      from = start.end();
      Piece inner = at(start.end());
      if (inner == null) {
        continue;
      }
      int end = afterBlank(inner.end);
      if (text.startsWith(start.group(1), end)) {
        end += start.group(1).length();
      } else if (end < chars.length) {
        continue;
      }
      pieces.add(new Piece(inner.value, start.start(), end, inner.commas));
      from = end;
    }
    return pieces;
  }

  private int afterBlank(int from) {
    int i = from;
    while (i < chars.length && Character.isWhitespace(chars[i])) {
      i++;
    }
    return i;
  }

  /** The value that begins there; null when none does, or it does not end. */
  private @Nullable Piece at(int start) {
    Piece strict = at(STRICT, start, false);
    return strict != null ? strict : at(LENIENT, start, true);
  }

  private @Nullable Piece at(ObjectMapper mapper, int start, boolean commas) {
    try (JsonParser parser =
        mapper.getFactory().createParser(new CharArrayReader(chars, start, chars.length - start))) {
      JsonNode value = mapper.readTree(parser);
      if (value == null || value.isMissingNode()) {
        return null;
      }
      int end = start + (int) parser.currentLocation().getCharOffset();
      return new Piece(value, start, end, commas);
    } catch (IOException e) {
      return null;
    }
  }

  private static ObjectMapper mapper(boolean commas) {
    return JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .configure(JsonReadFeature.ALLOW_TRAILING_COMMA, commas)
        .build();
  }
}
