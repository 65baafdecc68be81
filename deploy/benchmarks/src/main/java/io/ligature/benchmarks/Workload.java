package io.ligature.benchmarks;

/**
 * A workflow that is measured, with the input of each of its starts.
 *
 * @param definition name of the definition
 * @param text the definition, YAML or JSON
 * @param tasks pieces of work of one workflow
 * @param input of each start, JSON
 */
record Workload(String definition, String text, int tasks, String input) {}
