package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What goes into a script and comes out of it, with bounds. */
final class ScriptPipes {

  private static final int CHUNK = 8_192;
  private static final int LONGEST_LINE = 4_096;

  private ScriptPipes() {}

  /** The script wrote more than it may. */
  static final class TooMuchException extends IOException {
    TooMuchException(int maxBytes) {
      super("more than " + maxBytes + " bytes");
    }
  }

  /** A script may answer without reading; then there is nobody to write to. */
  static void write(OutputStream in, byte[] request) {
    try (in) {
      in.write(request);
    } catch (IOException e) {
      // The script has closed its end; its answer or its exit code tells the rest.
      return;
    }
  }

  static byte[] read(InputStream out, int maxBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    int read = out.read(chunk);
    while (read >= 0) {
      if (bytes.size() + (long) read > maxBytes) {
        throw new TooMuchException(maxBytes);
      }
      bytes.write(chunk, 0, read);
      read = out.read(chunk);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads standard error to its end. Lines of the form {@code {"progress": 0.5, "message": "…"}} go
   * to the listener; of the rest the last bytes are returned.
   */
  static String readErrors(InputStream err, int maxBytes, ProgressListener progress) {
    StringBuilder tail = new StringBuilder();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    try {
      int read = err.read(chunk);
      while (read >= 0) {
        for (int i = 0; i < read; i++) {
          if (chunk[i] == '\n') {
            take(line, tail, maxBytes, progress);
          } else {
            line.write(chunk[i]);
            if (line.size() >= LONGEST_LINE) {
              take(line, tail, maxBytes, progress);
            }
          }
        }
        read = err.read(chunk);
      }
    } catch (IOException e) {
      // The process was killed; what came until then is what there is.
      tail.append("");
    }
    take(line, tail, maxBytes, progress);
    return tail.toString().strip();
  }

  private static void take(
      ByteArrayOutputStream line, StringBuilder tail, int maxBytes, ProgressListener progress) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.isEmpty() || isProgress(text, progress)) {
      return;
    }
    tail.append(text).append('\n');
    if (tail.length() > maxBytes) {
      tail.delete(0, tail.length() - maxBytes);
    }
  }

  private static boolean isProgress(String line, ProgressListener listener) {
    if (!line.startsWith("{")) {
      return false;
    }
    try {
      JsonNode json = Payloads.JSON.readTree(line);
      JsonNode share = json.path("progress");
      if (!share.isNumber() || share.doubleValue() < 0 || share.doubleValue() > 1) {
        return false;
      }
      listener.progress(share.doubleValue(), json.path("message").textValue());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
