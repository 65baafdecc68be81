package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles CEL expressions over {@code input}, {@code tasks}, {@code workflow}, {@code variables}
 * and the names that exist at their place only.
 *
 * <p>A comprehension may make so many steps in all as the limits say, and an expression may have so
 * many characters, nodes and levels; with that no expression runs away.
 */
final class CelExpressions {

  private final Cel base;
  private final Map<Set<String>, Cel> environments = new ConcurrentHashMap<>();

  CelExpressions(DefinitionLimits limits) {
    CelOptions options =
        CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(limits.expressionIterations())
            .maxExpressionCodePointSize(limits.expressionLength())
            .maxParseRecursionDepth(limits.expressionDepth())
            .maxRegexProgramSize(1000)
            .build();
    this.base =
        CelFactory.plannerCelBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("input", SimpleType.DYN)
            .addVar("tasks", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar("workflow", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar("variables", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .build();
  }

  /** An expression cannot be compiled; the message says why. */
  static final class InvalidExpressionException extends Exception {
    InvalidExpressionException(String message) {
      super(message);
    }
  }

  CelExpression compile(String text) throws InvalidExpressionException {
    return compile(text, Set.of());
  }

  /**
   * @param locals names that exist at its place only
   */
  CelExpression compile(String text, Set<String> locals) throws InvalidExpressionException {
    Cel cel = environments.computeIfAbsent(locals, this::environment);
    CelValidationResult result = cel.compile(text);
    if (result.hasError()) {
      throw new InvalidExpressionException(
          result.getErrors().stream()
              .map(CelIssue::getMessage)
              .map(CelExpressions::shortened)
              .distinct()
              .collect(Collectors.joining("; ")));
    }
    try {
      CelAbstractSyntaxTree ast = result.getAst();
      References references = new References(locals);
      references.collect(ast.getExpr());
      if (references.wholeTasks) {
        throw new InvalidExpressionException(
            "'tasks' can only be read by name, as in tasks.NAME.output");
      }
      if (references.wholeVariables) {
        throw new InvalidExpressionException(
            "'variables' can only be read by name, as in variables.NAME");
      }
      return new CelExpression(text, references, ast, cel.createProgram(ast));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new InvalidExpressionException(String.valueOf(e.getMessage()));
    }
  }

  private Cel environment(Set<String> locals) {
    CelBuilder builder = base.toCelBuilder();
    locals.forEach(name -> builder.addVar(name, SimpleType.DYN));
    return builder.build();
  }

  /** Without the lists of all that would have been possible there. */
  private static String shortened(String message) {
    return message
        .replaceAll("(?s) \\(candidates: .*", "")
        .replaceAll("(?s) expecting \\{.*", "")
        .replace(" (in container '')", "");
  }

  /** What an expression reads, found in its syntax tree. */
  private static final class References {
    private final Set<String> known;
    private final Deque<String> hidden = new ArrayDeque<>();
    final Set<String> tasks = new TreeSet<>();
    final Set<String> variables = new TreeSet<>();
    final Set<String> locals = new TreeSet<>();
    boolean input;
    boolean wholeTasks;
    boolean wholeVariables;

    References(Set<String> locals) {
      this.known = locals;
    }

    void collect(CelExpr expr) {
      switch (expr.getKind()) {
        case IDENT -> collectName(expr.ident().name());
        case SELECT -> {
          if (isName(expr.select().operand(), "tasks")) {
            tasks.add(expr.select().field());
          } else if (isName(expr.select().operand(), "variables")) {
            variables.add(expr.select().field());
          } else {
            collect(expr.select().operand());
          }
        }
        case CALL -> collectCall(expr);
        case LIST -> expr.list().elements().forEach(this::collect);
        case MAP ->
            expr.map()
                .entries()
                .forEach(
                    entry -> {
                      collect(entry.key());
                      collect(entry.value());
                    });
        case STRUCT -> expr.struct().entries().forEach(entry -> collect(entry.value()));
        case COMPREHENSION -> collectLoop(expr.comprehension());
        case CONSTANT, NOT_SET -> {}
      }
    }

    /** Its own names hide those outside of it. */
    private void collectLoop(CelExpr.CelComprehension loop) {
      collect(loop.iterRange());
      collect(loop.accuInit());
      hidden.push(loop.accuVar());
      collect(loop.result());
      hidden.push(loop.iterVar());
      collect(loop.loopCondition());
      collect(loop.loopStep());
      hidden.pop();
      hidden.pop();
    }

    private void collectName(String name) {
      if (hidden.contains(name)) {
        return;
      }
      if (known.contains(name)) {
        locals.add(name);
        return;
      }
      input |= name.equals("input");
      wholeTasks |= name.equals("tasks");
      wholeVariables |= name.equals("variables");
    }

    private void collectCall(CelExpr expr) {
      var arguments = expr.call().args();
      if (expr.call().function().equals("_[_]")
          && arguments.get(1).getKind() == CelExpr.ExprKind.Kind.CONSTANT
          && arguments.get(1).constant().getKind() == CelConstant.Kind.STRING_VALUE) {
        String name = arguments.get(1).constant().stringValue();
        if (isName(arguments.getFirst(), "tasks")) {
          tasks.add(name);
          return;
        }
        if (isName(arguments.getFirst(), "variables")) {
          variables.add(name);
          return;
        }
      }
      expr.call().target().ifPresent(this::collect);
      arguments.forEach(this::collect);
    }

    private boolean isName(CelExpr expr, String name) {
      return expr.getKind() == CelExpr.ExprKind.Kind.IDENT
          && expr.ident().name().equals(name)
          && !hidden.contains(name);
    }
  }

  /** One compiled expression. */
  static final class CelExpression implements Expression {
    private final String text;
    private final Set<String> tasks;
    private final boolean readsInput;
    private final Set<String> variables;
    private final Set<String> locals;
    private final CelType type;
    private final CelExpr tree;
    private final CelRuntime.Program program;

    private CelExpression(
        String text, References references, CelAbstractSyntaxTree ast, CelRuntime.Program program) {
      this.text = text;
      this.tasks = Set.copyOf(references.tasks);
      this.readsInput = references.input;
      this.variables = Set.copyOf(references.variables);
      this.locals = Set.copyOf(references.locals);
      this.type = ast.getResultType();
      this.tree = ast.getExpr();
      this.program = program;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public Set<String> tasks() {
      return tasks;
    }

    @Override
    public boolean readsInput() {
      return readsInput;
    }

    @Override
    public Set<String> variables() {
      return variables;
    }

    @Override
    public Set<String> locals() {
      return locals;
    }

    CelExpr tree() {
      return tree;
    }

    /** False when its type is known and is another one. */
    boolean mayBeBoolean() {
      return type.equals(SimpleType.BOOL) || type.equals(SimpleType.DYN);
    }

    String typeName() {
      return type.name();
    }

    @Override
    public boolean isTrue(Scope scope) {
      Object value = evaluate(scope);
      if (value instanceof Boolean bool) {
        return bool;
      }
      throw new ExpressionException("${" + text + "} is not true or false: " + value);
    }

    JsonNode json(Scope scope) {
      return CelValues.json(evaluate(scope), "${" + text + "}");
    }

    /** True or false when it is that whatever it reads; null: it depends, or is neither. */
    @Nullable Boolean always() {
      try {
        return program.eval(Map.of()) instanceof Boolean value ? value : null;
      } catch (CelEvaluationException | RuntimeException e) {
        // It cannot be evaluated without the names it reads.
        return null;
      }
    }

    private Object evaluate(Scope scope) {
      Map<String, Object> names = new HashMap<>();
      if (readsInput) {
        names.put("input", CelValues.of(scope.input()));
      }
      Map<String, Object> facts = new HashMap<>();
      tasks.forEach(task -> facts.put(task, CelValues.of(scope.task(task))));
      names.put("tasks", facts);
      Map<String, Object> values = new HashMap<>();
      variables.forEach(name -> values.put(name, CelValues.of(scope.variable(name))));
      names.put("variables", values);
      locals.forEach(name -> names.put(name, CelValues.of(scope.local(name))));
      names.put("workflow", CelValues.of(scope.workflow()));
      try {
        return program.eval(names);
      } catch (CelEvaluationException | RuntimeException e) {
        // Some of the library's functions throw what is not its own exception.
        throw new ExpressionException("${" + text + "} cannot be evaluated: " + e.getMessage(), e);
      }
    }
  }
}
