package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Records, what they give of themselves, and what hangs together by it.
 *
 * @param records as {@link Records}
 * @param identifiers as {@link Identifiers}
 * @param links the identifiers that link or were cut, as {@link Links#judged}
 * @param matches pairs of records that may be one person, as {@link Matches}
 */
record Graph(
    Dataset<Row> records,
    Dataset<Row> identifiers,
    Dataset<Row> links,
    Dataset<Row> matches,
    Components components) {

  /** Builds it all. An action: each part is computed once and written aside. */
  static Graph build(Lake lake, Inputs inputs, IdentitySettings settings, StageReport report) {
    Dataset<Row> emails = lake.scratch("identity/emails", Addresses.held(inputs, settings));
    Dataset<Row> records = lake.scratch("identity/records", Records.all(inputs, emails));
    Dataset<Row> identifiers =
        lake.scratch("identity/identifiers", Identifiers.all(inputs, records, emails, settings));
    Dataset<Row> links = lake.scratch("identity/links", Links.judged(identifiers, settings));
    double threshold = settings.matching().threshold();
    Dataset<Row> compared = Matches.compared(lake, inputs.contacts(), settings.matching(), report);
    Dataset<Row> matches = lake.scratch("identity/matches", Matches.likely(compared));
    Dataset<Row> certain = Links.edges(links);
    Dataset<Row> matched = Matches.edges(matches, threshold);
    Components all = Components.find(lake, certain.union(matched));
    Guard guard = Guard.judge(lake, all, certain, matched, compared, threshold);
    Dataset<Row> judged = lake.scratch("identity/judged", Matches.cut(matches, guard.cut()));
    Matches.report(judged, threshold, report);
    var components = new Components(lake.scratch("identity/groups", guard.groups()), all.rounds());
    return new Graph(records, identifiers, links, judged, components);
  }

  /** Makes sure that records have a number each, and notes counts. An action. */
  void check(StageReport report) {
    Row counts = records.agg(count(lit(1)), count_distinct(Records.NODE.col())).head();
    if (counts.getLong(0) != counts.getLong(1)) {
      throw IdentityErrors.sameNumber(counts.getLong(0), counts.getLong(1));
    }
    report.rows("records", counts.getLong(0));
    report.metric("components.rounds", components.rounds());
    report.rows("components.edges", components.edges().count());
    Links.report(links, report);
  }
}
