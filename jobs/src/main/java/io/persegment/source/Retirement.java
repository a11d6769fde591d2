package io.persegment.source;

import static org.apache.spark.sql.functions.lit;

import io.persegment.conformed.Common;
import io.persegment.conformed.ConformedTable;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** What becomes of the rows of sources that are in the settings no more. */
final class Retirement {
  private final TreeSet<String> left;
  private final Map<String, Retired> retired;
  private final ReadBefore before;

  Retirement(List<SourceSettings> sources, Map<String, Retired> retired, ReadBefore before) {
    this.left = new TreeSet<>(before.sources());
    sources.forEach(source -> left.remove(source.name()));
    this.retired = retired;
    this.before = before;
  }

  /**
   * @throws io.persegment.error.PersegmentException where a source was taken out of the settings
   *     and they do not say what is to become of its rows, or cannot have it so
   */
  void require() {
    List<String> unsaid = left.stream().filter(name -> !retired.containsKey(name)).toList();
    if (!unsaid.isEmpty()) {
      throw SourceErrors.takenOut(unsaid);
    }
    for (String name : dropped()) {
      for (String other : before.sources()) {
        boolean shares = before.paths(other).stream().anyMatch(before.paths(name)::contains);
        if (shares && !dropped().contains(other)) { // whose rows are told by their files alone
          throw SourceErrors.sharesFiles(name, other);
        }
      }
    }
  }

  /** Takes out the rows of sources that are to be dropped. */
  void drop(StageContext context) {
    dropped().forEach(name -> drop(name, context));
  }

  private List<String> dropped() {
    return left.stream().filter(name -> retired.get(name) == Retired.DROP).toList();
  }

  private void drop(String name, StageContext context) {
    Lake lake = context.lake();
    Dataset<Row> files =
        lake.spark()
            .createDataset(List.copyOf(before.paths(name)), Encoders.STRING())
            .toDF(Common.SOURCE_FILE.name());
    String[] file = {Common.SOURCE_FILE.name()};
    for (ConformedTable each : ConformedTable.ALL) {
      Table table = each.table();
      long rows = lake.readOrEmpty(table).join(files, file, "left_semi").count();
      if (rows > 0) {
        lake.delete(table, files);
        context.report().rows("%s.%s.removed".formatted(name, table.name()), rows);
      }
    }
    lake.delete(Deletions.TABLE, files);
    lake.delete(Quarantine.TABLE, named(lake, Quarantine.SOURCE_NAME.name(), name));
    new Landing(lake).forget(name);
    // Last, so that a kill is mended.
    lake.delete(SourceFiles.TABLE, named(lake, SourceFiles.SOURCE.name(), name));
    context.report().note("%s is retired; its rows were dropped".formatted(name));
  }

  private static Dataset<Row> named(Lake lake, String column, String name) {
    return lake.spark().range(1).select(lit(name).as(column));
  }
}
