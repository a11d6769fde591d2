package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.conformed.WebEvents;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Which anonymous ids, logins and e-mails were seen together in web events, and how often. */
final class Sightings {
  static final Field SOURCE = WebEvents.SOURCE;
  static final Field ANONYMOUS_ID = WebEvents.ANONYMOUS_ID;
  static final Field USER_ID = WebEvents.USER_ID;
  static final Field EMAIL = WebEvents.EMAIL;
  static final Field EVENTS = Field.required("events", LongType, "How many events had all of them");

  static final String SHARED_DEVICE = "device of another login or address";

  private Sightings() {}

  /** Returns one row for each combination of source, anonymous id, login and e-mail. */
  static Dataset<Row> of(Dataset<Row> webEvents) {
    return webEvents
        .groupBy(SOURCE.col(), ANONYMOUS_ID.col(), USER_ID.col(), EMAIL.col())
        .agg(count(lit(1)).as(EVENTS.name()));
  }

  /**
   * Returns the logins, and e-mails given without one, that each anonymous id was seen with. Only
   * one of them is its owner: a login before an e-mail, then the one seen most, then the least; the
   * others are cut, so that a shared device never makes two people one.
   */
  static Dataset<Row> devices(Dataset<Row> sightings) {
    Column value = coalesce(USER_ID.col(), EMAIL.col());
    var ofDevice =
        Window.partitionBy(SOURCE.col(), ANONYMOUS_ID.col())
            .orderBy(
                Identifiers.KIND.col().equalTo(Identifiers.LOGIN).desc(),
                EVENTS.col().desc(),
                Identifiers.VALUE.col());
    Column isOwner = row_number().over(ofDevice).equalTo(1);
    return sightings
        .where(ANONYMOUS_ID.col().isNotNull().and(value.isNotNull()))
        .groupBy(
            SOURCE.col(),
            ANONYMOUS_ID.col(),
            when(USER_ID.col().isNotNull(), Identifiers.LOGIN)
                .otherwise(Identifiers.EMAIL)
                .as(Identifiers.KIND.name()),
            value.as(Identifiers.VALUE.name()))
        .agg(sum(EVENTS.col()).as(EVENTS.name()))
        .withColumn(
            Identifiers.CUT.name(),
            when(isOwner, lit(null)).otherwise(SHARED_DEVICE).cast("string"))
        .select(
            Identifiers.columns(
                IdentityMap.ANONYMOUS,
                ANONYMOUS_ID,
                Identifiers.KIND.col(),
                Identifiers.VALUE.col()));
  }

  /** Returns each login as identifier of itself. */
  static Dataset<Row> logins(Dataset<Row> sightings) {
    return sightings
        .where(USER_ID.col().isNotNull())
        .withColumn(Identifiers.CUT.name(), Identifiers.NOT_CUT)
        .select(
            Identifiers.columns(IdentityMap.LOGIN, USER_ID, lit(Identifiers.LOGIN), USER_ID.col()));
  }
}
