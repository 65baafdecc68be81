package io.ligature.state.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The API description in the documentation is the running service's. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class OpenApiTest {

  private static final Path DOCUMENTED = Path.of("../docs/openapi/state-service.yaml");
  private static final Path NOW = Path.of("target/state-service.yaml");

  @Test
  void isTheDocumentedOne() throws Exception {
    String now = new String(given().get("/q/openapi").asByteArray(), StandardCharsets.UTF_8);
    Files.writeString(NOW, now);

    assertThat(now)
        .as("copy state-service/%s to docs/openapi", NOW)
        .isEqualTo(Files.exists(DOCUMENTED) ? Files.readString(DOCUMENTED) : "");
  }
}
