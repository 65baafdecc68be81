package io.ligature.executor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final ArchRule EXECUTION_KNOWS_NO_KAFKA =
      noClasses()
          .that()
          .resideInAPackage("io.ligature.executor.execution..")
          .or()
          .haveSimpleName("Offender")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "io.quarkus..",
              "io.micrometer..",
              "io.opentelemetry..",
              "jakarta..",
              "io.ligature.executor.stream..");

  @Test
  void executionKnowsNothingOfKafka() {
    EXECUTION_KNOWS_NO_KAFKA.check(
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.ligature.executor"));
  }

  @Test
  void theRuleCatchesItsOffender() {
    assertThatThrownBy(
            () ->
                EXECUTION_KNOWS_NO_KAFKA.check(
                    new ClassFileImporter().importClasses(Offender.class)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("TopicPartition");
  }

  static final class Offender {
    TopicPartition partition() {
      return new TopicPartition("t", 0);
    }
  }
}
