package io.persegment.source;

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
 */
record TargetSettings(
    ConformedTable into,
    Map<Field, PlacedSql> columns,
    Optional<SqlExpression> where,
    Optional<SqlExpression> groupBy,
    Place place) {

  /** An expression and where it is written. */
  record PlacedSql(SqlExpression sql, Place place) {}

  /** Keys that are made from a row's content where a source has none. */
  static final Set<Field> MADE_WHERE_MISSING =
      Set.copyOf(
          List.of(
              WebEvents.EVENT_ID,
              EmailEvents.EVENT_ID,
              Consents.RECORD_ID,
              Refunds.REFUND_ID,
              OrderLines.LINE_NO));

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
        target.place(into.ownKey().get(0).name()));
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
          }
        });
  }

  private static String lowerFirst(String text) {
    return text.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + text.substring(1);
  }
}
