/**
 * Adapters for models behind the APIs of their providers.
 *
 * <p>LangChain4j writes the requests and reads the answers' text. Everything that money, retries
 * and honesty depend on stays here: one request per {@link io.ligature.agent.model.Exchange}, its
 * time, its bound and its end, and what the provider said of tokens, of why it stopped and of what
 * went wrong, taken from the answer as it came.
 */
@NullMarked
package io.ligature.agent.model;

import org.jspecify.annotations.NullMarked;
