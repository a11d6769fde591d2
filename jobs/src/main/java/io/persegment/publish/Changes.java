package io.persegment.publish;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.persegment.table.Field;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What differs between two states of the audience.
 *
 * @param mapped the columns that count as a change
 */
record Changes(List<Field> mapped) {
  private static final String OLD = "old";
  private static final String NEW = "new";

  Changes {
    mapped = List.copyOf(mapped);
  }

  /**
   * Returns the rows of {@link AudienceChanges} that lead from {@code before} to {@code after}.
   *
   * @param before rows of {@link Audience}, at least its key, mapped columns and hash
   * @param after the same
   */
  Dataset<Row> between(Dataset<Row> before, Dataset<Row> after, String releaseId) {
    Column isOld = Audience.CUSTOMER_ID.of(OLD).isNotNull();
    Column isNew = Audience.CUSTOMER_ID.of(NEW).isNotNull();
    Dataset<Row> differing = differing(before, after);
    String[] customer = {Audience.CUSTOMER_ID.name()};
    return before
        .join(differing, customer, "left_semi")
        .as(OLD)
        .join(
            after.join(differing, customer, "left_semi").as(NEW),
            Audience.CUSTOMER_ID.of(OLD).equalTo(Audience.CUSTOMER_ID.of(NEW)),
            "full_outer")
        .select(
            lit(releaseId).as(AudienceChanges.RELEASE_ID.name()),
            newest(Audience.CUSTOMER_ID).as(AudienceChanges.CUSTOMER_ID.name()),
            sha2(newest(Audience.EMAIL), 256).as(AudienceChanges.EMAIL_SHA256.name()),
            when(not(isOld), lit(AudienceChanges.ADDED))
                .when(not(isNew), lit(AudienceChanges.REMOVED))
                .otherwise(lit(AudienceChanges.CHANGED))
                .as(AudienceChanges.CHANGE.name()),
            when(isOld.and(isNew), changed())
                .otherwise(array().cast("array<string>"))
                .as(AudienceChanges.CHANGED_COLUMNS.name()),
            when(isNew, struct(after())).as(AudienceChanges.AFTER.name()));
  }

  /** Returns the ids of those who differ, found by the hashes alone: they are few, of wide rows. */
  private static Dataset<Row> differing(Dataset<Row> before, Dataset<Row> after) {
    Column[] narrow = {Audience.CUSTOMER_ID.col(), Audience.ROW_HASH.col()};
    return before
        .select(narrow)
        .as(OLD)
        .join(
            after.select(narrow).as(NEW),
            Audience.CUSTOMER_ID.of(OLD).equalTo(Audience.CUSTOMER_ID.of(NEW)),
            "full_outer")
        .filter(not(Audience.ROW_HASH.of(OLD).eqNullSafe(Audience.ROW_HASH.of(NEW))))
        .select(newest(Audience.CUSTOMER_ID).as(Audience.CUSTOMER_ID.name()));
  }

  private static Column newest(Field field) {
    return coalesce(field.of(NEW), field.of(OLD));
  }

  private Column[] after() {
    return mapped.stream().map(field -> field.of(NEW)).toArray(Column[]::new);
  }

  private Column changed() {
    return array_compact(
        array(
            mapped.stream()
                .map(
                    field ->
                        when(not(json(field, OLD).eqNullSafe(json(field, NEW))), lit(field.name())))
                .toArray(Column[]::new)));
  }

  /** Maps cannot be compared, their text can. */
  private static Column json(Field field, String side) {
    return to_json(struct(field.of(side)));
  }
}
