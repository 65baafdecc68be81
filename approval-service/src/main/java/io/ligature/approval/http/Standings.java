package io.ligature.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.Clockwork;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.review.Standing;
import io.ligature.avro.Escalation;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import io.ligature.schemas.wire.Payloads;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;

/** The rule of a review and how far it is, as the API shows them. */
final class Standings {

  private Standings() {}

  static ObjectNode rule(ReviewRule rule) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("role", rule.getRole());
    rule.getRoles().forEach(view.putArray("roles")::add);
    rule.getUsers().forEach(view.putArray("users")::add);
    view.put("quorum", rule.getQuorum())
        .put("rejections", rule.getRejections())
        .put("fourEyes", rule.getFourEyes())
        .put("otherThanBefore", rule.getOtherThanBefore())
        .put("edit", rule.getEdit())
        .put("maxChanges", rule.getMaxChanges());
    ArrayNode reminders = view.putArray("remind");
    rule.getRemindAfterMs().forEach(after -> reminders.add(duration(after)));
    ArrayNode escalations = view.putArray("escalate");
    for (Escalation step : rule.getEscalate()) {
      escalations.addObject().put("after", duration(step.getAfterMs())).put("to", step.getTo());
    }
    view.put("onExpiry", rule.getOnExpiry().name());
    WorkingTime working = rule.getWorkingTime();
    if (working == null) {
      view.putNull("businessHours");
    } else {
      ObjectNode hours = view.putObject("businessHours").put("zone", working.getZone());
      ArrayNode days = hours.putArray("days");
      working
          .getDays()
          .forEach(day -> days.add(DayOfWeek.of(day).name().toLowerCase(java.util.Locale.ROOT)));
      hours.put("from", time(working.getFromMinute())).put("to", time(working.getToMinute()));
    }
    return view;
  }

  private static String duration(long millis) {
    return Duration.ofMillis(millis).toString();
  }

  private static String time(int minute) {
    return LocalTime.ofSecondOfDay(minute * 60L).toString();
  }

  static void put(ObjectNode view, Review review) {
    Standing standing = review.standing();
    Reviewers.rolesOf(review).forEach(view.putArray("decidableBy")::add);
    Standing.Hold hold = standing.hold();
    if (hold == null || !(review instanceof Review.Open)) {
      view.putNull("claim");
    } else {
      view.putObject("claim")
          .put("who", hold.who())
          .put("until", hold.until().toString())
          .put("from", hold.from())
          .put("depth", hold.depth());
    }
    view.put("approvals", standing.approvals()).put("rejections", standing.rejections());
    ArrayNode votes = view.putArray("votes");
    for (Standing.Vote vote : standing.votes()) {
      votes
          .addObject()
          .put("who", vote.who())
          .put("role", vote.role())
          .put("decision", vote.decision().name())
          .put("reason", vote.reason())
          .put("at", vote.at().toString());
    }
    view.set("diff", diff(standing));
    view.put("reminders", standing.reminders());
    view.put("nextDueAt", Clockwork.next(review).map(Object::toString).orElse(null));
  }

  private static com.fasterxml.jackson.databind.JsonNode diff(Standing standing) {
    String diff = standing.diff();
    if (diff == null) {
      return com.fasterxml.jackson.databind.node.NullNode.instance;
    }
    try {
      return Payloads.JSON.readTree(diff);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON Patch is not what was written", e);
    }
  }
}
