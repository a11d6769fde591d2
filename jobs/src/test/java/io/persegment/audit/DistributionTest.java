package io.persegment.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.conformed.Orders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static final Distribution BEFORE =
      Distribution.empty(List.of("paid", "pending")).counted(Map.of(1, 60L, 2, 40L));

  @Test
  void addsUpWhatEachBinMoved() {
    Distribution now = BEFORE.counted(Map.of(1, 20L, 2, 80L));
    // (0.2 - 0.6) ln(0.2 / 0.6) + (0.8 - 0.4) ln(0.8 / 0.4)
    assertThat(BEFORE.psi(now)).isCloseTo(0.716704, within(1e-6));
    assertThat(BEFORE.inWords(BEFORE.mostMoved(now), Orders.STATUS)).isEqualTo("'paid'");
    assertThat(BEFORE.psi(BEFORE)).isZero();
  }

  @Test
  void aBinThatWasEmptyCountsAsATenThousandth() {
    Distribution now = BEFORE.counted(Map.of(1, 30L, 2, 20L, Distribution.OTHER, 50L));
    // 0.3 ln 2 + 0.2 ln 2 + (0.5 - 0.0001) ln 5000
    assertThat(BEFORE.psi(now)).isCloseTo(4.604318, within(1e-6));
    assertThat(BEFORE.inWords(BEFORE.mostMoved(now), Orders.STATUS)).isEqualTo("another value");
  }

  @Test
  void rangesOfNumbersAreInWords() {
    Distribution net = Distribution.empty(List.of("9.5", "1.0E7"));
    assertThat(List.of(0, 1, 2, Distribution.OTHER))
        .extracting(bin -> net.inWords(bin, Orders.NET))
        .containsExactly(
            "empty", "at most 9.5", "more than 9.5, at most 10000000", "more than 10000000");
  }
}
