package io.ligature.schemas;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a functional core must not know, one rule for each thing, by name. Each user checks them on
 * its core and shows with an offender that each can fail.
 */
public final class PurityRules {

  private static final Set<String> TIME =
      Set.of("now", "nanoTime", "currentTimeMillis", "systemUTC", "systemDefaultZone");
  private static final Set<String> CHANCE =
      Set.of("random", "randomUUID", "identityHashCode", "shuffle");

  private PurityRules() {}

  /**
   * @param core package of the core, for example {@code io.ligature.state.engine..}
   */
  public static Map<String, ArchRule> of(String core) {
    Map<String, ArchRule> rules = new TreeMap<>();
    rules.put(
        "broker",
        knowsNo(
            core,
            "org.apache.kafka..",
            "org.rocksdb..",
            "io.smallrye..",
            "org.eclipse.microprofile.."));
    rules.put(
        "container", knowsNo(core, "io.quarkus..", "jakarta.enterprise..", "jakarta.inject.."));
    rules.put("http", knowsNo(core, "jakarta.ws..", "java.net..", "io.vertx.."));
    rules.put(
        "log",
        knowsNo(
            core,
            "org.jboss.logging..",
            "org.slf4j..",
            "java.util.logging..",
            "io.micrometer..",
            "io.opentelemetry.."));
    rules.put("files", knowsNo(core, "java.nio.file..", "java.nio.channels.."));
    rules.put("threads", knowsNo(core, "java.util.concurrent.."));
    rules.put("time", callsNo(core, "it tells the time", TIME));
    rules.put("chance", callsNo(core, "it rolls dice", CHANCE));
    rules.put(
        "dice",
        noClasses()
            .that()
            .resideInAPackage(core)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class));
    return rules;
  }

  private static ArchRule knowsNo(String core, String... packages) {
    return noClasses()
        .that()
        .resideInAPackage(core)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static ArchRule callsNo(String core, String what, Set<String> names) {
    return noClasses()
        .that()
        .resideInAPackage(core)
        .should()
        .callMethodWhere(
            describe(
                what,
                (JavaCall<?> call) ->
                    call.getTargetOwner().getPackageName().startsWith("java.")
                        && names.contains(call.getTarget().getName())));
  }
}
