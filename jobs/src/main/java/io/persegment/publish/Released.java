package io.persegment.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.lit;

import io.persegment.config.Nearest;
import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A release that was published.
 *
 * @param versions table to the Delta version that belongs to it
 * @param findings what the gate found and somebody accepted
 * @param accepted why
 * @param acceptedBy who said so
 * @param backTo the earlier release that it went back to
 */
public record Released(
    String id,
    LocalDate asOf,
    Instant publishedAt,
    Map<String, Long> versions,
    List<String> findings,
    Optional<String> accepted,
    Optional<String> acceptedBy,
    Optional<String> backTo) {

  public Released {
    versions = Map.copyOf(versions);
    findings = List.copyOf(findings);
  }

  /** Returns why what was found was accepted, and by whom. */
  public Optional<String> acceptance() {
    return accepted.map(why -> "%s (%s)".formatted(why, acceptedBy.orElse("unknown")));
  }

  /** Returns all releases, the last one first. An action, on a small table. */
  public static List<Released> all(Lake lake) {
    return lake
        .readOrEmpty(Releases.TABLE)
        .orderBy(Releases.RELEASE_ID.col().desc())
        .collectAsList() // one row a release
        .stream()
        .map(Released::of)
        .toList();
  }

  /**
   * Returns one release. An action.
   *
   * @throws PersegmentException where there is none of that id
   */
  public static Released find(Lake lake, String id) {
    List<Released> all = all(lake);
    return all.stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new PersegmentException(
                    Fault.SETTINGS,
                    all.isEmpty()
                        ? "There is no release yet: the stage publish makes them."
                        : "There is no release %s; %s. The last one is %s."
                            .formatted(
                                id,
                                Nearest.hint(id, all.stream().map(Released::id).toList()),
                                all.get(0).id())));
  }

  /**
   * Returns the audience of a release. Where the table has gone on, or was built anew, it is put
   * together from all changes.
   *
   * @param declared columns of the shop's own
   */
  public Dataset<Row> audience(Lake lake, List<Field> declared) {
    return audience(lake, declared, isStored(lake));
  }

  Dataset<Row> audience(Lake lake, List<Field> declared, boolean isStored) {
    return isStored ? lake.read(Audience.table(declared)) : History.audience(lake, id, declared);
  }

  /**
   * Returns the ids of who is in the release and has said no to e-mails since, or stands on a list
   * of {@code settings} now: whatever is made of a release is not for them. Of who has become part
   * of another customer since, that one's word counts. Written aside, so that it wants the lake's
   * lock; an action.
   */
  public Dataset<Row> refused(Lake lake, PublishSettings settings) {
    Dataset<Row> audience =
        audience(lake, List.of()).select(Audience.CUSTOMER_ID.col(), Audience.EMAIL.col());
    Dataset<Row> addresses = Addresses.in(lake, audience);
    String[] customer = {Audience.CUSTOMER_ID.name()};
    Dataset<Row> refusing =
        Standing.now(lake, addresses, settings.suppressions())
            .where(Standing.refused())
            .select(Audience.CUSTOMER_ID.col());
    Dataset<Row> theirs =
        addresses.join(refusing, customer, "left_semi").select(Addresses.ADDRESS.col());
    Dataset<Row> merged =
        audience
            .join(lake.readOrEmpty(Customers.TABLE), customer, "left_anti")
            .join(theirs, Audience.EMAIL.col().equalTo(Addresses.ADDRESS.col()), "left_semi");
    return lake.scratch(
        "publish/refused",
        audience
            .join(refusing, customer, "left_semi")
            .union(merged)
            .select(Audience.CUSTOMER_ID.col())
            .distinct());
  }

  /** Returns whether the table of the audience is as this release left it. An action. */
  boolean isStored(Lake lake) {
    return lake.version(Audience.TABLE).orElse(-1)
            == versions.getOrDefault(Audience.TABLE.name(), -2L)
        && lake.read(Audience.TABLE).where(Audience.RELEASE_ID.col().gt(id)).isEmpty();
  }

  private static Released of(Row row) {
    List<String> findings = row.getList(row.fieldIndex(Releases.FINDINGS.name()));
    return new Released(
        row.getAs(Releases.RELEASE_ID.name()),
        row.<java.sql.Date>getAs(Releases.AS_OF.name()).toLocalDate(),
        row.<java.sql.Timestamp>getAs(Releases.PUBLISHED_AT.name()).toInstant(),
        row.getJavaMap(row.fieldIndex(Releases.TABLE_VERSIONS.name())),
        findings == null ? List.of() : findings,
        Optional.ofNullable(row.getAs(Releases.ACCEPTED.name())),
        Optional.ofNullable(row.getAs(Releases.ACCEPTED_BY.name())),
        Optional.ofNullable(row.getAs(Releases.BACK_TO.name())));
  }

  /**
   * Returns how many customers each kind of change befell after one release and up to another,
   * counted once for each release, and of those that changed each column. An action.
   *
   * @param after all releases after this one; empty for only the one of {@code upTo}
   */
  public static Map<String, Long> changes(Lake lake, Optional<String> after, String upTo) {
    Column id = AudienceChanges.RELEASE_ID.col();
    Column asked = after.map(first -> id.gt(first).and(id.leq(upTo))).orElse(id.equalTo(upTo));
    var changes = new TreeMap<String, Long>();
    lake.readOrEmpty(AudienceChanges.TABLE)
        .where(asked)
        .groupBy(AudienceChanges.CHANGE.col())
        .agg(count(lit(1)))
        .collectAsList() // one row a kind of change
        .forEach(row -> changes.put(row.getString(0), row.getLong(1)));
    lake.readOrEmpty(AudienceChanges.TABLE)
        .where(asked.and(AudienceChanges.CHANGE.col().equalTo(AudienceChanges.CHANGED)))
        .select(explode_outer(AudienceChanges.CHANGED_COLUMNS.col()).as("column"))
        .groupBy(col("column"))
        .agg(count(lit(1)))
        .collectAsList() // one row a column
        .forEach(row -> changes.put("changed: " + row.getString(0), row.getLong(1)));
    return changes;
  }
}
