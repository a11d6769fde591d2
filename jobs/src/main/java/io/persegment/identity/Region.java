package io.persegment.identity;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.conformed.Orders;
import io.persegment.matching.Matching;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The records that a night links anew, where all others stay as they were.
 *
 * <p>Touched is what is new, changed or gone since the last run, and what a person decided. With it
 * come the records that have a value in common with it, now or before, those that match it, and
 * with each of these all that hung together with it before anything was cut. That is all: any other
 * record has values that the same records have as before, whatever is made of them (how many they
 * are, which names they have), and matches the same records as before; so what hangs together with
 * it does so as before, and what is judged of that, and its id, are the same. What is counted over
 * all devices is in the content of each; the model and the blocks that it leaves out stand.
 *
 * @param before all records as they were linked last, as {@link IdentityRecords}
 * @param map the identity map as it was
 * @param records those that are linked anew, as {@link Footprints#all}
 * @param size how many they are
 * @param touched {@link Footprints#NODE} and {@link #IS_THERE} of what was touched
 * @param witnesses {@link Footprints#NODE} of {@code records} and of all that have a value in
 *     common with them, by which it is judged what links
 * @param matches of the touched ones alone
 * @param total how many records there are in all
 */
record Region(
    Dataset<Row> before,
    Dataset<Row> map,
    Dataset<Row> records,
    long size,
    Dataset<Row> touched,
    Dataset<Row> witnesses,
    Matches matches,
    long total) {
  /** Of this share of the records or more, all at once are about as cheap. */
  static final double MOST = 0.2;

  /**
   * Their numbers are sent to every worker, again and again: of so many they take a hundred
   * megabytes, whatever share of the shop that is.
   */
  private static final long MOST_RECORDS = 2_000_000;

  private static final Field NODE = Footprints.NODE;
  private static final Field COMPONENT = IdentityRecords.COMPONENT;
  static final Field IS_THERE =
      Field.required("is_there", BooleanType, "Whether the record is not gone");
  private static final Field VALUE = Field.required("value", LongType, "Hash of a value");
  private static final String NOW = "now";
  private static final String BEFORE = "before";
  private static final String DIFFERS = "differs";
  private static final String DECIDED = "decided";
  private static final String FEW = "_few";
  private static final String HANG_TOGETHER = "too many hang together with what is new";

  /**
   * Finds them; empty where all are to be linked anew, which the ledger tells. An action.
   *
   * @param most share of the records that they may be
   */
  static Optional<Region> find(
      Lake lake,
      Inputs inputs,
      Footprints footprints,
      IdentitySettings settings,
      LocalDate asOf,
      double most,
      StageReport report) {
    Optional<Dataset<Row>> last = IdentityRecords.before(lake, settings, asOf);
    if (last.isEmpty()) {
      return lake.exists(IdentityRecords.TABLE)
          ? none(
              "the program, settings or tables are not those of the last run, or its date is none before",
              report)
          : Optional.empty();
    }
    Dataset<Row> before = last.get();
    Dataset<Row> map = lake.readOften(IdentityMap.TABLE);
    long stood = before.count();
    if (stood != map.count()) {
      return none("identity_records does not have the records of identity_map", report);
    }
    Dataset<Row> touched =
        lake.scratch(
            "identity/touched",
            touched(footprints.contents(), before, decided(lake, map, settings)));
    Row counts =
        touched
            .agg(count(lit(1)), count_if(not(IS_THERE.col())), count_if(COMPONENT.col().isNull()))
            .head();
    long total = stood - counts.getLong(1) + counts.getLong(2);
    report.rows("records_touched", counts.getLong(0));
    if (areTooMany(counts.getLong(0), total, most)) {
      return none("too many are new, changed or gone", report);
    }
    Optional<Matches> matches = Matches.ofSome(lake, inputs.contacts(), touched, settings, report);
    if (matches.isEmpty()) {
      return none("the model does not stand by which they were compared, or not all were", report);
    }
    Dataset<Row> own =
        lake.scratch("identity/touched-values", footprints.of(touched.where(IS_THERE.col())));
    Dataset<Row> untouched = without(before, touched, NODE);
    Dataset<Row> components =
        lake.scratch(
            "identity/touched-components",
            touched
                .select(COMPONENT.col())
                .where(COMPONENT.col().isNotNull())
                .union(
                    sharing(untouched, own, among(before, touched, NODE)).select(COMPONENT.col()))
                .union(
                    among(
                            before,
                            ends(matches.get().linking())
                                .union(heirs(inputs.orders(), gone(touched))),
                            NODE)
                        .select(COMPONENT.col()))
                .distinct());
    if (areTooMany(components.count(), total, most)) {
      return none(HANG_TOGETHER, report);
    }
    Dataset<Row> records =
        lake.scratch(
            "identity/region",
            among(untouched, components, COMPONENT)
                .select(NODE.col(), Footprints.CONTENT.col(), Footprints.VALUES.col())
                .union(own));
    long size = records.count();
    report.rows("records_linked_anew", size);
    if (areTooMany(size, total, most)) {
      return none(HANG_TOGETHER, report);
    }
    Dataset<Row> witnesses =
        lake.scratch(
            "identity/witnesses",
            sharing(untouched, records, records.limit(0))
                .select(NODE.col())
                .union(records.select(NODE.col()))
                .distinct());
    if (witnesses.count() > MOST_RECORDS) {
      return none("too many have a value in common with those to link", report);
    }
    return Optional.of(
        new Region(before, map, records, size, touched, witnesses, matches.get(), total));
  }

  private static boolean areTooMany(long records, long total, double most) {
    return records >= most * total || records > MOST_RECORDS;
  }

  private static Optional<Region> none(String why, StageReport report) {
    report.note("All records are linked anew: " + why);
    return Optional.empty();
  }

  /** Returns {@link #NODE}, {@link #IS_THERE}, and the component that it was of; null if new. */
  private static Dataset<Row> touched(
      Dataset<Row> contents, Dataset<Row> before, Optional<Dataset<Row>> decided) {
    Column content = Footprints.CONTENT.of(NOW);
    Dataset<Row> all =
        contents
            .as(NOW)
            .join(before.as(BEFORE), NODE.of(NOW).equalTo(NODE.of(BEFORE)), "full_outer")
            .select(
                coalesce(NODE.of(NOW), NODE.of(BEFORE)).as(NODE.name()),
                NODE.of(NOW).isNotNull().as(IS_THERE.name()),
                COMPONENT.of(BEFORE),
                not(content.eqNullSafe(Footprints.CONTENT.of(BEFORE))).as(DIFFERS));
    return decided
        .map(
            nodes ->
                all.join(
                    broadcast(nodes.select(NODE.col(), lit(true).as(DECIDED))),
                    Members.names(NODE),
                    "left"))
        .orElseGet(() -> all.withColumn(DECIDED, lit(null).cast(BooleanType)))
        .where(col(DIFFERS).or(col(DECIDED).isNotNull()))
        .select(NODE.col(), IS_THERE.col(), COMPONENT.col());
  }

  /** Returns the records that somebody judges or judged, without looking what: they are few. */
  private static Optional<Dataset<Row>> decided(
      Lake lake, Dataset<Row> map, IdentitySettings settings) {
    return settings
        .decisions()
        .map(
            file -> {
              Field key = IdentityLinks.LEFT_KEY;
              Dataset<Row> judged =
                  Decisions.judged(lake.spark(), file)
                      .select(key.col(), IdentityLinks.RIGHT_KEY.col())
                      .union(
                          lake.read(IdentityLinks.TABLE)
                              .where(IdentityLinks.RULE.col().equalTo(Decisions.RULE))
                              .select(key.col(), IdentityLinks.RIGHT_KEY.col()));
              Dataset<Row> keys =
                  judged
                      .select(key.col())
                      .union(judged.select(IdentityLinks.RIGHT_KEY.col()))
                      .distinct();
              // The key of an address shows but its hash.
              Dataset<Row> addresses =
                  map.where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ADDRESS))
                      .select(Records.shownKey().as(key.name()), Records.node().as(NODE.name()));
              return keys.select(xxhash64(key.col()).as(NODE.name()))
                  .union(among(addresses, keys, key).select(NODE.col()))
                  .distinct();
            });
  }

  /** Returns a row for each value that {@code records} have in common with one of the others. */
  private static Dataset<Row> sharing(Dataset<Row> records, Dataset<Row> one, Dataset<Row> other) {
    Dataset<Row> values =
        Footprints.exploded(one, VALUE.name())
            .union(Footprints.exploded(other, VALUE.name()))
            .distinct();
    return among(
        Footprints.exploded(records, VALUE.name(), NODE.col(), COMPONENT.col()), values, VALUE);
  }

  private static Dataset<Row> ends(Dataset<Row> pairs) {
    return pairs
        .select(Matching.LEFT.col().as(NODE.name()))
        .union(pairs.select(Matching.RIGHT.col()));
  }

  /** Returns the contacts that guest orders were given to: as {@link Heirs} looks for them. */
  private static Dataset<Row> heirs(Dataset<Row> orders, Dataset<Row> gone) {
    return naming(
            orders.where(Orders.CONTACT_RECORD_ID.col().isNotNull()),
            gone,
            Records.node(Orders.SOURCE.col(), lit(IdentityMap.ORDER), Orders.ORDER_ID.col()))
        .select(
            Records.node(
                    Orders.SOURCE.col(), lit(IdentityMap.CONTACT), Orders.CONTACT_RECORD_ID.col())
                .as(NODE.name()));
  }

  /** Keeps the rows of other records, by {@link #NODE}. */
  Dataset<Row> without(Dataset<Row> rows) {
    return without(rows, replaced(), NODE);
  }

  /** Returns {@link #NODE} of all whose rows of before do not stand. */
  Dataset<Row> replaced() {
    return records.select(NODE.col()).union(gone(touched));
  }

  private static Dataset<Row> gone(Dataset<Row> touched) {
    return touched.where(not(IS_THERE.col())).select(NODE.col());
  }

  /**
   * Returns the records of a graph of this region, and those that only pairs with one of them name:
   * as {@link Records}, but for {@link Records#FIRST_SEEN}.
   */
  Dataset<Row> named(Graph graph) {
    Dataset<Row> beside = without(ends(graph.matches().likely()).distinct(), records, NODE);
    Column[] named = {
      IdentityMap.SOURCE.col(),
      IdentityMap.RECORD_TYPE.col(),
      IdentityMap.RECORD_ID.col(),
      NODE.col()
    };
    return graph
        .records()
        .select(named)
        .union(
            naming(map, beside, Records.node())
                .withColumn(NODE.name(), Records.node())
                .select(named));
  }

  /** Keeps rows of which one of {@code each} is one of {@code nodes}, few of all and none twice. */
  static Dataset<Row> naming(Dataset<Row> rows, Dataset<Row> nodes, Column... each) {
    Dataset<Row> named = rows;
    Column isOne = lit(false);
    for (int i = 0; i < each.length; i++) {
      String name = "_node_" + i;
      named =
          named.join(
              broadcast(nodes.select(NODE.col().as(name))), each[i].equalTo(col(name)), "left");
      isOne = isOne.or(col(name).isNotNull());
    }
    return named
        .where(isOne)
        .select(Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new));
  }

  /** Keeps rows that have the {@code field} of one of {@code few}. */
  static Dataset<Row> among(Dataset<Row> rows, Dataset<Row> few, Field field) {
    return rows.join(broadcast(few.select(field.col().as(FEW))), isSame(field), "left_semi");
  }

  /** Keeps rows that have the {@code field} of none of {@code few}. */
  static Dataset<Row> without(Dataset<Row> rows, Dataset<Row> few, Field field) {
    return rows.join(broadcast(few.select(field.col().as(FEW))), isSame(field), "left_anti");
  }

  private static Column isSame(Field field) {
    return field.col().equalTo(col(FEW));
  }
}
