package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000, 1024, 1025})
  void everybodyHasOnePlace(int customers) {
    Ids ids = new Ids(9, customers);
    assertThat(IntStream.range(0, customers).map(ids::personAt))
        .containsExactlyInAnyOrder(IntStream.range(0, customers).boxed().toArray(Integer[]::new));
  }

  @Test
  void noTwoAddressesPhonesOrDevicesAreAlike() {
    int customers = 5000;
    Ids ids = new Ids(9, customers);
    assertThat(
            IntStream.range(0, customers * 4).mapToLong(i -> ids.emailNumber(i / 4, i % 4)).boxed())
        .doesNotHaveDuplicates();
    assertThat(IntStream.range(0, customers).mapToLong(ids::phone).boxed())
        .doesNotHaveDuplicates()
        .allMatch(phone -> phone >= 20_000_000 && phone <= 99_999_999);
    assertThat(IntStream.range(0, customers * 8).mapToLong(i -> ids.device(i / 8, i % 8)).boxed())
        .doesNotHaveDuplicates();
  }

  @Test
  void anIdTellsNothingOfItsNeighbours() {
    Ids ids = new Ids(9, 1000);
    long[] steps =
        IntStream.range(0, 100)
            .mapToLong(
                person ->
                    ids.row(Ids.Kind.CUSTOMER, person + 1, 0)
                        - ids.row(Ids.Kind.CUSTOMER, person, 0))
            .distinct()
            .toArray();
    assertThat(steps).hasSizeGreaterThan(90);
  }
}
