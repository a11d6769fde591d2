package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
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

  private Outcome(Feature feature, int horizon) {
    this.feature = feature;
    this.horizon = horizon;
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
        case OPEN -> Optional.of("event_type = 'opened'");
        case CLICK -> Optional.of("event_type = 'clicked'");
        case UNSUBSCRIBE -> Optional.of("event_type = 'unsubscribed'");
        case PURCHASE, CHURN, VISIT -> Optional.empty();
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

  /** Reads how often {@code event} happens, where it is of the kind that {@code where} asks for. */
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
    return of(origin, How.COUNT, "1", condition, horizon);
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
        horizon);
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
   * Returns one row for each of {@code cuts} and each customer of whom any event is known before
   * the horizon after it ends, with {@link #VALUE}, null or 0 where none lies in it.
   *
   * @param gap days after the cut that do not count
   */
  public Dataset<Row> after(Lake lake, Owners owners, Collection<LocalDate> cuts, int gap) {
    int span = gap + horizon;
    Cuts ends = ends(cuts.stream().map(cut -> cut.plusDays(span)).toList());
    Dataset<Row> rows =
        new FeatureRows(new FeatureSettings(List.of(feature)))
            .aggregated(feature.from(), events(lake, owners, ends), ends);
    Dataset<Row> dated = ends.keys().contains(Feature.CUT) ? rows : ends.each(rows);
    return dated.select(
        date_sub(to_date(col(Feature.CUT)), 1 + span).as(CustomerFeatures.AS_OF.name()),
        Owners.CUSTOMER_ID.col().as(CustomerFeatures.CUSTOMER_ID.name()),
        VALUE.col());
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
    return other instanceof Outcome that && feature.equals(that.feature);
  }

  @Override
  public int hashCode() {
    return feature.hashCode();
  }

  @Override
  public String toString() {
    return feature.withoutWords().toString();
  }
}
