package io.ligature.approval.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One control of an edit form, or a group of them; the template has one branch for each case. */
public sealed interface Field {

  Face face();

  /** Word that the template branches on. */
  String kind();

  /**
   * What every field has.
   *
   * @param id of the element on the page
   * @param name under which its value is posted; says how it is read, see {@link FormReader}
   * @param pointer JSON pointer of the value in the output
   * @param errors what is wrong with the value
   */
  record Face(
      String id,
      String name,
      String pointer,
      String label,
      String hint,
      boolean required,
      List<String> errors) {

    public Face {
      errors = List.copyOf(errors);
    }

    public boolean wrong() {
      return !errors.isEmpty();
    }
  }

  /**
   * A text in one line or in several.
   *
   * @param type of the control, as HTML has it
   */
  record Text(Face face, String value, int rows, String type) implements Field {
    @Override
    public String kind() {
      return rows > 1 ? "area" : "text";
    }
  }

  /** A number, as it was typed. */
  record Numeral(Face face, String value, boolean whole) implements Field {
    @Override
    public String kind() {
      return "number";
    }
  }

  /** One of some values. */
  record Choice(Face face, List<Option> options) implements Field {
    @Override
    public String kind() {
      return "choice";
    }
  }

  /** Any JSON, where the schema says too little or too much for anything else. */
  record Json(Face face, String value, int rows) implements Field {
    @Override
    public String kind() {
      return "json";
    }
  }

  /** An object or a list that is not there, and need not be. */
  record Absent(Face face, boolean isNull) implements Field {
    @Override
    public String kind() {
      return "absent";
    }
  }

  /**
   * An object.
   *
   * @param removable true: it need not be there
   */
  record Group(Face face, List<Field> fields, boolean removable) implements Field {
    @Override
    public String kind() {
      return "group";
    }
  }

  /**
   * A list.
   *
   * @param full true: it may not grow any more
   * @param removable true: it need not be there
   */
  record Many(Face face, List<Item> items, boolean full, boolean removable) implements Field {
    @Override
    public String kind() {
      return "many";
    }
  }

  /** An element of a list. */
  record Item(int position, String pointer, Field field) {}

  /**
   * @param value JSON text of the value; empty: no value
   */
  record Option(String value, String label, boolean selected) {}

  /** A place on the page that a message belongs to. */
  record Message(@Nullable String id, String label, String text) {}
}
