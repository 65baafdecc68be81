package io.ligature.approval.review;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** The rules of review depend on values alone. */
class PurityTest {

  private static final ArchRule NO_SERVICES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "io.quarkus..",
              "io.vertx..",
              "jakarta.enterprise..",
              "jakarta.inject..",
              "jakarta.ws.rs..",
              "java.net.http..",
              "java.util.concurrent..",
              "org.jboss.logging..",
              "org.slf4j..",
              "io.micrometer..",
              "io.ligature.approval.stream..",
              "io.ligature.approval.http..");

  private static final ArchRule NO_CLOCK_AND_NO_CHANCE =
      noClasses()
          .should()
          .callMethodWhere(describe("asks for the time or for chance", PurityTest::isTimeOrChance));

  @Test
  void dependsOnValuesAlone() {
    var review =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackagesOf(Review.class);

    NO_SERVICES.check(review);
    NO_CLOCK_AND_NO_CHANCE.check(review);
  }

  @Test
  void isTrippedByAnOffender() {
    var offender = new ClassFileImporter().importClasses(Offender.class);

    assertThat(NO_SERVICES.evaluate(offender).hasViolation()).isTrue();
    assertThat(NO_CLOCK_AND_NO_CHANCE.evaluate(offender).getFailureReport().getDetails())
        .hasSize(3);
  }

  private static boolean isTimeOrChance(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    boolean now = call.getName().equals("now") && call.getTarget().getParameterTypes().isEmpty();
    return now
        || owner.isEquivalentTo(Clock.class)
        || (owner.isEquivalentTo(UUID.class) && call.getName().equals("randomUUID"))
        || (owner.isEquivalentTo(System.class)
            && (call.getName().equals("currentTimeMillis") || call.getName().equals("nanoTime")));
  }

  static final class Offender {
    String offend() {
      Logger.getLogger(Offender.class).info("offends");
      return Instant.now() + UUID.randomUUID().toString() + System.nanoTime();
    }
  }
}
