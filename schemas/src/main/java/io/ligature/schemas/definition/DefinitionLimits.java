package io.ligature.schemas.definition;

/**
 * How large a definition may be; settings {@code ligature.definitions.*}.
 *
 * @param textBytes {@code max-bytes}: size of the text
 * @param depth {@code max-depth}: levels of nesting
 * @param tasks {@code max-tasks}: tasks of one definition, those inside of others too
 * @param expressionLength {@code max-expression-length}: characters of one expression
 * @param expressionDepth {@code max-expression-depth}: levels of one expression
 * @param expressionIterations {@code max-expression-iterations}: steps of one evaluation
 * @param nesting {@code max-nesting}: how many tasks one may be inside of
 * @param variables {@code max-variables}: variables of one definition
 */
public record DefinitionLimits(
    int textBytes,
    int depth,
    int tasks,
    int expressionLength,
    int expressionDepth,
    int expressionIterations,
    int nesting,
    int variables) {

  public static final DefinitionLimits DEFAULT =
      new DefinitionLimits(650_000, 50, 5_000, 10_000, 50, 10_000, 8, 64);
}
