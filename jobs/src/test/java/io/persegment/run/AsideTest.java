package io.persegment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AsideTest {
  @Test
  void givesWhatTheWorkGaveOrThrewAsItIs() {
    try (Aside<String> work = Aside.start("work", () -> "done")) {
      assertThat(work.get()).isEqualTo("done");
    }
    var thrown = new IOException("full");
    try (Aside<String> work =
        Aside.start(
            "work",
            () -> {
              throw thrown;
            })) {
      assertThatThrownBy(work::get).isSameAs(thrown);
    }
  }

  @Test
  void waitsForItsEndWhateverHappensBeside() {
    var ended = new AtomicBoolean();
    var mayEnd = new CountDownLatch(1);
    assertThatThrownBy(
            () -> {
              try (Aside<String> work =
                  Aside.start(
                      "work",
                      () -> {
                        mayEnd.await();
                        ended.set(true);
                        throw new IOException("of the work");
                      })) {
                assertThat(work).isNotNull();
                Thread.currentThread().interrupt();
                mayEnd.countDown();
                throw new IOException("of what is beside");
              }
            })
        .hasMessage("of what is beside");
    assertThat(ended).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
