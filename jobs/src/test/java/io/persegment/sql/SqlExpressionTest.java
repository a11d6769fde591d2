package io.persegment.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlExpressionTest {

  @Test
  void knowsTheColumnsThatItReads() {
    assertThat(SqlExpression.parse("filter(params, p -> p.key = wanted)[0].value").references())
        .containsExactly("params", "wanted");
    assertThat(SqlExpression.parse("list.name || ' ' || upper(city)").references())
        .containsExactly("city", "list");
    assertThat(SqlExpression.parse("'email'").references()).isEmpty();
  }

  @Test
  void knowsWhetherItFoldsRows() {
    assertThat(SqlExpression.parse("sum(amount) + 1").aggregates()).isTrue();
    assertThat(SqlExpression.parse("amount + 1").aggregates()).isFalse();
  }

  @Test
  void findsThePartsThatCanFail() {
    assertThat(SqlExpression.parse("coalesce(to_date(a), cast(b as date))").parsers()).hasSize(2);
    assertThat(SqlExpression.parse("upper(a)").parsers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java_method('java.lang.System', 'exit', 0)",
        "reflect('java.lang.Runtime', 'getRuntime')",
        "(select max(x) from t)",
        "exists (select 1)",
        "current_date()",
        "rand()",
        "upper(input_file_name())"
      })
  void refusesWhatLooksBeyondTheRow(String text) {
    assertThatThrownBy(() -> SqlExpression.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not allowed");
  }

  @Test
  void saysWhereTheSyntaxIsWrong() {
    assertThatThrownBy(() -> SqlExpression.parse("split(name, ' ')["))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("character");
  }
}
