package io.ligature.approval.desk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about people who are not asking themselves. */
public interface People {

  /**
   * @return null: nothing is known about anyone here; empty: there is no such person
   */
  @Nullable List<String> rolesOf(String who);
}
