package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.BusinessHours;
import io.ligature.schemas.definition.TaskDefinition.Escalation;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import io.ligature.schemas.definition.TaskDefinition.ReviewTerms;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import io.ligature.schemas.definition.TaskDefinition.Silence;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes gates and the rules of reviews of trees of the right shape. */
final class ReviewBuilder {

  private static final Duration SHORTEST_DAY = Duration.ofMinutes(15);
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final Values values;

  ReviewBuilder(Values values) {
    this.values = values;
  }

  ReviewGate gate(JsonNode review, String place, TemplateReader templates) {
    JsonNode expire = review.path("expire");
    Duration end = values.duration(expire, "after", place + "/expire");
    String then = expire.path("then").asText("reject");
    ReviewRule rule = rule(review, place);
    checkEnd(expire, then, end, rule, place);
    if (then.equals("escalate") && end != null && expire.has("to")) {
      rule = escalatedAtTheEnd(rule, new Escalation(end, expire.get("to").textValue()));
    }
    List<Risk> risks = risks(review.path("risk"), place + "/risk", templates);
    double sample = review.path("sample").asDouble(0);
    // Without risks of its own a gate may be passed by those of the deployment.
    if (sample > 0 && !risks.isEmpty() && risks.stream().noneMatch(Risk::pass)) {
      values.problem(
          place + "/sample",
          "nothing passes this gate, so there is nothing to take a sample of",
          "add a 'risk' with 'pass: true', or remove it");
    }
    return new ReviewGate(
        rule,
        review.has("subject")
            ? templates.template(review.get("subject"), place + "/subject")
            : null,
        then.equals("escalate") ? null : end,
        switch (then) {
          case "abort" -> Silence.ABORT;
          case "approve" -> Silence.APPROVE;
          default -> Silence.REJECT;
        },
        List.copyOf(risks),
        sample);
  }

  private void checkEnd(
      JsonNode expire, String then, @Nullable Duration end, ReviewRule rule, String place) {
    if (then.equals("escalate") != expire.has("to")) {
      values.problem(
          place + "/expire",
          then.equals("escalate")
              ? "it is not said who may decide then"
              : "'to' goes with 'then: escalate' alone",
          then.equals("escalate") ? "add 'to' with a role" : "remove it");
    }
    List<Escalation> ladder = rule.terms().escalate();
    if (end != null && !ladder.isEmpty() && ladder.getLast().after().compareTo(end) >= 0) {
      values.problem(
          place + "/escalate/" + (ladder.size() - 1),
          "this step is never reached: the wait has ended before",
          "let it come earlier, or 'expire' later");
    }
  }

  private static ReviewRule escalatedAtTheEnd(ReviewRule rule, Escalation last) {
    ReviewTerms terms = rule.terms();
    List<Escalation> ladder = new ArrayList<>(terms.escalate());
    ladder.add(last);
    return new ReviewRule(
        rule.role(),
        rule.quorum(),
        rule.fourEyes(),
        rule.edit(),
        new ReviewTerms(
            terms.roles(),
            terms.users(),
            terms.rejections(),
            terms.otherThanBefore(),
            terms.maxChanges(),
            terms.remind(),
            ladder,
            terms.hours()));
  }

  ReviewRule rule(JsonNode review, String place) {
    return new ReviewRule(
        review.get("role").textValue(),
        review.path("quorum").asInt(1),
        review.path("fourEyes").asBoolean(false),
        review.path("edit").asBoolean(true),
        new ReviewTerms(
            texts(review.path("roles")),
            texts(review.path("users")),
            review.path("rejections").asInt(1),
            review.path("otherThanBefore").asBoolean(false),
            review.path("maxChanges").asInt(ReviewTerms.USUAL.maxChanges()),
            reminders(review.path("remind"), place + "/remind"),
            ladder(review.path("escalate"), place + "/escalate"),
            hours(review.path("businessHours"), place + "/businessHours")));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  private List<Duration> reminders(JsonNode list, String place) {
    List<Duration> reminders = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Duration after = values.duration(list.get(i).textValue(), place + "/" + i);
      if (after != null) {
        checkOrder(reminders.isEmpty() ? null : reminders.getLast(), after, place + "/" + i);
        reminders.add(after);
      }
    }
    return reminders;
  }

  private List<Escalation> ladder(JsonNode list, String place) {
    List<Escalation> ladder = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Duration after = values.duration(list.get(i), "after", place + "/" + i);
      if (after != null) {
        checkOrder(ladder.isEmpty() ? null : ladder.getLast().after(), after, place + "/" + i);
        ladder.add(new Escalation(after, list.get(i).get("to").textValue()));
      }
    }
    return ladder;
  }

  private void checkOrder(@Nullable Duration before, Duration after, String place) {
    if (before != null && after.compareTo(before) <= 0) {
      values.problem(
          place,
          "it does not come later than the one before it",
          "count all of them from the request, and write them in their order");
    }
  }

  private @Nullable BusinessHours hours(JsonNode hours, String place) {
    if (hours.isMissingNode()) {
      return null;
    }
    ZoneId zone = zone(hours.get("zone").textValue(), place + "/zone");
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    hours.get("days").forEach(day -> days.add(DayOfWeek.of(DAYS.indexOf(day.textValue()) + 1)));
    LocalTime from = LocalTime.parse(hours.get("from").textValue());
    LocalTime to = LocalTime.parse(hours.get("to").textValue());
    if (Duration.between(from, to).compareTo(SHORTEST_DAY) < 0) {
      values.problem(
          place,
          "from " + from + " to " + to + " is no day of work",
          "give at least 15 minutes, on one day");
      return null;
    }
    return zone == null ? null : new BusinessHours(zone, days, from, to);
  }

  private @Nullable ZoneId zone(String text, String place) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      values.problem(
          place, "'" + text + "' is not a time zone", "write one as Europe/Berlin, or UTC");
      return null;
    }
  }

  private List<Risk> risks(JsonNode list, String place, TemplateReader templates) {
    List<Risk> risks = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode risk = list.get(i);
      String at = place + "/" + i;
      checkRisk(risk, at);
      Expression when = templates.with(Risk.ABOUT).condition(risk.get("when"), at + "/when");
      if (when != null) {
        risks.add(
            new Risk(
                when,
                risk.path("role").textValue(),
                risk.has("quorum") ? (Integer) risk.get("quorum").intValue() : null,
                risk.has("pass"),
                risk.path("reason").asText("")));
      }
    }
    return risks;
  }

  private void checkRisk(JsonNode risk, String at) {
    boolean changes = risk.has("role") || risk.has("quorum");
    if (risk.has("pass") && changes) {
      values.problem(
          at, "what passes has no reviewers", "leave out 'role' and 'quorum', or 'pass'");
    } else if (risk.has("pass") && !risk.has("reason")) {
      values.problem(at, "it is not said why this may pass", "add a 'reason' for the record");
    } else if (!risk.has("pass") && !changes) {
      values.problem(at, "this risk changes nothing", "give it 'role', 'quorum' or 'pass: true'");
    }
  }
}
