package io.ligature.approval.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last question before a decision.
 *
 * @param action last part of the address that decides
 * @param follows what happens next
 * @param output the edited output as JSON; null unless it is edited
 * @param key the same form sent twice decides once
 * @param error what is wrong with the reason; empty: nothing
 */
public record ConfirmScreen(
    ReviewScreen review,
    String action,
    String title,
    String button,
    List<String> follows,
    boolean reasonNeeded,
    String reason,
    @Nullable String output,
    @Nullable Changes changes,
    String key,
    String error) {}
