package io.ligature.approval.stream;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Marks a question as one of an instance of this service: HMAC-SHA-256 (RFC 2104) of the time, the
 * path and the body with the shared secret, as {@code t=SECONDS,v1=HEX}.
 */
public final class PeerSeal {

  public static final String HEADER = "Ligature-Peer";

  private static final String HMAC = "HmacSHA256";
  private static final Pattern FORM = Pattern.compile("t=(\\d{1,12}),v1=([0-9a-f]{64})");

  private final byte[] secret;
  private final Duration maxSkew;

  public PeerSeal(String secret, Duration maxSkew) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.maxSkew = maxSkew;
  }

  public String of(Instant now, String path, String body) {
    long seconds = now.getEpochSecond();
    return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(hash(seconds, path, body));
  }

  /** Whether the question was sealed with the same secret, and lately. */
  public boolean holds(@Nullable String seal, Instant now, String path, String body) {
    Matcher form = FORM.matcher(seal == null ? "" : seal);
    if (!form.matches()) {
      return false;
    }
    long seconds = Long.parseLong(form.group(1));
    boolean right =
        MessageDigest.isEqual(hash(seconds, path, body), HexFormat.of().parseHex(form.group(2)));
    return right && Math.abs(now.getEpochSecond() - seconds) <= maxSkew.toSeconds();
  }

  private byte[] hash(long seconds, String path, String body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return mac.doFinal((seconds + "\n" + path + "\n" + body).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
    }
  }
}
