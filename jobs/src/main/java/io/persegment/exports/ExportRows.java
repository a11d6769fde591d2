package io.persegment.exports;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.publish.Audience;
import io.persegment.publish.History;
import io.persegment.publish.PublishSettings;
import io.persegment.publish.Released;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Who is told to a tool with a release.
 *
 * @param upserts rows of {@link Audience}
 * @param removals a customer and an address that must not be written to any more
 * @param returned those of upserts whom the tool was told to remove when it was told of them last
 */
record ExportRows(Dataset<Row> upserts, Dataset<Row> removals, Dataset<Row> returned) {
  private static final String LAST = "_last";
  private static final String[] CUSTOMER = {Audience.CUSTOMER_ID.name()};

  /**
   * Returns who changed since the last release that the tool was told, and whom it refused then;
   * or, in full, everybody, and every address that ever was there and is no more. Who has said no
   * since the release is removed. An address that anybody has now never is. Actions, on the small
   * tables of releases and deliveries' ids.
   *
   * @param publish says which columns the audience has, and who may not be written to
   */
  static ExportRows of(
      Lake lake, Tool tool, Released release, boolean full, PublishSettings publish) {
    List<Field> declared = publish.declared();
    Dataset<Row> refused = release.refused(lake, publish);
    Dataset<Row> now = release.audience(lake, declared).join(refused, CUSTOMER, "left_anti");
    Dataset<Row> ofTool =
        lake.readOrEmpty(Deliveries.TABLE).where(Deliveries.TOOL.col().equalTo(tool.label()));
    requireLast(tool, release, ofTool);
    Dataset<Row> told = ofTool.where(Deliveries.RELEASE_ID.col().lt(release.id()));
    Dataset<Row> states = states(told);
    // What this release told when it was told before; told again it must come out no less.
    Dataset<Row> removed = states.union(states(ofTool)).where(isRemoved()).distinct();
    Dataset<Row> ever = History.addresses(lake, release.id());
    if (full) {
      return of(now, gone(tool, ever, now), removed);
    }
    Dataset<Row> no = ever.join(refused, CUSTOMER, "left_semi").join(ofTool, hashed(), "left_semi");
    Optional<String> last =
        Optional.ofNullable(told.agg(max(Deliveries.RELEASE_ID.col())).head().getString(0));
    if (last.isEmpty()) {
      return of(now, gone(tool, no.select(addressed()), now), removed);
    }
    Dataset<Row> notTaken = states.where(Deliveries.STATUS.col().equalTo(Deliveries.REFUSED));
    Dataset<Row> touched =
        History.touched(lake, last.get(), release.id())
            .union(notTaken.select(Audience.CUSTOMER_ID.col()))
            .union(refused)
            .union(now.join(removed, hashed(), "left_semi").select(Audience.CUSTOMER_ID.col()))
            .distinct();
    Dataset<Row> had =
        History.audience(lake, last.get(), declared)
            .join(touched, CUSTOMER, "left_semi")
            .select(addressed());
    Dataset<Row> again = ever.join(notTaken, hashed(), "left_semi").select(addressed());
    Dataset<Row> left = had.union(again).union(no.select(addressed()));
    return of(now.join(touched, CUSTOMER, "left_semi"), gone(tool, left, now), removed);
  }

  private static Column isRemoved() {
    return Deliveries.ACTION.col().equalTo(Deliveries.REMOVE);
  }

  private static ExportRows of(Dataset<Row> upserts, Dataset<Row> removals, Dataset<Row> removed) {
    return new ExportRows(
        upserts, removals, upserts.select(addressed()).join(removed, hashed(), "left_semi"));
  }

  private static Column hashed() {
    return sha2(Audience.EMAIL.col(), 256).equalTo(Deliveries.EMAIL_SHA256.col());
  }

  /** Returns what the tool was told last of each address, and what it said. */
  private static Dataset<Row> states(Dataset<Row> told) {
    Column state =
        struct(Deliveries.CUSTOMER_ID.col(), Deliveries.ACTION.col(), Deliveries.STATUS.col());
    return told.groupBy(Deliveries.EMAIL_SHA256.col())
        .agg(max_by(state, Deliveries.RELEASE_ID.col()).as(LAST))
        .select(Deliveries.EMAIL_SHA256.col(), col(LAST + ".*"));
  }

  /** Throws if the tool was told a later release: what it has must not go back unseen. */
  private static void requireLast(Tool tool, Released release, Dataset<Row> ofTool) {
    String last = ofTool.agg(max(Deliveries.RELEASE_ID.col())).head().getString(0);
    if (last != null && last.compareTo(release.id()) > 0) {
      throw new PersegmentException(
          Fault.SETTINGS,
          "%s was told %s already, and %s is older. To go back publish it again, by release rollback %s, and export that."
              .formatted(tool.label(), last, release.id(), release.id()));
    }
  }

  /** Returns who is gone: addresses or, where the tool tells people apart by them, customers. */
  private static Dataset<Row> gone(Tool tool, Dataset<Row> addresses, Dataset<Row> now) {
    String key = (tool.knowsAddresses() ? Audience.EMAIL : Audience.CUSTOMER_ID).name();
    return addresses
        .join(now.select(key), new String[] {key}, "left_anti")
        .groupBy(Audience.EMAIL.col())
        .agg(min(Audience.CUSTOMER_ID.col()).as(Audience.CUSTOMER_ID.name()))
        .select(addressed());
  }

  private static Column[] addressed() {
    return new Column[] {Audience.CUSTOMER_ID.col(), Audience.EMAIL.col()};
  }
}
