package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.LocalDate;

/**
 * What is true of the people, for tests and reports alone: no stage reads it. {@code persons.csv}
 * is one row a person, {@code records.csv} one row a record and whose it is, {@code
 * purchase_30d.csv} one row a person and day.
 */
final class TruthFiles implements Closeable {
  private static final String PERSONS =
      "person_id,garden_group,brand_tier,discount_hunter,lifecycle,household_id,first_seen";

  private final CsvFile persons;
  private final CsvFile records;
  private final CsvFile purchases;

  TruthFiles(Path folder) {
    persons = new CsvFile(folder.resolve("persons.csv"), PERSONS);
    records = new CsvFile(folder.resolve("records.csv"), "source,record_type,record_id,person_id");
    purchases =
        new CsvFile(
            folder.resolve("purchase_30d.csv"), "as_of,person_id,eligible,probability,purchased");
  }

  /** Writes a person with a name. */
  void person(Person person, Lifecycle lifecycle, LocalDate firstSeen) {
    persons.row(
        person.id(),
        person.group().label(),
        person.tier().label(),
        person.discountHunter(),
        lifecycle.label(),
        "h" + person.home().head(),
        firstSeen);
  }

  /** Writes a device without a login as a person of its own, with the taste it was used with. */
  void visitor(Person taste, Device device, LocalDate firstSeen) {
    String id = "v" + device.id();
    persons.row(
        id,
        taste.group().label(),
        taste.tier().label(),
        false,
        Lifecycle.VISITOR.label(),
        id,
        firstSeen);
    records.row("ga4", "anonymous_id", device.id(), id);
  }

  /** Says whose a record is. */
  void record(String source, String type, Object id, Person person) {
    records.row(source, type, id, person.id());
  }

  /**
   * Writes how likely a person was to buy in the 30 days after a day's end, and whether they did.
   *
   * @param eligible whether a paid order came before, in the history
   */
  void purchase(
      LocalDate asOf, Person person, boolean eligible, double probability, boolean purchased) {
    purchases.row(asOf, person.id(), eligible, Math.round(probability * 1e6) / 1e6, purchased);
  }

  long persons() {
    return persons.rows();
  }

  @Override
  public void close() {
    persons.close();
    records.close();
    purchases.close();
  }
}
