package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlipsTest {
  @ParameterizedTest
  @ValueSource(strings = {"Ib", "Anne", "Ellen", "Østergaard", "Weiß"})
  void aSlipAlwaysShows(String name) {
    assertThat(IntStream.range(0, 200).mapToObj(i -> Slips.slipped(name, draw(i))))
        .isNotEmpty()
        .doesNotContain(name);
  }

  @ParameterizedTest
  @ValueSource(longs = {20_000_000, 29_999_999, 87_108_863})
  void aWrongDigitLeavesADanishNumber(long phone) {
    assertThat(IntStream.range(0, 200).mapToLong(i -> Phones.slipped(phone, draw(i))).boxed())
        .doesNotContain(phone)
        .allMatch(slipped -> slipped >= 20_000_000 && slipped <= 99_999_999);
  }

  private static Draw draw(int index) {
    return Draw.of(1, Draw.Topic.CONTACT, index);
  }
}
