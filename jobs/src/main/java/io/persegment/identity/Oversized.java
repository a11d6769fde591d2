package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.persegment.error.Quantity;
import io.persegment.matching.Matching;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.immutable.Seq;

/**
 * Components of which none is larger than a customer can be, as far as matches hold them together:
 * nobody has so many records, and one task judges all of a component. The weakest matches in a
 * larger one are taken out, then stronger ones, until it falls apart.
 *
 * @param components what hangs together
 * @param whole what hung together before anything was taken out
 * @param cut matches that were taken out, as {@link Guard#cut}; empty where none is too large
 */
record Oversized(Components components, Components whole, Optional<Dataset<Row>> cut) {
  static final String REASON = "of a group of too many records";

  /** More records than any customer has, though many log in from many devices. */
  static final long MOST = 10_000;

  /** Each time matches that are weaker by so many bits more are taken out. */
  private static final double STEP = 5;

  private static final int MOST_STEPS = 6;
  private static final Seq<String> PAIR = Members.names(Matching.LEFT, Matching.RIGHT);

  /**
   * Finds the components, and warns where some were too large. An action, and another for each time
   * that one is.
   *
   * @param certain edges that are no matches, as those of {@link Components}
   * @param matches pairs that link, as {@link Matching#LEFT}, {@link Matching#RIGHT} and {@link
   *     Matching#WEIGHT}
   * @param weakest the least weight that links
   * @param most records of a component
   */
  static Oversized broken(
      Lake lake,
      Dataset<Row> certain,
      Dataset<Row> matches,
      double weakest,
      long most,
      StageReport report) {
    Components components = Components.find(lake, certain.union(edges(matches)));
    Components whole = components;
    Dataset<Row> left = matches;
    Dataset<Row> members = Guard.members(components.edges());
    long before = large(members, most).count();
    long after = before;
    if (before > 0) { // what comes is written where these are
      whole =
          new Components(lake.scratch("identity/whole", components.edges()), components.rounds());
    }
    for (int step = 1; step <= MOST_STEPS && after > 0; step++) {
      Dataset<Row> within =
          members
              .join(large(members, most), Members.COMPONENT.name())
              .select(Records.NODE.col().as(Matching.LEFT.name()));
      Column isWeak = Matching.WEIGHT.col().lt(weakest + step * STEP);
      Dataset<Row> weak =
          left.where(isWeak)
              .join(within, Matching.LEFT.name())
              .select(Matching.LEFT.col(), Matching.RIGHT.col());
      // Written aside before components are, which it is made of.
      left = lake.scratch("identity/strong-" + step, left.join(weak, PAIR, "left_anti"));
      components = Components.find(lake, certain.union(edges(left)));
      members = Guard.members(components.edges());
      after = large(members, most).count();
    }
    if (before > 0) {
      report.warn(
          "%s of over %d records hung together; their weakest matches were cut%s"
              .formatted(
                  Quantity.of(before, "group"),
                  most,
                  after == 0 ? " until none was left" : ", and %d stayed".formatted(after)));
    }
    return new Oversized(
        components, whole, before > 0 ? Optional.of(cut(lake, matches, left)) : Optional.empty());
  }

  /**
   * Warns of components that were too large, and stand as they were cut then. An action.
   *
   * @param members a row for each record, with {@link Members#COMPONENT} before anything was cut
   */
  static void tell(Dataset<Row> members, long most, StageReport report) {
    long groups = large(members, most).count();
    if (groups > 0) {
      report.warn(
          "%s of over %d records hung together; their weakest matches are cut"
              .formatted(Quantity.of(groups, "group"), most));
    }
  }

  private static Dataset<Row> cut(Lake lake, Dataset<Row> matches, Dataset<Row> left) {
    return lake.scratch(
        "identity/weak",
        matches
            .join(left.select(Matching.LEFT.col(), Matching.RIGHT.col()), PAIR, "left_anti")
            .select(
                Matching.LEFT.col().as(Guard.LEFT.name()),
                Matching.RIGHT.col().as(Guard.RIGHT.name()),
                lit(REASON).as(Identifiers.CUT.name())));
  }

  private static Dataset<Row> large(Dataset<Row> members, long most) {
    return members
        .groupBy(Members.COMPONENT.col())
        .agg(count(lit(1)).as(Links.RECORDS.name()))
        .where(Links.RECORDS.col().gt(most))
        .select(Members.COMPONENT.col());
  }

  private static Dataset<Row> edges(Dataset<Row> matches) {
    return matches.select(
        Matching.RIGHT.col().as(Components.LARGER.name()),
        Matching.LEFT.col().as(Components.SMALLER.name()));
  }
}
