package io.ligature.executor.stream;

import static io.restassured.RestAssured.get;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class ExecutorApplicationTest {

  @Test
  void becomesReadyWhenItIsInItsGroup() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> get("/q/health/ready").then().statusCode(200));
  }

  @Test
  void showsItsFigures() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                get("/q/metrics")
                    .then()
                    .statusCode(200)
                    .body(containsString("ligature_executor_in_flight"))
                    .body(containsString("ligature_executor_retakes_total")));
  }
}
