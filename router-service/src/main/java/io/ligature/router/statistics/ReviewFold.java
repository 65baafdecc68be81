package io.ligature.router.statistics;

import io.ligature.avro.Evidence;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ReviewDecided;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRequested;
import io.ligature.router.statistics.OpenTasks.Open;
import io.ligature.router.statistics.OpenTasks.Stand;
import io.ligature.router.statistics.OpenTasks.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Folds what people decide about results. A decision takes back what the result was counted as
 * before, with the weight it was counted with, so that a result always counts as one thing.
 */
final class ReviewFold {

  /** The reviewer where nobody decided in time: no verdict on anyone. */
  private static final String POLICY = "policy";

  private static final String GATE = "gate";
  private static final String RESULT = "result";
  private static final String WORK = "work";

  private final OpenTasks open;
  private final Tallies tallies;

  ReviewFold(OpenTasks open, Tallies tallies) {
    this.open = open;
    this.tallies = tallies;
  }

  /** People used a result that had not been accepted; what it was rejected for is taken back. */
  void used(Open known, String agent, Grade grade, Instant at, long offset) {
    Count rejected = known.stand.count();
    if (!known.stand.isReviewable() && known.stand != Stand.BY_A_PERSON) {
      return;
    }
    Tally tally = tallies.changing(agent, known.capability, offset);
    if (tally == null) {
      return;
    }
    if (rejected != null) {
      tally.takeBack(rejected, known.at);
    }
    tally.accepted(grade == Grade.repaired, at);
    if (grade == Grade.human_edited && known.stand != Stand.BY_A_PERSON) {
      tally.count(Count.EDITED, at);
    }
  }

  void requested(String workflow, ReviewRequested e, Instant at, long offset) {
    String task = e.getReview().getTask();
    if (e.getPurpose().equals(GATE)) {
      List<Subject> subjects = subjects(e);
      if (!subjects.isEmpty()) {
        open.begin(workflow, task, null, offset).subjects = subjects;
      }
      return;
    }
    Open known = open.get(workflow, task);
    boolean work = e.getPurpose().equals(WORK);
    if (known == null || !(work || e.getPurpose().equals(RESULT))) {
      return;
    }
    ResultMetadata metadata = e.getMetadata();
    String agent = e.getAgent();
    if (agent == null) {
      if (known.agent != null && !work) {
        count(known.agent, known, Count.REVIEWED, at, offset);
      }
      return;
    }
    known.agent = agent;
    known.confidence = metadata == null ? null : metadata.getConfidence();
    known.at = at;
    known.stand = work ? Stand.BY_A_PERSON : Stand.ASKS;
    known.stood = null;
    Tally tally = tallies.changing(agent, known.capability, offset);
    if (tally != null && !work) {
      tally.count(Count.REVIEWED, at);
      CallFigures.of(tally, metadata, e.getCharged(), e.getCostKnown(), at);
    }
  }

  /** The results whose output is what the gate asks about. */
  private static List<Subject> subjects(ReviewRequested e) {
    List<Subject> subjects = new ArrayList<>();
    var subject = e.getReview().getSubject();
    if (subject == null) {
      return subjects;
    }
    for (Evidence each : e.getReview().getEvidence()) {
      var output = each.getOutput();
      String agent = each.getAgent();
      String capability = each.getCapability();
      if (output != null
          && agent != null
          && capability != null
          && output.getSha256().equals(subject.getSha256())) {
        subjects.add(
            new Subject(agent, capability, each.getConfidence(), e.getReview().getRequestedAt()));
      }
    }
    return subjects;
  }

  void decided(String workflow, ReviewDecided e, Instant at, long offset) {
    Open known = open.get(workflow, e.getTask());
    ReviewDecision decision = e.getDecision();
    if (known == null || decision.getReviewer().equals(POLICY)) {
      return;
    }
    if (!known.subjects.isEmpty()) {
      known.subjects.forEach(subject -> gateDecided(subject, decision, at, offset));
      return;
    }
    String agent = known.agent;
    if (!known.stand.isReviewable() || agent == null) {
      return;
    }
    switch (decision.getDecision()) {
      case approve -> verdict(agent, known, true, at, offset);
      case edit_and_approve -> verdict(agent, known, false, at, offset);
      case reject, request_changes -> {
        // The verdict first: it takes back what was counted at the instant of the last one.
        verdict(agent, known, false, at, offset);
        rejectedByReviewer(agent, known, at, offset);
      }
      case abort -> {}
    }
  }

  /** The result had been accepted when the gate was reached. */
  private void gateDecided(Subject subject, ReviewDecision decision, Instant at, long offset) {
    Tally tally = tallies.changing(subject.agent(), subject.capability(), offset);
    if (tally == null) {
      return;
    }
    boolean stood = false;
    switch (decision.getDecision()) {
      case approve -> stood = true;
      case edit_and_approve -> tally.count(Count.EDITED, at);
      case reject -> {
        tally.takeBack(Count.ACCEPTED, subject.at());
        tally.count(Count.REJECTED_BY_REVIEWER, at);
      }
      case request_changes, abort -> {
        return;
      }
    }
    if (subject.confidence() != null) {
      tally.verdict(subject.confidence(), stood, at);
    }
  }

  private void rejectedByReviewer(String agent, Open known, Instant at, long offset) {
    if (known.stand == Stand.REJECTED || known.stand == Stand.FOUND_WRONG) {
      return;
    }
    Tally tally = tallies.changing(agent, known.capability, offset);
    Count before = known.stand.count();
    if (tally != null && before != null) {
      tally.takeBack(before, known.at);
    }
    if (tally != null) {
      tally.count(Count.REJECTED_BY_REVIEWER, at);
    }
    known.stand = Stand.REJECTED;
    known.at = at;
  }

  /** A reviewer's verdict takes the place of a validator's. */
  private void verdict(String agent, Open known, boolean stood, Instant at, long offset) {
    Tally tally = tallies.changing(agent, known.capability, offset);
    Double confidence = known.confidence;
    if (tally != null && confidence != null) {
      if (known.stood != null) {
        tally.takeBackVerdict(confidence, known.stood, known.at);
      }
      tally.verdict(confidence, stood, at);
    }
    known.stood = stood;
  }

  private void count(String agent, Open known, Count count, Instant at, long offset) {
    Tally tally = tallies.changing(agent, known.capability, offset);
    if (tally != null) {
      tally.count(count, at);
    }
  }
}
