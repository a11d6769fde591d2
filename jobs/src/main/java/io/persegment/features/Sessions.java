package io.persegment.features;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.conformed.WebEvents;
import io.persegment.identity.Owners;
import io.persegment.table.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Visits to the web site. An event belongs to the session that its source says. Where it says none,
 * a session is what one visitor of one source does until nothing comes for more than 30 minutes. An
 * id whose events lie more than three days apart is none of a visit, and is taken as not said.
 *
 * <p>What holds by the end of an as-of date is worked out from the events before it alone, in two
 * steps, as all dates share the first, which sorts: {@link #of}, then {@link #asOf} for each date.
 */
final class Sessions {
  static final Field SECONDS_ON_PAGE =
      Field.optional(
          "seconds_on_page",
          DoubleType,
          "Seconds to the visitor's next event of the session, at most 30 minutes; null for the last");
  static final Field STARTED_AT =
      Field.required("started_at", TimestampType, "When its first event happened");

  private static final Field SECONDS =
      Field.required("seconds", DoubleType, "Seconds from its first event to its last");
  private static final Field EVENTS = Field.required("events", LongType, "How many events");
  private static final Field PAGE_VIEWS =
      Field.required("page_views", LongType, "How many of them are page_view");
  private static final Field LANDING_PAGE =
      Field.optional("landing_page", StringType, "Address of its first page");

  /** What is said of a session, as the origin of features. */
  static final List<Field> FIELDS =
      List.of(
          WebEvents.SOURCE,
          WebEvents.SESSION_ID,
          STARTED_AT,
          SECONDS,
          EVENTS,
          PAGE_VIEWS,
          LANDING_PAGE,
          WebEvents.CAMPAIGN,
          WebEvents.MEDIUM,
          WebEvents.DEVICE);

  /** As web analytics has it by convention; also the most that one page is taken to be read. */
  private static final Column GAP = expr("interval 30 minutes");

  private static final double MOST_SECONDS_ON_PAGE = 30 * 60;

  private static final Column LONGEST = expr("interval 3 days");

  private static final String VISITOR = "_visitor";
  private static final String FIRST = "_first";

  /** When its source's session id was seen to be none: null for a good one. */
  private static final String TOO_LONG_AT = "_too_long_at";

  private static final String PREVIOUS = "_previous";
  private static final String BEGAN = "_began";

  /** The session's id where the source has none. */
  private static final String MADE = "_made";

  /** The visitor's next event: time, session id, {@link #TOO_LONG_AT} and {@link #MADE}. */
  private static final String NEXT = "_next";

  private static final Column TIME = WebEvents.EVENT_TIME.col();
  private static final Column ID = WebEvents.SESSION_ID.col();

  private Sessions() {}

  /** Returns whether features that name {@code columns} need sessions. */
  static boolean needed(Set<String> columns) {
    return columns.contains(WebEvents.SESSION_ID.name())
        || columns.contains(SECONDS_ON_PAGE.name());
  }

  /**
   * Adds to events what {@link #asOf} needs.
   *
   * @param events web events, each with an anonymous id, a login or an e-mail address
   */
  static Dataset<Row> of(Dataset<Row> events) {
    WindowSpec ofId = Window.partitionBy(WebEvents.SOURCE.col(), col(VISITOR), ID);
    WindowSpec inOrder =
        Window.partitionBy(WebEvents.SOURCE.col(), col(VISITOR))
            .orderBy(TIME, WebEvents.EVENT_ID.col());
    Column begins = col(PREVIOUS).isNull().or(TIME.gt(col(PREVIOUS).plus(GAP)));
    Column tooLong = ID.isNotNull().and(TIME.gt(col(FIRST).plus(LONGEST)));
    return events
        .withColumn(VISITOR, visitor())
        // All windows are within a visitor: sent about once, sorted twice.
        .repartition(WebEvents.SOURCE.col(), col(VISITOR))
        .withColumn(FIRST, min(TIME).over(ofId))
        .withColumn(TOO_LONG_AT, min(when(tooLong, TIME)).over(ofId))
        .withColumn(PREVIOUS, lag(TIME, 1).over(inOrder))
        .withColumn(
            BEGAN,
            max(when(begins, TIME))
                .over(inOrder.rowsBetween(Window.unboundedPreceding(), Window.currentRow())))
        .withColumn(
            MADE, concat_ws(" ", WebEvents.SOURCE.col(), col(VISITOR), unix_micros(col(BEGAN))))
        .withColumn(NEXT, lead(struct(TIME, ID, col(TOO_LONG_AT), col(MADE)), 1).over(inOrder))
        .drop(VISITOR, FIRST, PREVIOUS, BEGAN);
  }

  /**
   * Gives each event the session that it was part of by {@link Feature#CUT}, and {@link
   * #SECONDS_ON_PAGE}.
   *
   * @param events as {@link #of} returns them, each with a cut that it is before
   */
  static Dataset<Row> asOf(Dataset<Row> events) {
    Column next = col(NEXT);
    Column nextTime = next.getField(WebEvents.EVENT_TIME.name());
    Column session = session(ID, col(TOO_LONG_AT), col(MADE));
    Column sessionOfNext =
        session(
            next.getField(WebEvents.SESSION_ID.name()),
            next.getField(TOO_LONG_AT),
            next.getField(MADE));
    Column known = nextTime.lt(col(Feature.CUT)).and(session.equalTo(sessionOfNext));
    return events
        .withColumns(
            Map.of(
                WebEvents.SESSION_ID.name(),
                session,
                SECONDS_ON_PAGE.name(),
                when(known, least(seconds(TIME, nextTime), lit(MOST_SECONDS_ON_PAGE)))))
        .drop(TOO_LONG_AT, MADE, NEXT);
  }

  /**
   * Returns one row for each customer's session and cut, with {@link #FIELDS}, {@link Feature#CUT},
   * {@link Feature#TIME} and the customer. What brought the visitor, and with which device, is what
   * the first event says that says it.
   *
   * @param events as {@link #asOf} returns them, each with its customer
   */
  static Dataset<Row> sessions(Dataset<Row> events) {
    return events
        .groupBy(Owners.CUSTOMER_ID.col(), col(Feature.CUT), WebEvents.SOURCE.col(), ID)
        .agg(
            min(TIME).as(STARTED_AT.name()),
            seconds(min(TIME), max(TIME)).as(SECONDS.name()),
            count(lit(1)).as(EVENTS.name()),
            count_if(WebEvents.EVENT_TYPE.col().equalTo("page_view")).as(PAGE_VIEWS.name()),
            first(WebEvents.PAGE).as(LANDING_PAGE.name()),
            first(WebEvents.CAMPAIGN).as(WebEvents.CAMPAIGN.name()),
            first(WebEvents.MEDIUM).as(WebEvents.MEDIUM.name()),
            first(WebEvents.DEVICE).as(WebEvents.DEVICE.name()))
        .withColumn(Feature.TIME, STARTED_AT.col());
  }

  /** The browser, else who it is; two kinds of id are never the same. */
  private static Column visitor() {
    return coalesce(
        concat(lit("a "), WebEvents.ANONYMOUS_ID.col()),
        concat(lit("u "), WebEvents.USER_ID.col()),
        concat(lit("e "), WebEvents.EMAIL.col()));
  }

  private static Column session(Column id, Column tooLongAt, Column made) {
    Column believed = tooLongAt.isNull().or(tooLongAt.geq(col(Feature.CUT)));
    return when(id.isNotNull().and(believed), id).otherwise(made);
  }

  private static Column first(Field field) {
    return min_by(
        field.col(), when(field.col().isNotNull(), struct(TIME, WebEvents.EVENT_ID.col())));
  }

  private static Column seconds(Column from, Column to) {
    return unix_micros(to).minus(unix_micros(from)).divide(lit(1e6));
  }
}
