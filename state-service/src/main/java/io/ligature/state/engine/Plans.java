package io.ligature.state.engine;

/** The shell's cache of parsed definitions, by their hash. */
public interface Plans {

  /** Never null: the shell keeps a definition as long as a workflow is pinned to it. */
  Plan plan(DefinitionRef ref);
}
