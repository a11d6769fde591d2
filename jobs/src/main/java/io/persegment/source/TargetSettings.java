package io.persegment.source;

import static org.apache.spark.sql.functions.explode_outer;

import io.persegment.config.Section;
import io.persegment.conformed.ConformedTable;
import io.persegment.conformed.Consents;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.WebEvents;
import io.persegment.error.Place;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a source's rows become rows of one conformed table.
 *
 * @param columns an expression for each column that is given
 * @param where which of the source's rows are meant; the others are left out
 * @param groupBy many rows of one file that share its value become one row, of which it is the key
 * @param explode an array in the source's row of which each element becomes a row
 */
record TargetSettings(
    ConformedTable into,
    Map<Field, PlacedSql> columns,
    Optional<SqlExpression> where,
    Optional<SqlExpression> groupBy,
    Optional<Explode> explode,
    Place place) {

  /** An expression and where it is written. */
  record PlacedSql(SqlExpression sql, Place place) {}

  /**
   * Makes a row of each element of an array, beside which it has the columns of the source's row.
   *
   * @param name under which expressions reach the element
   */
  record Explode(String name, SqlExpression array, Place place) {

    /** Returns a row for each element; for a row that has none, one in which it is null. */
    Batch exploded(Batch batch) {
      var columns = new ArrayList<>(batch.columns());
      columns.add(name);
      return new Batch(columns, batch.rows().withColumn(name, explode_outer(array.column())));
    }
  }

  /** Returns the rows of which each becomes one of the table, or is folded into one. */
  Batch rowsOf(Batch batch) {
    return explode.map(each -> each.exploded(batch)).orElse(batch);
  }

  /** Keys that are made from a row's content where a source has none. */
  static final Set<Field> MADE_WHERE_MISSING =
      Set.copyOf(
          List.of(
              WebEvents.EVENT_ID,
              EmailEvents.EVENT_ID,
              Consents.RECORD_ID,
              Refunds.REFUND_ID,
              OrderLines.LINE_NO));

  /** Returns whether a key is made of a row's content, as the source has none. */
  boolean makes(Field key) {
    return MADE_WHERE_MISSING.contains(key) && !columns.containsKey(key);
  }

  static TargetSettings from(ConformedTable into, Section target) {
    Optional<SqlExpression> groupBy = target.optionalSql("group-by");
    var columns = new LinkedHashMap<Field, PlacedSql>();
    for (Field field : into.ownColumns()) {
      if (target.has(field.name())) {
        SqlExpression sql = target.sql(field.name());
        columns.put(field, new PlacedSql(sql, target.place(field.name())));
      } else if (groupBy.isPresent() && field.equals(into.ownKey().get(0))) {
        columns.put(field, new PlacedSql(groupBy.get(), target.place("group-by")));
      } else if (!field.nullable() && !MADE_WHERE_MISSING.contains(field)) {
        target.problem(field.name(), "is missing: %s".formatted(lowerFirst(field.meaning())));
      }
    }
    checkGrouping(target, groupBy, columns);
    return new TargetSettings(
        into,
        columns,
        target.optionalSql("where"),
        groupBy,
        explode(target),
        target.place(into.ownKey().get(0).name()));
  }

  private static Optional<Explode> explode(Section target) {
    if (!target.has("explode")) {
      return Optional.empty();
    }
    Section explode = target.section("explode");
    if (explode.keys().size() > 1) {
      target.problem(
          "explode",
          "names %s; name one array, such as explode { line = line_items }"
              .formatted(String.join(" and ", explode.keys())));
    }
    return explode.keys().stream()
        .findFirst()
        .map(name -> new Explode(name, explode.sql(name), explode.place(name)));
  }

  private static void checkGrouping(
      Section target, Optional<SqlExpression> groupBy, Map<Field, PlacedSql> columns) {
    columns.forEach(
        (field, placed) -> {
          boolean aggregates = placed.sql().aggregates();
          boolean isKey = groupBy.filter(placed.sql()::equals).isPresent();
          if (groupBy.isEmpty() && aggregates) {
            target.problem(field.name(), "folds many rows into one; say by what: set group-by");
          } else if (groupBy.isPresent() && !aggregates && !isKey) {
            target.problem(
                field.name(), "must fold the rows of a group into one value, such as max(...)");
          } else {
            placed.sql().steadier("time").ifPresent(what -> target.problem(field.name(), what));
          }
        });
  }

  private static String lowerFirst(String text) {
    return text.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + text.substring(1);
  }
}
