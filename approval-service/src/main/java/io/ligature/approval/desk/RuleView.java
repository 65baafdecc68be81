package io.ligature.approval.desk;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Escalation;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import io.ligature.schemas.wire.Payloads;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Locale;

/** The rule of a review as JSON. */
final class RuleView {

  private RuleView() {}

  static ObjectNode of(ReviewRule rule) {
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
      working.getDays().forEach(day -> days.add(DayOfWeek.of(day).name().toLowerCase(Locale.ROOT)));
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
}
