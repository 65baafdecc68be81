package io.ligature.agent.model;

import io.ligature.agent.Secrets;
import io.ligature.agent.SettingsReader;
import io.ligature.agent.WebSettings;
import io.ligature.avro.AgentRegistration;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the adapters for models.
 *
 * @param baseUrl where the provider's API begins, without a slash at its end
 * @param model as the provider calls it
 * @param apiKey secret reference; empty: none is sent
 * @param maxOutputTokens 0: the provider's own bound
 * @param structuredOutput where to begin; empty: the strongest, for capabilities with an output
 *     schema
 * @param strictSchema asks OpenAI to hold the model to the schema strictly, which not every schema
 *     allows
 * @param stream the answer is taken as it comes, and its pieces are reported
 * @param askConfidence the model is asked how sure it is
 * @param headers sent with each request; values may be or hold secret references
 * @param parameters further members of the request's body
 * @param maxResponseBytes a larger response is a {@code schema_mismatch}
 */
record ModelSettings(
    String baseUrl,
    String model,
    Optional<String> apiKey,
    Optional<Double> temperature,
    int maxOutputTokens,
    Prompt prompt,
    Optional<StructuredOutput> structuredOutput,
    boolean strictSchema,
    boolean stream,
    boolean askConfidence,
    Map<String, String> headers,
    Map<String, Object> parameters,
    int maxResponseBytes) {

  private static final double HOTTEST = 2;
  private static final int MOST_OUTPUT_TOKENS = 10_000_000;
  private static final int DEFAULT_RESPONSE_BYTES = 4_000_000;
  private static final int MOST_RESPONSE_BYTES = 64_000_000;

  static ModelSettings of(Provider provider, AgentRegistration agent) {
    SettingsReader reader = new SettingsReader(provider.name(), agent);
    String url = reader.text("baseUrl").orElse(provider.baseUrl());
    ModelSettings settings =
        new ModelSettings(
            withoutSlash(WebSettings.address(reader, "baseUrl", url).toString()),
            reader.requiredText("model", "give the model's name as the provider has it"),
            apiKey(provider, url, reader),
            reader.number("temperature", 0, HOTTEST),
            reader.size("maxOutputTokens", provider.maxOutputTokens(), MOST_OUTPUT_TOKENS),
            Prompt.of(reader),
            reader
                .choice("structuredOutput", StructuredOutput.wireNames())
                .map(StructuredOutput::ofWireName)
                .map(mode -> provider.offers(mode) ? mode : StructuredOutput.PROMPT),
            provider.takesStrictSchemas() && reader.flag("strictSchema", false),
            reader.flag("stream", false),
            reader.flag("askConfidence", false),
            WebSettings.headers(reader),
            provider.takesParameters() ? reader.object("parameters") : Map.of(),
            reader.size("maxResponseBytes", DEFAULT_RESPONSE_BYTES, MOST_RESPONSE_BYTES));
    reader.check();
    return settings;
  }

  private static Optional<String> apiKey(Provider provider, String url, SettingsReader reader) {
    Optional<String> key = reader.text("apiKey");
    if (key.isPresent() && !Secrets.isReference(key.get())) {
      reader.refuse(
          "apiKey",
          "holds a value; put the key where the executor runs, and give a reference such as"
              + " env:API_KEY or file:/run/secrets/api-key");
      return Optional.empty();
    }
    if (key.isEmpty() && provider.needsKey() && url.equals(provider.baseUrl())) {
      reader.refuse(
          "apiKey",
          "is missing; give a reference to it such as env:API_KEY or file:/run/secrets/api-key");
    }
    return key;
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
