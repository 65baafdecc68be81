package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Calibration;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.Count;
import io.ligature.router.statistics.Figures;
import io.ligature.router.statistics.Reliability;
import io.ligature.router.stream.CalibrationSettings;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Statistics as the API shows them: decayed numbers with three digits. */
final class StatisticsView {

  private StatisticsView() {}

  static ObjectNode of(AgentAt at, Figures figures) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("agent", at.agent()).put("capability", at.capability());
    put(view, "accepted", figures.count(Count.ACCEPTED));
    put(view, "repaired", figures.count(Count.REPAIRED));
    put(view, "edited", figures.count(Count.EDITED));
    ObjectNode rejected = view.putObject("rejected");
    put(rejected, "validator", figures.count(Count.REJECTED_BY_VALIDATOR));
    put(rejected, "reviewer", figures.count(Count.REJECTED_BY_REVIEWER));
    put(rejected, "threshold", figures.count(Count.REJECTED_BY_THRESHOLD));
    ObjectNode failed = view.putObject("failed");
    figures.failed().forEach((kind, count) -> put(failed, kind, count));
    put(view, "reviewed", figures.count(Count.REVIEWED));
    put(view, "acceptance", figures.acceptance());
    ObjectNode latency = view.putObject("latency");
    ObjectNode cost = view.putObject("cost");
    Double mean = figures.meanCost();
    cost.put("mean", mean == null ? null : money(Math.round(mean)));
    for (int percent : new int[] {50, 90, 99}) {
      Duration took = figures.latency(percent / 100.0);
      latency.put("p" + percent, took == null ? null : took.toString());
      Long micros = figures.cost(percent / 100.0);
      cost.put("p" + percent, micros == null ? null : money(micros));
    }
    ObjectNode tokens = view.putObject("meanTokens");
    put(tokens, "input", figures.meanTokens(Count.INPUT_TOKENS));
    put(tokens, "cachedInput", figures.meanTokens(Count.CACHED_INPUT_TOKENS));
    put(tokens, "output", figures.meanTokens(Count.OUTPUT_TOKENS));
    ObjectNode shadow = view.putObject("shadow");
    put(shadow, "agreed", figures.count(Count.SHADOW_AGREED));
    put(shadow, "differed", figures.count(Count.SHADOW_DIFFERED));
    put(shadow, "failed", figures.count(Count.SHADOW_FAILED));
    put(shadow, "agreement", figures.shadowAgreement());
    put(view, "verdicts", figures.reliability().count());
    return view;
  }

  static ObjectNode calibration(
      String capability, Reliability reliability, CalibrationSettings settings) {
    Calibration curve = reliability.calibration(settings.minVerdicts()).orElse(null);
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("capability", capability);
    put(view, "verdicts", reliability.count());
    view.put("inUse", settings.enabled() && curve != null);
    put(view, "brierScore", reliability.brierScore());
    put(view, "calibrationError", reliability.calibrationError());
    ArrayNode bins = view.putArray("bins");
    for (Reliability.Bin bin : reliability.bins()) {
      ObjectNode each = bins.addObject();
      put(each, "from", bin.from());
      put(each, "to", bin.to());
      put(each, "verdicts", bin.verdicts());
      put(each, "claimed", bin.claimed());
      put(each, "observed", bin.observed());
    }
    if (curve == null) {
      view.putNull("curve");
    } else {
      ObjectNode told = view.putObject("curve");
      ArrayNode claimed = told.putArray("claimed");
      curve.getClaimed().forEach(value -> claimed.add(rounded(value)));
      ArrayNode observed = told.putArray("observed");
      curve.getObserved().forEach(value -> observed.add(rounded(value)));
    }
    return view;
  }

  private static String money(long micros) {
    return new Money(micros).toString();
  }

  private static void put(ObjectNode view, String field, @Nullable Double value) {
    view.put(field, value == null ? null : rounded(value));
  }

  private static Double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }
}
