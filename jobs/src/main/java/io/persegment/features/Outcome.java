package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.features.Feature.How;
import io.persegment.identity.Owners;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What becomes of a customer within some days after a day. It is a feature of that many days, as of
 * the day on which they end, and so counts what is cancelled, refunded or made by a machine just as
 * features do.
 */
public final class Outcome {
  /** How many events there were. */
  public static final Field VALUE =
      Field.optional("_outcome", DoubleType, "Events within the horizon");

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

  /** Reads how often {@code event} happens, where it is of the kind that {@code where} asks for. */
  public static Outcome event(Section target, Event event, int horizon) {
    Optional<SqlExpression> where = target.optionalSql("where");
    Origin origin = origin(target, "where", where, event.origins());
    List<String> conditions =
        Stream.concat(event.condition().stream(), where.stream().map(sql -> "(" + sql.text() + ")"))
            .toList();
    return new Outcome(
        new Feature(
            VALUE.name(),
            origin,
            How.COUNT,
            SqlExpression.parse("1"),
            Optional.empty(),
            List.of(),
            Optional.of(String.join(" and ", conditions))
                .filter(condition -> !condition.isEmpty())
                .map(SqlExpression::parse),
            List.of(new Window(1, Optional.of(horizon))),
            VALUE.type(),
            Optional.empty(),
            VALUE.meaning(),
            Optional.empty()),
        horizon);
  }

  /** Returns the first of {@code origins} that has all columns that are named. */
  private static Origin origin(
      Section target, String key, Optional<SqlExpression> named, List<Origin> origins) {
    for (Origin origin : origins) {
      if (columns(origin).containsAll(named.map(SqlExpression::references).orElse(Set.of()))) {
        return origin;
      }
    }
    Origin last = origins.get(origins.size() - 1);
    List<String> known =
        origins.stream().flatMap(each -> columns(each).stream()).distinct().toList();
    for (String name : named.orElseThrow().references()) {
      if (!known.contains(name)) {
        target.problem(key, "names no column: %s; %s".formatted(name, Nearest.hint(name, known)));
      }
    }
    if (known.containsAll(named.orElseThrow().references())) {
      target.problem(key, "names columns of orders and of their lines; write those of one");
    }
    return last;
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

  /** Returns the day of the first event of its table up to {@code asOf}. An action. */
  public Optional<LocalDate> first(Lake lake, Owners owners, LocalDate asOf) {
    Row first = events(lake, owners, ends(List.of(asOf))).agg(min(col(Feature.TIME))).head();
    return Optional.ofNullable(first.getTimestamp(0))
        .map(time -> time.toInstant().atZone(ZoneOffset.UTC).toLocalDate());
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
