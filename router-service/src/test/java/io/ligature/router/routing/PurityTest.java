package io.ligature.router.routing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Routing, statistics and contracts decide from what they are given: nothing in them knows the
 * time, the network or the log.
 */
class PurityTest {

  private static final String[] PURE = {
    "io.ligature.router.routing..",
    "io.ligature.router.statistics..",
    "io.ligature.router.contract.."
  };
  private static final Set<String> TIME_AND_CHANCE =
      Set.of("now", "nanoTime", "currentTimeMillis", "random", "randomUUID");

  private static final ArchRule NO_SERVICES =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "io.quarkus..",
              "io.micrometer..",
              "io.opentelemetry..",
              "jakarta.ws..",
              "jakarta.enterprise..",
              "java.net..",
              "java.util.concurrent..",
              "org.jboss.logging..",
              "org.slf4j..",
              "java.util.logging..",
              "io.ligature.router.stream..",
              "io.ligature.router.http..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Random.class);

  private static final ArchRule NO_TIME_OR_CHANCE =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .callMethodWhere(
              describe(
                  "it tells the time or rolls dice",
                  (JavaMethodCall call) -> TIME_AND_CHANCE.contains(call.getTarget().getName())));

  @Test
  void isPure() {
    JavaClasses routing =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(
                "io.ligature.router.routing",
                "io.ligature.router.statistics",
                "io.ligature.router.contract");

    assertThat(routing).isNotEmpty();
    NO_SERVICES.check(routing);
    NO_TIME_OR_CHANCE.check(routing);
  }

  @Test
  void tripsOverAnOffender() {
    JavaClasses offenders =
        new ClassFileImporter().importClasses(LoggingOffender.class, TimeOffender.class);

    assertThat(NO_SERVICES.evaluate(offenders).hasViolation()).isTrue();
    assertThat(NO_TIME_OR_CHANCE.evaluate(offenders).hasViolation()).isTrue();
  }

  static final class LoggingOffender {
    static void log() {
      Logger.getLogger(LoggingOffender.class).info("decided");
    }
  }

  static final class TimeOffender {
    static Instant time() {
      return Instant.now();
    }
  }
}
