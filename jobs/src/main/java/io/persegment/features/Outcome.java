package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.make_dt_interval;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.WebEvents;
import io.persegment.features.Feature.How;
import io.persegment.identity.Owners;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What becomes of a customer within some days after a day. It is a feature of that many days, as of
 * the day on which they end, and so counts what is cancelled, refunded or made by a machine just as
 * features do.
 */
public final class Outcome {
  /** How many events there were, or how much was spent. */
  public static final Field VALUE =
      Field.optional("_outcome", DoubleType, "Events within the horizon, or the amount");

  private final Feature feature;
  private final int horizon;
  private final Optional<NextEmail> next;

  private Outcome(Feature feature, int horizon, Optional<NextEmail> next) {
    this.feature = feature;
    this.horizon = horizon;
    this.next = next;
  }

  /** Which e-mails it is about. */
  private enum Of {
    ANY_EMAIL,
    /** The first that is sent within the horizon. */
    NEXT_EMAIL
  }

  /** What can happen. */
  public enum Event {
    /** An order is placed, or one with a line of the kind that is asked for. */
    PURCHASE,
    /** None is. */
    CHURN,
    /** An e-mail is opened. */
    OPEN,
    CLICK,
    UNSUBSCRIBE,
    /** The web site is visited. */
    VISIT;

    private List<Origin> origins() {
      return switch (this) {
        case PURCHASE, CHURN -> List.of(Origin.ORDERS, Origin.ORDER_LINES);
        case OPEN, CLICK, UNSUBSCRIBE -> List.of(Origin.EMAIL_EVENTS);
        case VISIT -> List.of(Origin.WEB_EVENTS);
      };
    }

    private Optional<String> condition() {
      return switch (this) {
        case OPEN, CLICK -> action().map("event_type = '%s'"::formatted);
        case UNSUBSCRIBE -> Optional.of("event_type = 'unsubscribed'");
        case PURCHASE, CHURN, VISIT -> Optional.empty();
      };
    }

    /** Returns the event_type of what is done with one e-mail. */
    private Optional<String> action() {
      return switch (this) {
        case OPEN -> Optional.of("opened");
        case CLICK -> Optional.of("clicked");
        case UNSUBSCRIBE, PURCHASE, CHURN, VISIT -> Optional.empty();
      };
    }
  }

  /**
   * Reads what is spent: on orders less refunds or, where {@code where} asks for lines of a kind,
   * on these, of which no refund tells.
   */
  public static Outcome spend(Section target, int horizon) {
    Optional<SqlExpression> where = target.optionalSql("where");
    Origin origin = origin(target, where, Event.PURCHASE.origins());
    String amount = origin == Origin.ORDERS ? "sum(net - refunded)" : "sum(net)";
    return of(origin, How.SQL, amount, where, horizon);
  }

  /** Returns how often {@code event} happens within so many days. */
  public static Outcome counted(Event event, int days) {
    return of(
        event.origins().get(0), How.COUNT, "1", event.condition().map(SqlExpression::parse), days);
  }

  /** Returns what is spent on orders, less refunds, within so many days. */
  public static Outcome spent(int days) {
    return of(Origin.ORDERS, How.SQL, "sum(net - refunded)", Optional.empty(), days);
  }

  /**
   * Reads how often {@code event} happens, where it is of the kind that {@code where} asks for; of
   * the next e-mail whether it does, where that is of such a kind.
   */
  public static Outcome event(Section target, Event event, int horizon) {
    Optional<SqlExpression> where = target.optionalSql("where");
    Origin origin = origin(target, where, event.origins());
    List<String> conditions =
        Stream.concat(event.condition().stream(), where.stream().map(sql -> "(" + sql.text() + ")"))
            .toList();
    Optional<SqlExpression> condition =
        Optional.of(String.join(" and ", conditions))
            .filter(each -> !each.isEmpty())
            .map(SqlExpression::parse);
    Outcome any = of(origin, How.COUNT, "1", condition, horizon);
    return isOfNextEmail(target, event)
        ? new Outcome(any.feature, horizon, Optional.of(next(target, event, where, horizon)))
        : any;
  }

  private static boolean isOfNextEmail(Section target, Event event) {
    boolean isOfNext = target.has("of") && target.choice("of", Of.class) == Of.NEXT_EMAIL;
    if (event.action().isEmpty()) {
      for (String key : List.of("of", "within")) {
        if (target.has(key)) {
          target.problem(key, "is of event = open and event = click; leave it out");
        }
      }
      return false;
    }
    if (!isOfNext && target.has("within")) {
      target.problem("within", "says nothing without of = next-email");
    }
    return isOfNext;
  }

  private static NextEmail next(
      Section target, Event event, Optional<SqlExpression> where, int horizon) {
    int within = target.days("within");
    if (target.has("within") && within >= horizon) {
      target.problem(
          "within",
          "must be less than the horizon of %d days, which the e-mail is sent in, but is %d"
              .formatted(horizon, within));
    }
    return new NextEmail(event.action().orElseThrow(), where, within);
  }

  private static Outcome of(
      Origin origin, How how, String sql, Optional<SqlExpression> where, int horizon) {
    return new Outcome(
        new Feature(
            VALUE.name(),
            origin,
            how,
            SqlExpression.parse(sql),
            Optional.empty(),
            List.of(),
            where,
            List.of(new Window(1, Optional.of(horizon))),
            VALUE.type(),
            Optional.empty(),
            VALUE.meaning(),
            Optional.empty(),
            true),
        horizon,
        Optional.empty());
  }

  /** Returns the first of {@code origins} that has all columns that {@code where} names. */
  private static Origin origin(
      Section target, Optional<SqlExpression> where, List<Origin> origins) {
    Set<String> named = where.map(SqlExpression::references).orElse(Set.of());
    for (Origin origin : origins) {
      if (columns(origin).containsAll(named)) {
        where.ifPresent(sql -> new FeatureSql(target, origin.columns()).condition("where", sql));
        return origin;
      }
    }
    List<String> known =
        origins.stream().flatMap(each -> columns(each).stream()).distinct().toList();
    for (String name : named) {
      if (!known.contains(name)) {
        target.problem(
            "where", "names no column: %s; %s".formatted(name, Nearest.hint(name, known)));
      }
    }
    if (known.containsAll(named)) {
      target.problem("where", "names columns of orders and of their lines; write those of one");
    }
    return origins.get(origins.size() - 1);
  }

  private static List<String> columns(Origin origin) {
    return origin.columns().stream().map(Field::name).toList();
  }

  /**
   * Returns one row for each of {@code cuts} and each customer of whom an event lies in the horizon
   * after it, with {@link #VALUE}, null or 0 where none of them counts. Of the next e-mail it has
   * no rows of customers who were sent none.
   *
   * @param gap days after the cut that do not count
   */
  public Dataset<Row> after(Lake lake, Owners owners, Collection<LocalDate> cuts, int gap) {
    int span = gap + horizon;
    Cuts ends = ends(cuts.stream().map(cut -> cut.plusDays(span)).toList());
    Dataset<Row> events = events(lake, owners, ends);
    Dataset<Row> rows =
        next.isPresent()
            ? next.get().of(events, ends, horizon)
            : new FeatureRows(new FeatureSettings(List.of(feature)))
                .aggregated(feature.from(), events.where(isWithinHorizon()), ends);
    Dataset<Row> dated = ends.keys().contains(Feature.CUT) ? rows : ends.each(rows);
    return dated.select(
        date_sub(to_date(col(Feature.CUT)), 1 + span).as(CustomerFeatures.AS_OF.name()),
        Owners.CUSTOMER_ID.col().as(CustomerFeatures.CUSTOMER_ID.name()),
        VALUE.col());
  }

  /** Years of events would be added up of each cut, to nothing. */
  private Column isWithinHorizon() {
    return col(Feature.TIME).geq(col(Feature.CUT).minus(make_dt_interval(lit(horizon))));
  }

  /** Returns whether it is known of customers without a row that nothing happened to them. */
  public boolean isOfEverybody() {
    return next.isEmpty();
  }

  private static Cuts ends(List<LocalDate> days) {
    return new Cuts(days.stream().map(FeaturesStage::end).toList());
  }

  private Dataset<Row> events(Lake lake, Owners owners, Cuts ends) {
    var named = new ArrayList<>(feature.sql().references());
    feature.where().ifPresent(sql -> named.addAll(sql.references()));
    return new Events(lake, owners, ends).of(feature.from(), Set.copyOf(named));
  }

  /** The days of the first and the last event of a table. */
  public record Days(LocalDate first, LocalDate last) {}

  /** Returns the days between which events of its table are known up to {@code asOf}. An action. */
  public Optional<Days> known(Lake lake, Owners owners, LocalDate asOf) {
    return days(events(lake, owners, ends(List.of(asOf))), col(Feature.TIME));
  }

  /** Returns the name of the table that its events lie in. */
  public String table() {
    return stored().name();
  }

  /** Returns the days between which its table has events, whoever they are of. An action. */
  public Optional<Days> delivered(Lake lake) {
    return days(lake.readOrEmpty(stored()), feature.from().time().col());
  }

  /** Returns the days between which there are orders. An action. */
  public static Optional<Days> ordered(Lake lake) {
    return days(lake.readOrEmpty(Orders.TABLE), Orders.ORDERED_AT.col());
  }

  private Table stored() {
    return switch (feature.from()) {
      case EMAIL_EVENTS -> EmailEvents.TABLE;
      case WEB_EVENTS -> WebEvents.TABLE;
      default -> Orders.TABLE;
    };
  }

  private static Optional<Days> days(Dataset<Row> events, Column time) {
    Row times = events.agg(min(time), max(time)).head();
    return times.isNullAt(0)
        ? Optional.empty()
        : Optional.of(new Days(day(times.getTimestamp(0)), day(times.getTimestamp(1))));
  }

  private static LocalDate day(Timestamp time) {
    return time.toInstant().atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Two are equal if they ask for the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Outcome that && feature.equals(that.feature) && next.equals(that.next);
  }

  @Override
  public int hashCode() {
    return Objects.hash(feature, next);
  }

  @Override
  public String toString() {
    // Of what is no next e-mail it stays what it was, or every model would be made anew.
    return feature.withoutWords() + next.map(NextEmail::toString).orElse("");
  }
}
