package io.ligature.local.client;

import io.ligature.local.platform.LocalDeployment;
import io.ligature.local.platform.LocalService;
import java.nio.file.Path;
import java.util.TreeMap;

/** How a local deployment is reached. */
final class RunningEndpoints {

  private RunningEndpoints() {}

  static Endpoints of(Path data) {
    return LocalDeployment.find(data)
        .map(RunningEndpoints::of)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCodes.USAGE,
                    "nothing is running with its data in " + data + "; ./ligature up starts it"));
  }

  static Endpoints of(LocalDeployment deployment) {
    return new Endpoints(
        deployment.url(LocalService.STATE),
        deployment.url(LocalService.ROUTER),
        deployment.url(LocalService.APPROVAL),
        deployment.bootstrapServers(),
        deployment.registryUrl(),
        new TreeMap<>(deployment.users().passwords()));
  }
}
