/** Agents that work offline on real text: retrieval, summaries, claim checks and reports. */
@NullMarked
package io.ligature.example;

import org.jspecify.annotations.NullMarked;
