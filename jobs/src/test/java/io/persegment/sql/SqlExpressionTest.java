package io.persegment.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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
    assertThat(SqlExpression.parse("coalesce(ids.login, ids['no'], email)").paths())
        .containsExactly(List.of("ids", "login"), List.of("ids"), List.of("email"));
  }

  @Test
  void knowsWhetherItFoldsRows() {
    assertThat(SqlExpression.parse("sum(amount) + 1").aggregates()).isTrue();
    assertThat(SqlExpression.parse("1 + regr_slope(amount, price)").aggregates()).isTrue();
    assertThat(SqlExpression.parse("any_value(amount)").aggregates()).isTrue();
    assertThat(SqlExpression.parse("amount + abs(price)").aggregates()).isFalse();
  }

  @Test
  void saysWhatDependsOnNoOrder() {
    assertThat(SqlExpression.parse("1 + last(amount) / sum(amount)").steadier("at"))
        .contains("has last(), which depends on how rows lie; write max_by(x, (at, x))");
    assertThat(List.of("first(a)", "first_value(a)", "last_value(a)", "any_value(a)", "mode(a)"))
        .allSatisfy(sql -> assertThat(SqlExpression.parse(sql).steadier("at")).isPresent());
    assertThat(SqlExpression.parse("concat_ws(',', collect_list(a))").steadier("at"))
        .contains(
            "has collect_list(), which depends on how rows lie; write array_sort(collect_list(x))");
    assertThat(SqlExpression.parse("size(collect_set(first(a)))").steadier("at")).isPresent();
    assertThat(
            List.of(
                "size(collect_set(a))",
                "size(array_distinct(collect_list(a)))",
                "exists(collect_set(a), x -> x = 'Pots')",
                "array_join(array_sort(collect_list(a)), ',')",
                "mode(a, true)",
                "mode() within group (order by a)",
                "listagg(a, ',') within group (order by a)",
                "min_by(a, b)",
                "sum(a)"))
        .allSatisfy(sql -> assertThat(SqlExpression.parse(sql).steadier("at")).isEmpty());
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
        "upper(input_file_name())",
        "try_reflect('java.lang.System', 'exit', 0)",
        "`reflect`('java.lang.System', 'exit', 0)",
        "builtin.reflect('java.lang.System', 'exit', 0)",
        "identifier('reflect')('java.lang.System', 'exit', 0)",
        "transform(items, i -> java_method('java.lang.System', i))",
        "case when a then 1 else (select max(x) from t) end",
        "a in (select b from t)",
        "current_date",
        "Current_Timestamp",
        "timestamp'now'",
        "date \"today\"",
        "unix_timestamp()",
        "sum(net) over (partition by customer)",
        "raise_error('no')",
        "explode(items)",
        "our_own_function(a)",
        "some_schema.some_function(a)",
        ":parameter"
      })
  void refusesWhatLooksBeyondTheRow(String text) {
    assertThatThrownBy(() -> SqlExpression.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user",
        "count(*)",
        "unix_timestamp(a)",
        "if(a = 'ja', date'2026-01-01', to_date(b))",
        "aggregate(items, 0, (sum, i) -> sum + i.net)",
        "extract(year from a) + date_diff(a, b) + int(c)",
        "try_cast(a as int) || b:c",
        "trim(both ' ' from a) like '%x%'"
      })
  void allowsWhatOnlyLooksAtTheRow(String text) {
    assertThat(SqlExpression.parse(text).text()).isEqualTo(text);
  }

  @Test
  void saysWhereTheSyntaxIsWrong() {
    assertThatThrownBy(() -> SqlExpression.parse("split(name, ' ')["))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("character");
  }
}
