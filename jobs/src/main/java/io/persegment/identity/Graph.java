package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.persegment.matching.Matching;
import io.persegment.run.Aside;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
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
 * @param whole what hangs together before the guard and all else cut some of it
 */
record Graph(
    Dataset<Row> records,
    Dataset<Row> identifiers,
    Matches matches,
    Dataset<Row> decisions,
    Guard guard,
    Components components,
    Components whole) {

  /** Builds it all. An action: each part is computed once and written aside. */
  static Graph build(Lake lake, Inputs inputs, IdentitySettings settings, StageReport report) {
    return build(lake, inputs, Sightings.devices(inputs.sightings(), settings), settings, report);
  }

  /** Builds it all, with devices that were told apart before, as {@link Sightings#devices}. */
  static Graph build(
      Lake lake,
      Inputs inputs,
      Dataset<Row> devices,
      IdentitySettings settings,
      StageReport report) {
    // A file that is not to be understood is told before anything is computed.
    Optional<Dataset<Row>> judged =
        settings.decisions().map(file -> Decisions.judged(lake.spark(), file));
    var ofMatching = new StageReport();
    try (Aside<Matches> matching =
        Aside.start(
            "matching", () -> Matches.find(lake, inputs.contacts(), settings, ofMatching))) {
      return build(
          lake, inputs, devices, Optional.empty(), settings, judged, matching::get, report);
    } finally {
      report.addAll(ofMatching);
    }
  }

  /** Builds what is of a region. An action, as {@link #build}. */
  static Graph of(
      Lake lake,
      Inputs inputs,
      Dataset<Row> devices,
      Region region,
      IdentitySettings settings,
      StageReport report) {
    Inputs near = inputs.about(region.witnesses()).aside(lake);
    Column isContact =
        Records.node(
            IdentityMap.SOURCE.col(), lit(IdentityMap.CONTACT), IdentityMap.RECORD_ID.col());
    Dataset<Row> contacts = Region.naming(near.contacts(), region.records(), isContact);
    try (Aside<Matches> matching =
        Aside.start("matching", () -> region.matches().with(lake, region, contacts, settings))) {
      return build(
          lake,
          near,
          Region.naming(devices, region.witnesses(), Records.node()),
          Optional.of(region),
          settings,
          settings.decisions().map(file -> Decisions.judged(lake.spark(), file)),
          matching::get,
          report);
    }
  }

  private static Graph build(
      Lake lake,
      Inputs inputs,
      Dataset<Row> devices,
      Optional<Region> region,
      IdentitySettings settings,
      Optional<Dataset<Row>> judged,
      Supplier<Matches> matching,
      StageReport report) {
    Dataset<Row> emails = lake.scratch("identity/emails", Addresses.held(inputs, settings));
    Dataset<Row> all = lake.scratch("identity/records", Records.all(inputs, emails));
    Dataset<Row> records = of(region, all);
    Dataset<Row> people = lake.scratch("identity/people", People.of(inputs));
    Dataset<Row> mailboxes =
        lake.scratch("identity/mailboxes", Mailboxes.shared(people, settings.email().most()));
    Dataset<Row> identifiers =
        lake.scratch(
            "identity/identifiers",
            // Who else has a value is known before the others are left out.
            of(
                region,
                Links.judged(
                    Identifiers.all(inputs, all, emails, people, devices, settings),
                    Mailboxes.crowded(mailboxes, settings.personsPerEmail()),
                    all,
                    settings)));
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
    Guard guard =
        Guard.judge(
            lake,
            broken.components(),
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
        new Components(guard.groups(), broken.components().rounds()),
        broken.whole());
  }

  private static Dataset<Row> of(Optional<Region> region, Dataset<Row> rows) {
    return region.map(each -> Region.among(rows, each.records(), Records.NODE)).orElse(rows);
  }

  /** Returns rows of {@link IdentityLinks}. */
  Dataset<Row> links() {
    return links(records);
  }

  /**
   * Returns rows of {@link IdentityLinks}.
   *
   * @param named as {@link Records}, all that pairs with one of the records name
   */
  Dataset<Row> links(Dataset<Row> named) {
    return Links.rows(identifiers, guard, records)
        .union(matches.rows(guard, named))
        .union(Decisions.rows(decisions, guard.cut(), records));
  }

  /** Makes sure that records have a number each, and notes counts; returns theirs. An action. */
  long check(StageReport report) {
    Row counts = records.agg(count(lit(1)), count_distinct(Records.NODE.col())).head();
    if (counts.getLong(0) != counts.getLong(1)) {
      throw IdentityErrors.sameNumber(counts.getLong(0), counts.getLong(1));
    }
    report.rows("records", counts.getLong(0));
    report.metric("components.rounds", components.rounds());
    return counts.getLong(0);
  }
}
