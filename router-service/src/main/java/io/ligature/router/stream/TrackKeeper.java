package io.ligature.router.stream;

import io.ligature.avro.Calibration;
import io.ligature.router.routing.TrackRecord;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.Figures;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands what the events tell to the routing, on its own thread. */
final class TrackKeeper implements StatisticsFollower.Listener {

  private final AgentsView.Listener loop;
  private final CalibrationSettings settings;

  TrackKeeper(AgentsView.Listener loop, CalibrationSettings settings) {
    this.loop = loop;
    this.settings = settings;
  }

  private record Known(TrackRecord track, @Nullable Calibration curve) {}

  @Override
  public void changed(Map<AgentAt, Figures> figures) {
    Map<AgentAt, Known> known = new HashMap<>();
    figures.forEach((at, each) -> known.put(at, new Known(each.track(), curve(each))));
    loop.change(
        (dispatcher, now) ->
            known.forEach(
                (at, each) -> {
                  dispatcher.fleet().track(at.agent(), at.capability(), each.track);
                  dispatcher.fleet().calibrate(at.agent(), at.capability(), each.curve);
                }));
  }

  private @Nullable Calibration curve(Figures figures) {
    return settings.enabled()
        ? figures.reliability().calibration(settings.minVerdicts()).orElse(null)
        : null;
  }
}
