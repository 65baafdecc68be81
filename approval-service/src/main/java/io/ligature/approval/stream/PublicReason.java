package io.ligature.approval.stream;

import io.ligature.avro.NeedsReview;

/** Why a person is needed, as anyone may read it who sees a list or is told of the review. */
@FunctionalInterface
public interface PublicReason {

  String of(NeedsReview request);
}
