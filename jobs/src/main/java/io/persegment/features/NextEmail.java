package io.persegment.features;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.conformed.EmailEvents;
import io.persegment.sql.SqlExpression;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Whether the next e-mail that a customer is sent is opened, or clicked in.
 *
 * <p>What is done belongs to it where both name one campaign; where either names none, if no other
 * e-mail of the same source was sent in between. A source that tells of no sending is taken to send
 * when it delivers.
 *
 * @param action event_type of what is done with it
 * @param where which e-mails are meant: over columns of their sending
 * @param within days after the sending in which it must be done
 */
record NextEmail(String action, Optional<SqlExpression> where, int within) {
  private static final String SENT = "sent";
  private static final String DELIVERED = "delivered";
  private static final String SOURCE = EmailEvents.SOURCE.name();
  private static final String CAMPAIGN = EmailEvents.CAMPAIGN_ID.name();
  private static final String IS_SENT = "_is_sent";
  private static final String IS_MEANT = "_is_meant";
  private static final String TELL_SENDING = "_tell_sending";
  private static final String SENDINGS = "_sendings";
  private static final String ACTIONS = "_actions";
  private static final String NEXT = "_next";

  /**
   * Returns one row for each of {@link Cuts#keys} that was sent one in the horizon, early enough
   * for {@link #within} days to be left of it, with {@link Outcome#VALUE} 1 or 0.
   *
   * @param events of e-mails, as {@link Events} returns them for the ends of horizons
   * @param horizon days before each end
   */
  Dataset<Row> of(Dataset<Row> events, Cuts ends, int horizon) {
    Column type = EmailEvents.EVENT_TYPE.col();
    Column ago = unix_micros(col(Feature.CUT)).minus(unix_micros(col(Feature.TIME)));
    Column isSending = type.isin(SENT, DELIVERED);
    Column isInHorizon = ago.leq(micros(horizon));
    Column isMeant = coalesce(where.map(SqlExpression::column).orElse(lit(true)), lit(false));
    // By time first, of which the longest ago is the next after the cut.
    Column event =
        struct(
            ago.as(Feature.AGO),
            col(SOURCE),
            col(CAMPAIGN),
            type.equalTo(SENT).as(IS_SENT),
            isMeant.as(IS_MEANT));
    Column[] keys = ends.keys().stream().map(functions::col).toArray(Column[]::new);
    return events
        .where(isSending.or(type.equalTo(action)))
        .groupBy(keys)
        .agg(
            collect_set(when(type.equalTo(SENT), col(SOURCE))).as(TELL_SENDING),
            collect_list(when(isSending.and(isInHorizon), event)).as(SENDINGS),
            collect_list(when(type.equalTo(action).and(isInHorizon), event)).as(ACTIONS))
        .withColumn(SENDINGS, filter(col(SENDINGS), NextEmail::isTheSending))
        .withColumn(NEXT, array_max(filter(col(SENDINGS), this::isEarlyEnough)))
        .where(col(NEXT).isNotNull())
        .withColumn(Outcome.VALUE.name(), exists(col(ACTIONS), this::isOfTheNext).cast(DoubleType));
  }

  /** A delivery is no second sending where the source tells of the first. */
  private static Column isTheSending(Column event) {
    return event
        .getField(IS_SENT)
        .or(not(array_contains(col(TELL_SENDING), event.getField(SOURCE))));
  }

  private Column isEarlyEnough(Column sending) {
    return sending.getField(IS_MEANT).and(sending.getField(Feature.AGO).geq(micros(within)));
  }

  private Column isOfTheNext(Column event) {
    Column next = col(NEXT);
    Column after = next.getField(Feature.AGO).minus(event.getField(Feature.AGO));
    Column sameCampaign =
        event.getField(CAMPAIGN).equalTo(next.getField(CAMPAIGN)); // null: unknown
    return event
        .getField(SOURCE)
        .equalTo(next.getField(SOURCE))
        .and(after.geq(0))
        .and(after.lt(micros(within)))
        .and(coalesce(sameCampaign, not(isAfterAnother(event))));
  }

  private static Column isAfterAnother(Column event) {
    Column next = col(NEXT);
    return exists(
        col(SENDINGS),
        other ->
            other
                .getField(SOURCE)
                .equalTo(next.getField(SOURCE))
                .and(other.getField(Feature.AGO).lt(next.getField(Feature.AGO)))
                .and(other.getField(Feature.AGO).geq(event.getField(Feature.AGO))));
  }

  private static long micros(int days) {
    return TimeUnit.DAYS.toMicros(days);
  }
}
