package io.persegment.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.sql.Cases.Domain;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CasesTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("orders", DataTypes.LongType)
          .add("spend", DataTypes.DoubleType)
          .add("city", DataTypes.StringType)
          .add("born", DataTypes.DateType)
          .add("vip", DataTypes.BooleanType);
  private static final List<Domain> DOMAINS =
      List.of(
          new Domain(DataTypes.LongType, 0, Double.POSITIVE_INFINITY, false),
          Domain.of(DataTypes.DoubleType),
          Domain.of(DataTypes.StringType),
          Domain.of(DataTypes.DateType),
          Domain.of(DataTypes.BooleanType));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders < 0",
        "orders is null",
        "orders > 3 and orders < 4",
        "spend > 3 and spend < 3",
        "spend between 10 and 5",
        "spend > 10 and not (spend > 5)",
        "spend is null and spend > 2",
        "city = 'Oslo' and city = 'Bergen'",
        "city in ('Oslo') and city > 'Z'",
        "born < date'2000-01-01' and born > date'2000-01-01'",
        "vip and not vip",
        "coalesce(spend, 0) > 1 and spend is null"
      })
  void whatCanNeverHoldIsTold(String condition) {
    assertThat(cases(condition).neverHolds(0)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders < 1",
        "orders > 3 and orders < 5",
        "spend > 3 and spend < 3.0001",
        "spend between 5 and 5",
        "city <> 'Oslo' and city <> 'Bergen'",
        "city > 'Oslo' and city < 'Oslp'",
        "born > date'2000-01-01' and born <= date'2000-01-02'",
        "spend is null or city is null",
        // Of what does not compare one column with constants, nothing is told.
        "orders > spend and orders < spend",
        "length(city) < 0",
        "orders + 0 > 1 and false",
        "orders + 1 < 0",
        "cast(city as int) < 3 and cast(city as int) > 3"
      })
  void whatMayHoldIsNotTold(String condition) {
    assertThat(cases(condition).neverHolds(0)).isFalse();
  }

  @Test
  void whatIsCaughtByEarlierOnesIsTold() {
    Cases cases =
        cases(
            "orders > 3",
            "orders >= 5 and spend > 1",
            "orders <= 3 and spend < 0",
            "spend >= 0",
            "spend is not null",
            "city = 'Oslo'",
            "length(city) = 4",
            "city = 'Oslo' and vip",
            "orders > 4 or spend is not null");

    assertThat(Stream.iterate(0, i -> i + 1).limit(9).map(cases::isShadowed))
        .containsExactly(false, true, false, false, true, false, false, true, true);
    assertThat(cases.shadowing(1)).contains(0);
    assertThat(cases.shadowing(4)).isEmpty(); // only the three before together
    assertThat(cases.shadowing(7)).contains(5);
  }

  @Test
  void typesAreKnownAndValuesToo() {
    TypedExpression spent = typed("spend * orders");
    assertThat(spent.type()).isEqualTo(DataTypes.DoubleType);
    assertThat(spent.of(Arrays.asList(2L, 1.5, "Oslo", null, null))).contains(3.0);
    assertThat(spent.of(Arrays.asList(2L, null, "Oslo", null, null))).isEmpty();
    assertThat(typed("nvl(city, 'none')").of(Arrays.asList(2L, null, null, null, null)))
        .contains("none");
    assertThatThrownBy(() -> typed("nullif(orders) > 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nullif");
    assertThatThrownBy(() -> typed("spent > 1")).hasMessageContaining("spent");
    assertThatThrownBy(() -> typed("array(1) > 1")).hasMessageContaining("ARRAY");
  }

  @Test
  void functionsOfOursAreReplaced() {
    Set<String> own = Set.of("in_segment");
    SqlExpression sql = SqlExpression.parse("orders > 1 and in_segment('brand', 'Premium')", own);

    assertThat(sql.calls())
        .containsExactly(new SqlExpression.Call("in_segment", List.of("brand", "Premium")));
    SqlExpression replaced = sql.with(call -> SqlExpression.parse("city = 'Oslo'").column());
    assertThat(TypedExpression.of(replaced, SCHEMA).of(Arrays.asList(2L, null, "Oslo", null, null)))
        .contains(true);
    assertThatThrownBy(() -> SqlExpression.parse("in_segment(orders)", own))
        .hasMessage("cannot be used: in_segment() takes texts in quotes alone");
    assertThatThrownBy(() -> SqlExpression.parse("in_segment('a')"))
        .hasMessageContaining("in_segment() is not allowed");
  }

  private static Cases cases(String... conditions) {
    return new Cases(Stream.of(conditions).map(CasesTest::typed).toList(), DOMAINS);
  }

  private static TypedExpression typed(String sql) {
    return TypedExpression.of(SqlExpression.parse(sql), SCHEMA);
  }
}
