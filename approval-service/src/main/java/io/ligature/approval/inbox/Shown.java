package io.ligature.approval.inbox;

import io.quarkus.qute.RawString;
import java.util.List;

/** A JSON value as the page shows it; the template has one branch for each case. */
public sealed interface Shown {

  /** Word that the template branches on. */
  String kind();

  /** There is no value. */
  record Nothing() implements Shown {
    @Override
    public String kind() {
      return "nothing";
    }
  }

  /** A short text, a number or a truth value. */
  record Plain(String text) implements Shown {
    @Override
    public String kind() {
      return "plain";
    }
  }

  /** Markdown, already rendered and free of anything active. */
  record Rich(RawString html) implements Shown {
    @Override
    public String kind() {
      return "rich";
    }
  }

  /** A list of single values. */
  record Bullets(List<Shown> items) implements Shown {
    @Override
    public String kind() {
      return "bullets";
    }
  }

  /**
   * Objects that are alike: a table where there is room for it, and one below the other where not.
   *
   * @param inner true: it stands in a cell of another one, where there is no room
   */
  record Grid(List<String> columns, List<List<Shown>> rows, boolean inner) implements Shown {

    private static final int FEW = 4;

    /** Whether it needs more room than most. */
    public boolean wide() {
      return columns.size() > FEW;
    }

    @Override
    public String kind() {
      return "grid";
    }
  }

  /** An object: its members side by side with their names. */
  record Members(List<Member> members) implements Shown {
    @Override
    public String kind() {
      return "members";
    }
  }

  /** Something large or deep, folded behind what it is. */
  record Folded(String summary, Shown content) implements Shown {
    @Override
    public String kind() {
      return "folded";
    }
  }

  /** What is not shown, in words. */
  record Note(String text) implements Shown {
    @Override
    public String kind() {
      return "note";
    }
  }

  /** A named value. */
  record Member(String name, Shown value) {}
}
