package io.ligature.local.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints a local user's password, for curl. */
@Command(name = "password", description = "Prints the password of a local user.")
final class PasswordCommand implements Callable<Integer> {

  @Mixin private final Session session = new Session();

  @Parameters(paramLabel = "USER")
  private String user = "";

  @Override
  public Integer call() {
    session.print(session.endpoints().password(user));
    return ExitCodes.OK;
  }
}
