package io.persegment.identity;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile;
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
  static final Field FIRST_SEEN = Records.FIRST_SEEN;
  static final Field EVENTS = Field.required("events", LongType, "How many events had all of them");

  static final String SHARED_DEVICE = "device of another login or address";
  static final String TOO_MANY = "device of too many logins or addresses";
  static final String ON_FAR_MORE = "on far more devices than a person has";

  private static final Field DEVICES =
      Field.required("devices", LongType, "Anonymous ids that the login or e-mail was seen with");
  private static final Field FAR_MORE =
      Field.required("far_more", LongType, "So many devices at most are a person's");

  /** Three of four logins have no more devices than is usual. */
  private static final double USUAL = 0.75;

  private static final long TIMES_USUAL = 20;
  private static final long LEAST_FAR_MORE = 50;

  private Sightings() {}

  /** Returns one row for each combination of source, anonymous id, login and e-mail. */
  static Dataset<Row> of(Dataset<Row> webEvents) {
    return webEvents
        .groupBy(SOURCE.col(), ANONYMOUS_ID.col(), USER_ID.col(), EMAIL.col())
        .agg(
            count(lit(1)).as(EVENTS.name()), min(WebEvents.EVENT_TIME.col()).as(FIRST_SEEN.name()));
  }

  /**
   * Returns the logins, and e-mails given without one, that each anonymous id was seen with. Only
   * one of them is its owner: a login before an e-mail, then the one seen most, then the least; the
   * others are cut, so that a shared device never makes two people one. One seen with too many has
   * no owner. What is on far more devices than others are is no person's, such as a shop's id where
   * a customer's should stand: it owns none.
   */
  static Dataset<Row> devices(Dataset<Row> sightings, IdentitySettings settings) {
    Column value = coalesce(USER_ID.col(), EMAIL.col());
    Dataset<Row> seen =
        sightings
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
                DEVICES.name(),
                count(lit(1))
                    .over(Window.partitionBy(Identifiers.KIND.col(), Identifiers.VALUE.col())));
    var ofDevice = Window.partitionBy(SOURCE.col(), ANONYMOUS_ID.col());
    Column isPerson = DEVICES.col().leq(FAR_MORE.col());
    var candidates =
        ofDevice.orderBy(
            isPerson.desc(),
            Identifiers.KIND.col().equalTo(Identifiers.LOGIN).desc(),
            EVENTS.col().desc(),
            Identifiers.VALUE.col());
    Column isOwner = row_number().over(candidates).equalTo(1);
    Column owners = sum(isPerson.cast(LongType)).over(ofDevice);
    return seen.crossJoin(broadcast(farMore(seen)))
        .withColumn(
            Identifiers.CUT.name(),
            when(not(isPerson), ON_FAR_MORE)
                .when(owners.gt(settings.ownersPerDevice()), TOO_MANY)
                .when(not(isOwner), SHARED_DEVICE))
        .select(
            Identifiers.columns(
                IdentityMap.ANONYMOUS,
                ANONYMOUS_ID,
                Identifiers.KIND.col(),
                Identifiers.VALUE.col()));
  }

  /** Returns from how many devices on a login or e-mail is none of a person: one row. */
  private static Dataset<Row> farMore(Dataset<Row> seen) {
    Column usual = percentile(DEVICES.col(), lit(USUAL));
    return seen.groupBy(Identifiers.KIND.col(), Identifiers.VALUE.col())
        .agg(max(DEVICES.col()).as(DEVICES.name()))
        .agg(
            greatest(
                    coalesce(usual, lit(0)).multiply(TIMES_USUAL).cast(LongType),
                    lit(LEAST_FAR_MORE))
                .as(FAR_MORE.name()));
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
