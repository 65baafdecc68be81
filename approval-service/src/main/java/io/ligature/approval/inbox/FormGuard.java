package io.ligature.approval.inbox;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only forms of our own pages: each gives back the token that its browser has in a cookie,
 * which another site can neither read nor set.
 */
@ApplicationScoped
class FormGuard {

  static final String FIELD = "csrf-token";
  static final String COOKIE = "ligature-form";

  private static final int BYTES = 24;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{32}");

  private final SecureRandom random = new SecureRandom();

  /** The token of this browser, or a new one for it. */
  String token(HttpHeaders headers) {
    String known = known(headers);
    if (known != null) {
      return known;
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  NewCookie cookie(String token, boolean secure) {
    return new NewCookie.Builder(COOKIE)
        .value(token)
        .path("/inbox")
        .httpOnly(true)
        .secure(secure)
        .sameSite(NewCookie.SameSite.STRICT)
        .build();
  }

  void check(HttpHeaders headers, Posted posted) {
    String known = known(headers);
    if (known == null || !same(known, posted.text(FIELD))) {
      throw new PageProblem(
          403,
          "This form is not from here, or it is too old",
          "Nothing was changed. Open the page again and repeat what you did.");
    }
  }

  private static @Nullable String known(HttpHeaders headers) {
    Cookie cookie = headers.getCookies().get(COOKIE);
    return cookie != null && TOKEN.matcher(cookie.getValue()).matches() ? cookie.getValue() : null;
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
