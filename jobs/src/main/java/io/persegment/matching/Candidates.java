package io.persegment.matching;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rules that a shop may block by beside those that it has. */
final class Candidates {
  /** What is one person's alone needs no second value beside it. */
  private static final Set<String> IDENTIFIERS =
      Set.of(
          Contacts.EMAIL.name(),
          Contacts.PHONE.name(),
          Contacts.LOYALTY_ID.name(),
          Contacts.EXTERNAL_IDS.name(),
          Contacts.RECORD_ID.name());

  /** An attribute says something where at least this share of contacts has it. */
  private static final double LEAST_SHARE = 0.5;

  /** An attribute tells contacts apart where no more than so many, on average, share a value. */
  private static final double MOST_SHARING = 50;

  private static final int MOST_ATTRIBUTES = 10;

  private static final Field NAME = Field.required("name", StringType, "Name of an attribute");
  private static final Field VALUE = Field.required("value", StringType, "What it is");
  private static final Field HELD =
      Field.required("held", LongType, "How many contacts have something there");
  private static final Field DISTINCT =
      Field.required("distinct_values", LongType, "How many different values, about");

  private Candidates() {}

  /**
   * Returns single values that are compared, pairs of those that several persons may have, and a
   * name's first letter beside another value; none that the settings have. An action: one pass for
   * the attributes.
   */
  static List<List<SqlExpression>> of(
      Dataset<Row> contacts, long records, MatchingSettings settings) {
    List<List<String>> rules = new ArrayList<>();
    List<Comparison> shared = new ArrayList<>();
    for (Comparison comparison : settings.comparisons()) {
      rules.add(List.of(comparison.value().text()));
      if (Collections.disjoint(comparison.value().references(), IDENTIFIERS)) {
        shared.add(comparison);
      }
    }
    for (int i = 0; i < shared.size(); i++) {
      for (int j = i + 1; j < shared.size(); j++) {
        if (!isPlace(shared.get(i)) || !isPlace(shared.get(j))) {
          rules.add(List.of(shared.get(i).value().text(), shared.get(j).value().text()));
        }
      }
    }
    Set<String> names = settings.swappable();
    for (Comparison name : shared) {
      if (names.contains(name.name())) {
        shared.stream()
            .filter(other -> !other.equals(name))
            .forEach(other -> rules.add(List.of(initial(name), other.value().text())));
      }
    }
    attributes(contacts, records).forEach(attribute -> rules.add(List.of(attribute)));
    Set<Set<String>> taken =
        new HashSet<>(settings.blocking().stream().map(Candidates::texts).toList());
    return rules.stream()
        .filter(rule -> taken.add(Set.copyOf(rule)))
        .map(rule -> rule.stream().map(SqlExpression::parse).toList())
        .toList();
  }

  private static Set<String> texts(List<SqlExpression> rule) {
    return Set.copyOf(rule.stream().map(SqlExpression::text).toList());
  }

  private static boolean isPlace(Comparison comparison) {
    return comparison.sharedBy() == Kind.Scope.PLACE;
  }

  private static String initial(Comparison name) {
    return "substring(%s, 1, 1)".formatted(name.value().text());
  }

  /** Returns attributes that most contacts have and that tell them apart, as expressions. */
  private static List<String> attributes(Dataset<Row> contacts, long records) {
    return contacts
        .select(explode(Common.ATTRIBUTES.col()).as(new String[] {NAME.name(), VALUE.name()}))
        .where(length(VALUE.col()).gt(0))
        .groupBy(NAME.col())
        .agg(count(lit(1)).as(HELD.name()), approx_count_distinct(VALUE.col()).as(DISTINCT.name()))
        .where(HELD.col().geq(LEAST_SHARE * records))
        .where(HELD.col().leq(DISTINCT.col().multiply(MOST_SHARING)))
        .orderBy(HELD.col().desc(), NAME.col())
        .limit(MOST_ATTRIBUTES)
        .collectAsList() // a few names
        .stream()
        .map(row -> "attributes.`%s`".formatted(row.getString(0).replace("`", "``")))
        .map(text -> text.matches("attributes\\.`[a-zA-Z_]\\w*`") ? text.replace("`", "") : text)
        .toList();
  }
}
