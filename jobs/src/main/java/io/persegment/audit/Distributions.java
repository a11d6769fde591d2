package io.persegment.audit;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.ConformedTable;
import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;

/**
 * Compares the values of the sources' rows with what they were like when {@link AuditReference} was
 * written: by the first audit that finds enough rows, and again by the first as of the date that
 * the settings name. Of tables of events the last four weeks count.
 */
final class Distributions {
  static final int WINDOW_DAYS = 28;

  /** Of fewer rows the shares differ by chance alone. */
  static final int FEWEST_ROWS = 200;

  /** A value that is rarer has no bin of its own: some weeks it would not be there by chance. */
  private static final double RAREST = 0.01;

  private static final Field TABLE = Field.required("table", StringType, "Table");
  private static final Field COLUMN = Field.required("column", StringType, "Column");
  private static final Field VALUE = Field.optional("value", StringType, "Value");
  private static final Field PLACE = Field.optional("place", DoubleType, "Puts bins in order");
  private static final Field BIN = Field.required("bin", IntegerType, "Bin");
  private static final Field ROWS = Field.required("rows", LongType, "Rows");
  private static final Field UP_TO =
      Field.required("up_to", LongType, "Rows with this number or a lesser one");
  private static final Field RANK = Field.required("rank", IntegerType, "1 for the most rows");
  private static final Field ALL = Field.required("all", LongType, "Rows with any value");
  private static final Field CELL = Field.required("cell", StringType, "A column and its value");

  private final StageContext context;
  private final Lake lake;
  private final AuditSettings settings;
  private final ProfileFindings profiles;

  Distributions(StageContext context, AuditSettings settings, ProfileFindings profiles) {
    this.context = context;
    this.lake = context.lake();
    this.settings = settings;
    this.profiles = profiles;
  }

  /**
   * Returns how the values differ from the reference, one finding a table for nulls and one for all
   * of them; writes what of the reference is missing or to be replaced. Two actions, and two more
   * where something is written.
   */
  List<Finding> findings() {
    Map<String, Snapshot> reference = Snapshot.read(lake.readOrEmpty(AuditReference.TABLE));
    List<Table> enough =
        ConformedTable.ALL.stream()
            .map(ConformedTable::table)
            .filter(AuditedTables::isCompared)
            .filter(table -> profiles.recent(table.name()) >= FEWEST_ROWS)
            .toList();
    List<Table> due =
        enough.stream()
            .filter(table -> isDue(Optional.ofNullable(reference.get(table.name()))))
            .toList();
    reference.putAll(binned(due));
    Map<String, Snapshot> now = counted(enough, reference);
    if (!due.isEmpty()) {
      due.forEach(table -> reference.put(table.name(), now.get(table.name())));
      write(reference);
    }
    var findings = new ArrayList<Finding>();
    for (Table table : enough) {
      Snapshot before = reference.get(table.name());
      nothing(table, before, now.get(table.name())).ifPresent(findings::add);
      drift(table, before, now.get(table.name())).ifPresent(findings::add);
    }
    return findings;
  }

  private boolean isDue(Optional<Snapshot> kept) {
    return kept.isEmpty()
        || settings
            .reference()
            .filter(kept.get().asOf()::isBefore)
            .filter(asked -> !asked.isAfter(context.asOf()))
            .isPresent();
  }

  /** Returns bins for the values that {@code tables} have now, with no rows in them yet. */
  private Map<String, Snapshot> binned(List<Table> tables) {
    var values = new HashMap<String, Map<String, List<String>>>();
    tables.stream()
        .flatMap(table -> values(table).stream())
        .reduce(Dataset::union)
        .map(Dataset::collectAsList) // at most twenty rows a column
        .orElse(List.of())
        .stream()
        .sorted(Comparator.comparingDouble(row -> row.getDouble(3)))
        .forEach(
            row ->
                values
                    .computeIfAbsent(row.getString(0), table -> new HashMap<>())
                    .computeIfAbsent(row.getString(1), column -> new ArrayList<>())
                    .add(row.getString(2)));
    var binned = new TreeMap<String, Snapshot>();
    for (Table table : tables) {
      Map<String, List<String>> own = values.getOrDefault(table.name(), Map.of());
      var columns = new TreeMap<String, Distribution>();
      for (Field field : AuditedTables.distributed(table)) {
        List<String> bins = own.getOrDefault(field.name(), List.of());
        columns.put(field.name(), Distribution.empty(bins));
      }
      binned.put(table.name(), new Snapshot(context.asOf(), columns));
    }
    return binned;
  }

  /** Describes the values that get a bin: table, column, value, and what puts them in order. */
  private List<Dataset<Row>> values(Table table) {
    List<Field> texts =
        AuditedTables.distributed(table).stream().filter(Distribution::isText).toList();
    List<Field> numbers =
        AuditedTables.distributed(table).stream().filter(each -> !texts.contains(each)).toList();
    var values = new ArrayList<Dataset<Row>>();
    if (!texts.isEmpty()) {
      values.add(frequent(table, texts));
    }
    if (!numbers.isEmpty()) {
      values.add(tenths(table, numbers));
    }
    return values;
  }

  private Dataset<Row> frequent(Table table, List<Field> texts) {
    var column = Window.partitionBy(COLUMN.col());
    return values(table, texts, StringType)
        .withColumn(RANK.name(), row_number().over(column.orderBy(ROWS.col().desc(), VALUE.col())))
        .withColumn(ALL.name(), sum(ROWS.col()).over(column))
        .filter(RANK.col().leq(Distribution.MOST_VALUES))
        .filter(ROWS.col().geq(ALL.col().multiply(RAREST)))
        .select(
            lit(table.name()).as(TABLE.name()),
            COLUMN.col(),
            VALUE.col(),
            RANK.col().cast(DoubleType).as(PLACE.name()));
  }

  /** Exact, so that a reference does not depend on how Spark happened to split the rows. */
  private Dataset<Row> tenths(Table table, List<Field> numbers) {
    var column = Window.partitionBy(COLUMN.col());
    Column upTo = UP_TO.col();
    return values(table, numbers, DoubleType)
        .withColumn(UP_TO.name(), sum(ROWS.col()).over(column.orderBy(VALUE.col())))
        .withColumn(ALL.name(), sum(ROWS.col()).over(column))
        .filter(least(tenth(upTo), lit(9L)).gt(tenth(upTo.minus(ROWS.col()))))
        .select(
            lit(table.name()).as(TABLE.name()),
            COLUMN.col(),
            VALUE.col().cast(StringType).as(VALUE.name()),
            VALUE.col().as(PLACE.name()));
  }

  private static Column tenth(Column rows) {
    return floor(rows.multiply(10).divide(ALL.col()));
  }

  private Dataset<Row> values(Table table, List<Field> fields, DataType type) {
    return cells(
            table, fields.stream().map(each -> cell(each, VALUE, each.col().cast(type))).toList())
        .filter(VALUE.col().isNotNull())
        .groupBy(COLUMN.col(), VALUE.col())
        .agg(count(lit(1)).as(ROWS.name()));
  }

  /** Returns what the values of {@code tables} are like now, in the bins of {@code reference}. */
  private Map<String, Snapshot> counted(List<Table> tables, Map<String, Snapshot> reference) {
    var rows = new HashMap<String, Map<String, Map<Integer, Long>>>();
    tables.stream()
        .filter(table -> !whole(table, reference.get(table.name())).isEmpty())
        .map(table -> inBins(table, reference.get(table.name())))
        .reduce(Dataset::union)
        .map(
            all ->
                all.groupBy(TABLE.col(), COLUMN.col(), BIN.col())
                    .count()
                    .collectAsList()) // one row a bin
        .orElse(List.of())
        .forEach(
            row ->
                rows.computeIfAbsent(row.getString(0), table -> new HashMap<>())
                    .computeIfAbsent(row.getString(1), column -> new HashMap<>())
                    .put(row.getInt(2), row.getLong(3)));
    var counted = new TreeMap<String, Snapshot>();
    for (Table table : tables) {
      Map<String, Distribution> columns = profiles.nulls(table);
      for (Field field : whole(table, reference.get(table.name()))) {
        columns.put(
            field.name(),
            reference
                .get(table.name())
                .columns()
                .get(field.name())
                .counted(
                    rows.getOrDefault(table.name(), Map.of())
                        .getOrDefault(field.name(), Map.of())));
      }
      counted.put(table.name(), new Snapshot(context.asOf(), columns));
    }
    return counted;
  }

  private Dataset<Row> inBins(Table table, Snapshot reference) {
    List<Column> cells =
        whole(table, reference).stream()
            .map(each -> cell(each, BIN, reference.columns().get(each.name()).binOf(each)))
            .toList();
    return cells(table, cells).select(lit(table.name()).as(TABLE.name()), COLUMN.col(), BIN.col());
  }

  /** Returns the columns of which {@code reference} has more than the nulls. */
  private static List<Field> whole(Table table, Snapshot reference) {
    return AuditedTables.distributed(table).stream()
        .filter(each -> reference.columns().containsKey(each.name()))
        .filter(each -> reference.columns().get(each.name()).isWhole())
        .toList();
  }

  private static Column cell(Field field, Field as, Column value) {
    return struct(lit(field.name()).as(COLUMN.name()), value.as(as.name()));
  }

  /** Describes a row for each of {@code cells} of each recent row. */
  private Dataset<Row> cells(Table table, List<Column> cells) {
    return recent(table)
        .select(explode(array(cells.toArray(Column[]::new))).as(CELL.name()))
        .select(CELL.name() + ".*");
  }

  private Dataset<Row> recent(Table table) {
    return lake.read(table).filter(AuditedTables.isRecent(table, context));
  }

  private void write(Map<String, Snapshot> reference) {
    List<Row> rows =
        reference.entrySet().stream()
            .map(each -> each.getValue().rows(each.getKey()))
            .flatMap(Collection::stream)
            .toList();
    lake.overwrite(
        AuditReference.TABLE,
        lake.spark().createDataFrame(rows, AuditReference.TABLE.schema()).coalesce(1));
  }

  /** Returns by how much the share of nulls grew, of the column where it grew most. */
  private Optional<Finding> nothing(Table table, Snapshot before, Snapshot now) {
    return AuditedTables.mayBeNull(table).stream()
        .filter(each -> before.columns().containsKey(each.name()))
        .max(Comparator.comparingDouble(each -> growth(each, before, now)))
        .map(
            worst ->
                Finding.atMost(
                        "nothing",
                        table.name(),
                        Math.max(0, growth(worst, before, now)),
                        settings.nothingGrowth(),
                        Severity.WARN)
                    .because(changed(table, worst, "empty", Distribution.NULL, before, now)));
  }

  private static double growth(Field field, Snapshot before, Snapshot now) {
    return share(field, now, Distribution.NULL) - share(field, before, Distribution.NULL);
  }

  private static double share(Field field, Snapshot snapshot, int bin) {
    return snapshot.columns().get(field.name()).share(bin);
  }

  /** Returns the index of the column that drifted most; empty where none is looked at. */
  private Optional<Finding> drift(Table table, Snapshot before, Snapshot now) {
    return whole(table, before).stream()
        .max(Comparator.comparingDouble(each -> psi(each, before, now)))
        .map(
            worst -> {
              Distribution was = before.columns().get(worst.name());
              int bin = was.mostMoved(now.columns().get(worst.name()));
              String value = was.inWords(bin, worst);
              return Finding.atMost(
                      "drift",
                      table.name(),
                      psi(worst, before, now),
                      settings.driftPsi(),
                      Severity.WARN)
                  .because(changed(table, worst, value, bin, before, now));
            });
  }

  private static double psi(Field field, Snapshot before, Snapshot now) {
    return before.columns().get(field.name()).psi(now.columns().get(field.name()));
  }

  private String changed(
      Table table, Field field, String value, int bin, Snapshot before, Snapshot now) {
    return "%s is %s in %s of the rows%s, and was in %s as of %s. Look what changed in the sources; if it is to stay so, set audits.reference = %s"
        .formatted(
            field.name(),
            value,
            Finding.percent(share(field, now, bin)),
            AuditedTables.eventTime(table).isEmpty()
                ? ""
                : " of the last %d days".formatted(WINDOW_DAYS),
            Finding.percent(share(field, before, bin)),
            before.asOf(),
            context.asOf());
  }
}
