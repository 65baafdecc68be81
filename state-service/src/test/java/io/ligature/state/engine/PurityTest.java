package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.ligature.schemas.PurityRules;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The engine decides from what it is given and knows nothing else. */
class PurityTest {

  private static final Map<String, ArchRule> RULES = PurityRules.of("io.ligature.state.engine..");

  @Test
  void theEngineIsPure() {
    JavaClasses engine =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ligature.state.engine");

    assertThat(engine).isNotEmpty();
    RULES.values().forEach(rule -> rule.check(engine));
  }

  @Test
  void eachRuleTripsOverTheOffender() {
    JavaClasses offender = new ClassFileImporter().importClasses(PurityOffender.class);

    assertThat(RULES)
        .allSatisfy((name, rule) -> assertThat(rule.evaluate(offender).hasViolation()).isTrue());
  }
}
