package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import io.ligature.schemas.definition.Shape.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds what an expression asks of the input that it never gives by its schema: a field that cannot
 * be there, or two kinds of values that cannot be compared or computed with. What is not certain is
 * not told.
 */
final class TypeChecks {

  private static final Set<String> ORDERS = Set.of("_<_", "_<=_", "_>_", "_>=_");
  private static final Set<String> SUMS = Set.of("_-_", "_*_", "_/_", "_%_");
  private static final Set<String> LOGIC =
      Set.of("_&&_", "_||_", "!_", "@in", "startsWith", "endsWith", "contains", "matches");
  private static final String LIKE = "compare and compute with values of the same kind";

  private final Shape input;
  private final BiConsumer<String, String> faults;

  /**
   * @param faults takes each message with its remedy
   */
  TypeChecks(JsonNode inputSchema, BiConsumer<String, String> faults) {
    this.input = Shape.of(inputSchema);
    this.faults = faults;
  }

  /** What its value is. */
  Shape check(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> constant(expr.constant());
      case IDENT -> expr.ident().name().equals("input") ? input : Shape.UNKNOWN;
      case SELECT -> {
        Shape operand = check(expr.select().operand());
        yield expr.select().testOnly()
            ? Shape.of(EnumSet.of(Kind.BOOLEAN))
            : field(operand, expr.select().field(), expr.select().operand());
      }
      case CALL -> call(expr.call());
      case LIST -> {
        expr.list().elements().forEach(this::check);
        yield Shape.of(EnumSet.of(Kind.LIST));
      }
      case MAP -> {
        expr.map().entries().forEach(entry -> check(entry.value()));
        yield Shape.of(EnumSet.of(Kind.OBJECT));
      }
      case COMPREHENSION -> comprehension(expr.comprehension());
      case STRUCT, NOT_SET -> Shape.UNKNOWN;
    };
  }

  private static Shape constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case STRING_VALUE -> Shape.of(EnumSet.of(Kind.STRING));
      case INT64_VALUE, UINT64_VALUE, DOUBLE_VALUE -> Shape.of(EnumSet.of(Kind.NUMBER));
      case BOOLEAN_VALUE -> Shape.of(EnumSet.of(Kind.BOOLEAN));
      case NULL_VALUE -> Shape.of(EnumSet.of(Kind.NULL));
      default -> Shape.UNKNOWN;
    };
  }

  private Shape field(Shape of, String name, CelExpr operand) {
    if (!of.mayBe(Kind.OBJECT)) {
      faults.accept(
          text(operand) + " is " + of.words() + " and has no field '" + name + "'",
          "leave the field out, or correct input.schema");
      return Shape.UNKNOWN;
    }
    Set<String> only = of.onlyFields();
    if (!only.isEmpty() && !only.contains(name)) {
      faults.accept(
          text(operand) + " never has a field '" + name + "'" + Similar.hint(name, only),
          "correct the name, or add it to input.schema");
    }
    return of.field(name);
  }

  private Shape call(CelCall call) {
    call.target().ifPresent(this::check);
    List<Shape> operands = call.args().stream().map(this::check).toList();
    String function = call.function();
    if (operands.size() == 2) {
      Shape left = operands.getFirst();
      Shape right = operands.getLast();
      if (ORDERS.contains(function)) {
        return compared(call, left, right, "cannot be compared");
      }
      if (function.equals("_==_") || function.equals("_!=_")) {
        return isNull(left) || isNull(right)
            ? Shape.of(EnumSet.of(Kind.BOOLEAN))
            : compared(call, left, right, "are never equal");
      }
      if (function.equals("_+_")) {
        return added(call, left, right);
      }
      if (SUMS.contains(function)) {
        return computed(call, left, right);
      }
      if (function.equals("_[_]")) {
        return indexed(left, call.args());
      }
    }
    if (function.equals("size")) {
      return Shape.of(EnumSet.of(Kind.NUMBER));
    }
    return LOGIC.contains(function) ? Shape.of(EnumSet.of(Kind.BOOLEAN)) : Shape.UNKNOWN;
  }

  private static boolean isNull(Shape shape) {
    return shape.kinds().equals(EnumSet.of(Kind.NULL));
  }

  private Shape compared(CelCall call, Shape left, Shape right, String what) {
    if (!left.mayBeLike(right)) {
      faults.accept(sides(call, left, right) + "; they " + what, LIKE);
    }
    return Shape.of(EnumSet.of(Kind.BOOLEAN));
  }

  private Shape added(CelCall call, Shape left, Shape right) {
    if (!left.mayBeLike(right)) {
      faults.accept(sides(call, left, right) + "; they cannot be added", LIKE);
      return Shape.UNKNOWN;
    }
    Set<Kind> kinds = EnumSet.copyOf(left.kinds());
    kinds.retainAll(right.kinds());
    return kinds.size() == 1 ? Shape.of(kinds) : Shape.UNKNOWN;
  }

  /** Times and spans may be subtracted too; what the input holds is neither. */
  private Shape computed(CelCall call, Shape left, Shape right) {
    if (!left.mayBe(Kind.NUMBER) || !right.mayBe(Kind.NUMBER)) {
      faults.accept(sides(call, left, right) + "; they cannot be computed with", LIKE);
    }
    return Shape.UNKNOWN;
  }

  private Shape indexed(Shape of, List<CelExpr> args) {
    CelExpr index = args.getLast();
    boolean name =
        index.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && index.constant().getKind() == CelConstant.Kind.STRING_VALUE;
    if (name) {
      return field(of, index.constant().stringValue(), args.getFirst());
    }
    return of.mayBe(Kind.LIST) && !of.mayBe(Kind.OBJECT) ? of.item() : Shape.UNKNOWN;
  }

  /**
   * Inside of it names may mean something else; that is looked at only where none hides the input.
   */
  private Shape comprehension(CelComprehension comprehension) {
    check(comprehension.iterRange());
    check(comprehension.accuInit());
    if (!comprehension.iterVar().equals("input") && !comprehension.iterVar2().equals("input")) {
      check(comprehension.loopCondition());
      check(comprehension.loopStep());
    }
    return Shape.UNKNOWN;
  }

  private static String sides(CelCall call, Shape left, Shape right) {
    String operator = call.function().replace("_", "");
    return "on the left of '"
        + operator
        + "' is "
        + left.words()
        + ", on its right "
        + right.words();
  }

  private static String text(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT -> expr.ident().name();
      case SELECT -> text(expr.select().operand()) + "." + expr.select().field();
      case CALL ->
          expr.call().function().equals("_[_]") ? text(expr.call().args().getFirst()) + "[]" : "it";
      default -> "it";
    };
  }
}
