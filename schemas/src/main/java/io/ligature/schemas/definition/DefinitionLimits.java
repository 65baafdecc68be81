package io.ligature.schemas.definition;

/**
 * How large a definition may be; settings {@code ligature.definitions.*}.
 *
 * @param textBytes {@code max-bytes}: size of the text
 * @param depth {@code max-depth}: levels of nesting
 * @param tasks {@code max-tasks}: tasks of one definition
 * @param expressionLength {@code max-expression-length}: characters of one expression
 * @param expressionDepth {@code max-expression-depth}: levels of one expression
 * @param expressionIterations {@code max-expression-iterations}: steps of one evaluation
 */
public record DefinitionLimits(
    int textBytes,
    int depth,
    int tasks,
    int expressionLength,
    int expressionDepth,
    int expressionIterations) {

  public static final DefinitionLimits DEFAULT =
      new DefinitionLimits(500_000, 50, 5_000, 10_000, 50, 10_000);
}
