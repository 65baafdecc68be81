package io.ligature.state.engine;

/** The definition version a workflow is pinned to. */
public record DefinitionRef(String name, int version, String sha256) {}
