package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.conformed.Contacts;
import io.persegment.identity.IdentityModels.Standing;
import io.persegment.identity.IdentityReportResult.Large;
import io.persegment.identity.IdentityReportResult.Learnt;
import io.persegment.identity.IdentityReportResult.Point;
import io.persegment.identity.IdentityReportResult.Rule;
import io.persegment.identity.IdentityReportResult.Size;
import io.persegment.identity.IdentityReportResult.Uncompared;
import io.persegment.identity.IdentityReportResult.Unsure;
import io.persegment.matching.LearntModel;
import io.persegment.matching.Matching;
import io.persegment.matching.MatchingSettings;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Tells what identity made of a lake, from its own tables and how many contacts there are. Counts
 * where the rows are; to the driver come sums, a few customers and the links of those.
 */
public final class IdentityReport {
  private static final int FEW = 10;

  /** Of customers with more links than so many together, nobody looks what a link holds. */
  private static final int MOST_LINKS = 100_000;

  private static final List<String> SIZES = List.of("1", "2", "3", "4-5", "6-10", "more than 10");

  private static final Field CUSTOMER = IdentityMap.CUSTOMER_ID;
  private static final Field KEY = Records.KEY;
  private static final Field RECORDS =
      Field.required("records", LongType, "How many records the customer has");
  private static final Field CUSTOMERS =
      Field.required("customers", LongType, "How many customers are of the size");
  private static final Field SIZE = Field.required("size", IntegerType, "Place of the size");
  private static final Field WEAKEST =
      Field.required(
          "weakest", IdentityLinks.TABLE.schema(), "The match of the lowest weight that was kept");

  private final Lake lake;
  private final MatchingSettings settings;
  private final Dataset<Row> map;
  private final Dataset<Row> links;

  private IdentityReport(Lake lake, MatchingSettings settings) {
    this.lake = lake;
    this.settings = settings;
    this.map = lake.read(IdentityMap.TABLE);
    this.links = lake.read(IdentityLinks.TABLE);
  }

  /** Returns what there is to tell. An action: some passes over map and links. */
  public static IdentityReportResult of(Lake lake, MatchingSettings settings) {
    var report = new IdentityReport(lake, settings);
    Dataset<Row> customers =
        report
            .map
            .groupBy(CUSTOMER.col())
            .agg(count(lit(1)).as(RECORDS.name()))
            .persist(); // counted, and looked up for its largest
    try {
      return report.of(customers);
    } finally {
      customers.unpersist();
    }
  }

  private IdentityReportResult of(Dataset<Row> customers) {
    List<Size> sizes = sizes(customers);
    long contacts = lake.readOrEmpty(Contacts.TABLE).where(not(Contacts.isEnrichment())).count();
    return new IdentityReportResult(
        sizes.stream().mapToLong(Size::customers).sum(),
        sizes.stream().mapToLong(Size::records).sum(),
        sizes,
        largest(customers),
        leastSure(customers),
        rules(),
        contacts,
        uncompared(contacts),
        IdentityModels.newest(lake).map(this::learnt));
  }

  private Optional<Uncompared> uncompared(long contacts) {
    if (settings.comparesNobody()) {
      return Optional.of(Uncompared.MATCHING_IS_OFF);
    }
    return contacts < Matching.LEAST_RECORDS
        ? Optional.of(Uncompared.TOO_FEW_CONTACTS)
        : Optional.empty();
  }

  private static List<Size> sizes(Dataset<Row> customers) {
    Column records = RECORDS.col();
    Column size =
        when(records.leq(3), records.minus(1))
            .when(records.leq(5), 3)
            .when(records.leq(10), 4)
            .otherwise(5)
            .cast(IntegerType);
    return customers
        .groupBy(size.as(SIZE.name()))
        .agg(count(lit(1)).as(CUSTOMERS.name()), sum(records).as(RECORDS.name()))
        .orderBy(SIZE.col())
        .collectAsList() // a row a size
        .stream()
        .map(row -> new Size(SIZES.get(row.getInt(0)), row.getLong(1), row.getLong(2)))
        .toList();
  }

  private List<Large> largest(Dataset<Row> customers) {
    List<Row> largest =
        customers.orderBy(RECORDS.col().desc(), CUSTOMER.col()).limit(FEW).collectAsList();
    Map<String, Map<String, Long>> types = new LinkedHashMap<>();
    largest.forEach(row -> types.put(row.getString(0), new TreeMap<>()));
    map.where(CUSTOMER.col().isin(types.keySet().toArray()))
        .groupBy(CUSTOMER.col(), IdentityMap.RECORD_TYPE.col())
        .count()
        .collectAsList() // a row a customer shown and type
        .forEach(row -> types.get(row.getString(0)).put(row.getString(1), row.getLong(2)));
    return largest.stream()
        .map(row -> new Large(row.getString(0), row.getLong(1), types.get(row.getString(0))))
        .toList();
  }

  private List<Unsure> leastSure(Dataset<Row> customers) {
    Column weakestMatch =
        struct(
            IdentityLinks.MATCH_WEIGHT.col(),
            IdentityLinks.MATCH_PROBABILITY.col(),
            IdentityLinks.LEFT_KEY.col(),
            IdentityLinks.RIGHT_KEY.col());
    List<Row> weakest =
        kept()
            .where(IdentityLinks.RULE.col().equalTo(Matches.RULE))
            .groupBy(CUSTOMER.col())
            .agg(min(weakestMatch).as(WEAKEST.name()))
            .orderBy(WEAKEST.col(), CUSTOMER.col())
            .limit(FEW)
            .join(customers, CUSTOMER.name())
            .orderBy(WEAKEST.col(), CUSTOMER.col())
            .collectAsList();
    if (weakest.isEmpty()) {
      return List.of();
    }
    Object[] ids = weakest.stream().map(row -> row.getString(0)).toArray();
    List<Row> around =
        kept()
            .where(CUSTOMER.col().isin(ids))
            .select(
                IdentityLinks.LEFT_KEY.col(),
                IdentityLinks.RIGHT_KEY.col(),
                IdentityLinks.RULE.col(),
                IdentityLinks.CUT_REASON.col(),
                CUSTOMER.col())
            .limit(MOST_LINKS)
            .collectAsList(); // bounded by MOST_LINKS
    return weakest.stream().map(row -> unsure(row, around)).toList();
  }

  /** Returns the links that were kept, with the customer whose records they link. */
  private Dataset<Row> kept() {
    Dataset<Row> owners = map.select(Records.shownKey().as(KEY.name()), CUSTOMER.col());
    return links
        .where(IdentityLinks.KEPT.col())
        .join(owners, IdentityLinks.LEFT_KEY.col().equalTo(KEY.col()));
  }

  private static Unsure unsure(Row row, List<Row> around) {
    String customer = row.getString(0);
    Row match = row.getStruct(1);
    String left = match.getString(2);
    String right = match.getString(3);
    long records = row.getLong(2);
    List<Chain.Link> others =
        around.stream()
            .filter(link -> link.getString(4).equals(customer))
            .map(Explanation::link)
            .filter(link -> !(link.left().equals(left) && link.right().equals(right)))
            .toList();
    Set<String> together = new Chain(others).together(left);
    long part = Math.min(together.size(), records - together.size());
    long apart = together.contains(right) ? 0 : part;
    return new Unsure(
        customer,
        records,
        left,
        right,
        match.getDouble(0),
        match.getDouble(1),
        around.size() < MOST_LINKS ? apart : -1);
  }

  private List<Rule> rules() {
    Map<String, Map<String, Long>> cut = new TreeMap<>();
    links
        .where(IdentityLinks.CUT_REASON.col().isNotNull())
        .groupBy(IdentityLinks.RULE.col(), IdentityLinks.CUT_REASON.col())
        .count()
        .collectAsList() // a row a rule and reason
        .forEach(
            row ->
                cut.computeIfAbsent(row.getString(0), rule -> new TreeMap<>())
                    .put(row.getString(1), row.getLong(2)));
    Column kept = when(IdentityLinks.KEPT.col(), IdentityLinks.LEFT_KEY.col());
    return links
        .groupBy(IdentityLinks.RULE.col())
        .agg(count_if(IdentityLinks.KEPT.col()), count_distinct(kept))
        .orderBy(IdentityLinks.RULE.col())
        .collectAsList() // a row a rule
        .stream()
        .map(
            row ->
                new Rule(
                    row.getString(0),
                    row.getLong(1),
                    row.getLong(2),
                    cut.getOrDefault(row.getString(0), Map.of())))
        .toList();
  }

  private Learnt learnt(Standing standing) {
    LearntModel model = standing.model();
    return new Learnt(
        standing.version(),
        model.records(),
        model.labelledPairs(),
        model.threshold(),
        model.expectedPairs(),
        model.expectedPairsOfKinds(),
        model.weights(),
        model.silent(),
        points(model.expectedPairs()));
  }

  private List<Point> points(double expected) {
    Dataset<Row> matched = links.where(IdentityLinks.RULE.col().equalTo(Matches.RULE));
    return Threshold.all(matched, IdentityLinks.MATCH_PROBABILITY.col()).stream()
        .map(each -> new Point(each.at(), each.pairs(), each.total(), expected))
        .toList();
  }
}
