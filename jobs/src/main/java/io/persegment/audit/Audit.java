package io.persegment.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.persegment.customer.Customers;
import io.persegment.run.Runs;
import io.persegment.run.StageContext;
import io.persegment.source.Quarantine;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One audit of a lake. Every table is profiled in one pass, all of them in one Spark job; all
 * references are followed in another. What comes to the driver is a few rows a table.
 */
final class Audit {
  private final StageContext context;
  private final Lake lake;
  private final AuditSettings settings;
  private final Map<String, List<String>> segmentations;
  private final List<Table> there;

  /**
   * @param segmentations that are declared: by name, the features whose size decides
   */
  Audit(StageContext context, AuditSettings settings, Map<String, List<String>> segmentations) {
    this.segmentations = Map.copyOf(segmentations);
    this.context = context;
    this.lake = context.lake();
    this.settings = settings;
    this.there = AuditedTables.ALL.stream().filter(lake::exists).toList();
  }

  /**
   * Returns what every check found. Some nine actions, and three a target, however many checks
   * there are.
   */
  List<Finding> findings() {
    var profiles = new ProfileFindings(profiles(), settings);
    var findings = new ArrayList<Finding>();
    findings.addAll(profiles.counts(there, filledBefore()));
    findings.addAll(profiles.keys(there));
    findings.addAll(profiles.freshness(context.asOf()));
    findings.addAll(profiles.quarantine(quarantined()));
    findings.addAll(arrivals());
    findings.addAll(new Distributions(context, settings, profiles).findings());
    findings.addAll(references(profiles));
    findings.addAll(sharedAddresses(profiles));
    findings.addAll(new SegmentFindings(context, settings, segmentations).findings());
    findings.addAll(new ScoreFindings(context, settings).findings());
    return findings;
  }

  private List<Finding> arrivals() {
    Dataset<Row> runs = lake.readOrEmpty(Runs.TABLE);
    return Arrivals.findings(Arrivals.read(runs, context.asOf()), settings.arrivalsZ());
  }

  private List<TableProfile> profiles() {
    return there.stream()
        .map(table -> TableProfile.of(table, rows(table), context))
        .reduce(Dataset::union)
        .map(
            all ->
                all.collectAsList().stream() // one row a table
                    .map(TableProfile::from)
                    .toList())
        .orElse(List.of());
  }

  private List<Finding> references(ProfileFindings profiles) {
    List<Reference> followed =
        Reference.all(settings).stream()
            .filter(each -> profiles.rows(each.table().name()) > 0)
            .filter(each -> profiles.rows(each.other().name()) > 0)
            .toList();
    List<Row> counts =
        followed.stream()
            .map(each -> each.follow(rows(each.table()), rows(each.other())))
            .reduce(Dataset::union)
            .map(Dataset::collectAsList)
            .orElse(List.of());
    return counts.stream()
        .map(
            row ->
                followed.stream()
                    .filter(each -> each.isFollowedIn(row))
                    .findFirst()
                    .orElseThrow()
                    .finding(row))
        .toList();
  }

  /** Returns how many customers have an address that another has as well. */
  private List<Finding> sharedAddresses(ProfileFindings profiles) {
    if (profiles.rows(Customers.TABLE.name()) == 0) {
      return List.of();
    }
    Column customers = Customers.RECORD_COUNT.col();
    long sharing =
        rows(Customers.TABLE)
            .filter(Customers.EMAIL.col().isNotNull())
            .groupBy(Customers.EMAIL.col())
            .agg(count(lit(1)).as(Customers.RECORD_COUNT.name()))
            .filter(customers.gt(1))
            .agg(coalesce(sum(customers), lit(0L)))
            .head()
            .getLong(0);
    return List.of(
        Finding.info("customers_sharing_an_address", Customers.TABLE.name(), (double) sharing));
  }

  /** Returns the rows in quarantine, by table and source. */
  private Map<String, Map<String, Long>> quarantined() {
    var quarantined = new TreeMap<String, Map<String, Long>>();
    lake.readOrEmpty(Quarantine.TABLE)
        .groupBy(Quarantine.TARGET_TABLE.col(), Quarantine.SOURCE.col())
        .count()
        .collectAsList() // one row a table and source
        .forEach(
            row ->
                quarantined
                    .computeIfAbsent(row.getString(0), table -> new TreeMap<>())
                    .put(row.getString(1), row.getLong(2)));
    return quarantined;
  }

  /** Returns the tables that had rows when they were last audited, or should have had some. */
  private Set<String> filledBefore() {
    return lake
        .readOrEmpty(Audits.TABLE)
        .filter(Audits.CHECK.col().equalTo(ProfileFindings.ROWS))
        .filter(Audits.AS_OF.col().lt(context.asOfColumn()))
        .groupBy(Audits.TABLE_NAME.col())
        .agg(max_by(struct(Audits.VALUE.col(), Audits.LIMIT.col()), Audits.AS_OF.col()))
        .collectAsList() // one row a table
        .stream()
        .filter(row -> row.getStruct(1).getDouble(0) > 0 || !row.getStruct(1).isNullAt(1))
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  /** Returns the rows of {@code table}, of the as-of date alone where it has those of many. */
  private Dataset<Row> rows(Table table) {
    Dataset<Row> all = lake.read(table);
    return AuditedTables.asOf(table)
        .map(asOf -> all.filter(asOf.col().equalTo(context.asOfColumn())))
        .orElse(all);
  }
}
