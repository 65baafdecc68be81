package io.ligature.approval.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens, and serves the keys to check them with on loopback. */
public class FakeIssuer implements QuarkusTestResourceLifecycleManager {

  static final KeyPair KEYS = keys();
  static final KeyPair STRANGERS_KEYS = keys();
  static final String NAME = "https://issuer.example";

  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] keySet = keySet().getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, keySet.length);
          exchange.getResponseBody().write(keySet);
          exchange.close();
        });
    server.createContext("/token", FakeIssuer::exchange);
    server.start();
    return Map.ofEntries(
        Map.entry("quarkus.oidc.auth-server-url", address()),
        Map.entry("quarkus.oidc.client-id", "ligature-inbox"),
        Map.entry("quarkus.oidc.credentials.secret", "a secret of thirty-two characters"),
        Map.entry("quarkus.oidc.discovery-enabled", "false"),
        Map.entry("quarkus.oidc.jwks-path", "/keys"),
        Map.entry("quarkus.oidc.token.issuer", NAME),
        Map.entry("quarkus.oidc.token.audience", "ligature"),
        Map.entry("quarkus.oidc.roles.role-claim-path", "groups"),
        Map.entry("quarkus.oidc.inbox.discovery-enabled", "false"),
        Map.entry("quarkus.oidc.inbox.jwks-path", "/keys"),
        Map.entry("quarkus.oidc.inbox.authorization-path", "/authorize"),
        Map.entry("quarkus.oidc.inbox.token-path", "/token"),
        Map.entry("ligature.approval.identity.tenant-claim", "org"),
        // The tests open reviews as local users.
        Map.entry("ligature.approval.identity.local-users-beside-tokens", "true"),
        Map.entry("quarkus.http.auth.permission.api.auth-mechanism", "basic,bearer"),
        Map.entry("ligature.approval.identity.max-failed-logins", "5"),
        Map.entry("ligature.approval.identity.failed-logins-window", "2s"));
  }

  /** Behind the others, whose settings it changes. */
  @Override
  public int order() {
    return 1;
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * What the login page of the issuer sends a browser back with.
   *
   * @param challenge of whoever began the login; they alone can answer it
   */
  static String code(String nonce, String challenge) {
    return nonce + "." + challenge;
  }

  /** Gives tokens for a code to whoever began the login. */
  private static void exchange(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    String[] code = form.getOrDefault("code", ".").split("\\.", 2);
    boolean same = challenge(form.getOrDefault("code_verifier", "")).equals(code[1]);
    String answer =
        Payloads.JSON
            .createObjectNode()
            .put("access_token", token(any -> {}))
            .put(
                "id_token",
                token(claims -> claims.put("aud", "ligature-inbox").put("nonce", code[0])))
            .put("token_type", "Bearer")
            .put("expires_in", 300)
            .toString();
    byte[] bytes =
        (same ? answer : "{\"error\":\"invalid_grant\"}").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(same ? 200 : 400, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }

  /** A good token of an editor of the default tenant, but for one change. */
  static String token(Consumer<ObjectNode> change) {
    return sign("RS256", claims(change), input -> rsa(KEYS, input));
  }

  static String strangersToken() {
    return sign("RS256", claims(any -> {}), input -> rsa(STRANGERS_KEYS, input));
  }

  /** Of a key that the issuer does not have. */
  static String strangeKeysToken() {
    return sign("RS256", "k2", claims(any -> {}), input -> rsa(STRANGERS_KEYS, input));
  }

  /** Says that it needs no signature. */
  static String unsignedToken() {
    return sign("none", claims(any -> {}), input -> new byte[0]);
  }

  /** Signed with what everyone knows, the public key, as if it were a shared secret. */
  static String publicKeyToken() {
    return sign("HS256", claims(any -> {}), FakeIssuer::hmac);
  }

  /** Good, but for claims that took the place of the signed ones. */
  static String tamperedToken() {
    String[] parts = token(any -> {}).split("\\.", -1);
    return parts[0]
        + "."
        + encoded(claims(claims -> claims.put("sub", "mallory")).toString())
        + "."
        + parts[2];
  }

  private static ObjectNode claims(Consumer<ObjectNode> change) {
    ObjectNode claims = Payloads.JSON.createObjectNode();
    long now = Instant.now().getEpochSecond();
    claims
        .put("iss", NAME)
        .put("sub", "tess")
        .put("upn", "tess")
        .put("aud", "ligature")
        .put("org", "default")
        .put("iat", now)
        .put("exp", now + 300);
    claims.putArray("groups").add("editor");
    change.accept(claims);
    return claims;
  }

  private interface Signer {
    byte[] sign(byte[] input) throws GeneralSecurityException;
  }

  private static String sign(String algorithm, ObjectNode claims, Signer signer) {
    return sign(algorithm, "k1", claims, signer);
  }

  private static String sign(String algorithm, String key, ObjectNode claims, Signer signer) {
    String input =
        encoded("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + key + "\"}")
            + "."
            + encoded(claims.toString());
    try {
      byte[] signature = signer.sign(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] rsa(KeyPair keys, byte[] input) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(input);
    return signature.sign();
  }

  private static byte[] hmac(byte[] input) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEYS.getPublic().getEncoded(), "HmacSHA256"));
    return mac.doFinal(input);
  }

  private static String keySet() {
    RSAPublicKey key = (RSAPublicKey) KEYS.getPublic();
    return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"k1\",\"n\":\""
        + encoded(key.getModulus())
        + "\",\"e\":\""
        + encoded(key.getPublicExponent())
        + "\"}]}";
  }

  private static String encoded(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(java.util.Arrays.copyOfRange(bytes, sign, bytes.length));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
