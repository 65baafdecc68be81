package io.ligature.approval.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some reviews of a list.
 *
 * @param next cursor of the page behind; null: there is none
 */
public record ReviewPage(List<ReviewSummary> reviews, @Nullable String next) {

  public ReviewPage {
    reviews = List.copyOf(reviews);
  }
}
