package io.ligature.approval.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The edit page.
 *
 * @param form null: the output is edited as JSON
 * @param json the output as JSON, for the form that takes it so
 * @param whyJson why there is no form though one was asked for; empty: there is one, or JSON was
 * @param messages what is wrong, all of it
 * @param version of the review that the draft began with
 * @param slots elements that a check of the draft brings up to date, as a script names them
 */
public record EditScreen(
    ReviewScreen review,
    @Nullable Field form,
    String json,
    int jsonRows,
    String whyJson,
    List<Field.Message> messages,
    Changes changes,
    String slots,
    long version) {

  public boolean raw() {
    return form == null;
  }
}
