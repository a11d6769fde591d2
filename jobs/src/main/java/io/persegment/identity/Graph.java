package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.persegment.matching.Matching;
import io.persegment.run.Aside;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Records, what they give of themselves, and what hangs together by it.
 *
 * @param records as {@link Records}
 * @param identifiers with what becomes of them, as {@link Links#judged}
 * @param matches pairs of records that may be one person
 * @param decisions pairs of records that a person judged, as {@link Decisions#read}
 * @param guard what of all that does not link after all
 * @param components what hangs together and is one customer
 */
record Graph(
    Dataset<Row> records,
    Dataset<Row> identifiers,
    Matches matches,
    Dataset<Row> decisions,
    Guard guard,
    Components components) {

  /** Builds it all. An action: each part is computed once and written aside. */
  static Graph build(Lake lake, Inputs inputs, IdentitySettings settings, StageReport report) {
    // A file that is not to be understood is told before anything is computed.
    Optional<Dataset<Row>> judged =
        settings.decisions().map(file -> Decisions.judged(lake.spark(), file));
    var ofMatching = new StageReport();
    try (Aside<Matches> matching =
        Aside.start(
            "matching", () -> Matches.find(lake, inputs.contacts(), settings, ofMatching))) {
      return build(lake, inputs, settings, judged, matching, report);
    } finally {
      report.addAll(ofMatching);
    }
  }

  private static Graph build(
      Lake lake,
      Inputs inputs,
      IdentitySettings settings,
      Optional<Dataset<Row>> judged,
      Aside<Matches> matching,
      StageReport report) {
    Dataset<Row> emails = lake.scratch("identity/emails", Addresses.held(inputs, settings));
    Dataset<Row> records = lake.scratch("identity/records", Records.all(inputs, emails));
    Dataset<Row> people = lake.scratch("identity/people", People.of(inputs));
    Dataset<Row> mailboxes =
        lake.scratch("identity/mailboxes", Mailboxes.shared(people, settings.email().most()));
    Dataset<Row> identifiers =
        lake.scratch(
            "identity/identifiers",
            Links.judged(
                Identifiers.all(inputs, records, emails, people, settings),
                Mailboxes.crowded(mailboxes, settings.personsPerEmail()),
                records,
                settings));
    Dataset<Row> decisions = Decisions.read(lake, settings, judged, records, report);
    Matches matches = matching.get();
    Oversized broken =
        Oversized.broken(
            lake,
            Links.edges(identifiers).union(Decisions.edges(decisions)),
            matches.linking(),
            Matching.bits(matches.threshold()),
            Oversized.MOST,
            report);
    Components all = broken.components();
    Guard guard =
        Guard.judge(
            lake,
            all,
            records,
            identifiers,
            Mailboxes.persons(people, mailboxes),
            matches,
            decisions,
            settings);
    return new Graph(
        records,
        identifiers,
        matches,
        decisions,
        broken.cut().map(guard::with).orElse(guard),
        new Components(guard.groups(), all.rounds()));
  }

  /** Returns rows of {@link IdentityLinks}. */
  Dataset<Row> links() {
    return Links.rows(identifiers, guard, records)
        .union(matches.rows(guard, records))
        .union(Decisions.rows(decisions, guard.cut(), records));
  }

  /** Makes sure that records have a number each, and notes counts. An action. */
  void check(StageReport report) {
    Row counts = records.agg(count(lit(1)), count_distinct(Records.NODE.col())).head();
    if (counts.getLong(0) != counts.getLong(1)) {
      throw IdentityErrors.sameNumber(counts.getLong(0), counts.getLong(1));
    }
    report.rows("records", counts.getLong(0));
    report.metric("components.rounds", components.rounds());
  }
}
