package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.example.Protocol.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswersTest {

  private final AtomicInteger worked = new AtomicInteger();

  @Test
  void forgetsTheOldestWhenThereAreTooMany() {
    Answers answers = new Answers(2, 1000);
    for (String key : new String[] {"a", "b", "c"}) {
      ask(answers, key, 200);
    }

    ask(answers, "c", 200);
    ask(answers, "a", 200);

    assertThat(worked).hasValue(4);
    assertThat(answers.size()).isEqualTo(2);
  }

  @Test
  void forgetsTheOldestWhenTheyAreTooLong() {
    Answers answers = new Answers(100, 8);
    ask(answers, "a", 200);
    ask(answers, "b", 200);

    ask(answers, "c", 200);

    assertThat(answers.size()).isEqualTo(2);
  }

  @Test
  void triesAgainAfterAFault() {
    Answers answers = new Answers(10, 1000);
    assertThatThrownBy(
            () ->
                answers.answer(
                    "a",
                    () -> {
                      throw new IllegalStateException("fault");
                    }))
        .hasMessage("fault");

    assertThat(ask(answers, "a", 200).status()).isEqualTo(200);
  }

  private Reply ask(Answers answers, String key, int status) {
    return answers.answer(
        key,
        () -> {
          worked.incrementAndGet();
          return new Reply(status, "four");
        });
  }
}
