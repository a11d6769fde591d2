package io.persegment.source;

import static org.apache.spark.sql.functions.lit;

import io.persegment.conformed.Common;
import io.persegment.conformed.ConformedTable;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What becomes of the rows of sources that are in the settings no more. */
final class Retirement {
  private final List<SourceSettings> sources;
  private final Map<String, Retired> retired;
  private final StageContext context;
  private final Lake lake;

  Retirement(List<SourceSettings> sources, Map<String, Retired> retired, StageContext context) {
    this.sources = sources;
    this.retired = retired;
    this.context = context;
    this.lake = context.lake();
  }

  /**
   * Takes out the rows of sources that are to be dropped.
   *
   * @throws io.persegment.error.PersegmentException where a source was taken out of the settings
   *     and they do not say what is to become of its rows
   */
  void retire() {
    var left =
        lake
            .readOrEmpty(SourceFiles.TABLE)
            .select(SourceFiles.SOURCE.col())
            .distinct()
            .collectAsList() // one row a source
            .stream()
            .map(row -> row.getString(0))
            .collect(Collectors.toSet());
    sources.forEach(source -> left.remove(source.name()));
    List<String> unsaid =
        left.stream().filter(name -> !retired.containsKey(name)).sorted().toList();
    if (!unsaid.isEmpty()) {
      throw SourceErrors.takenOut(unsaid);
    }
    left.stream().filter(name -> retired.get(name) == Retired.DROP).sorted().forEach(this::drop);
  }

  private void drop(String name) {
    Dataset<Row> files =
        lake.read(SourceFiles.TABLE)
            .where(SourceFiles.SOURCE.col().equalTo(name))
            .select(SourceFiles.PATH.col().as(Common.SOURCE_FILE.name()));
    for (ConformedTable each : ConformedTable.ALL) {
      Table table = each.table();
      long rows = lake.readOrEmpty(table).join(files, Common.SOURCE_FILE.name()).count();
      if (rows > 0) {
        lake.delete(table, files);
        context.report().rows("%s.%s.removed".formatted(name, table.name()), rows);
      }
    }
    lake.delete(Quarantine.TABLE, named(Quarantine.SOURCE_NAME.name(), name));
    lake.delete(
        SourceFiles.TABLE, named(SourceFiles.SOURCE.name(), name)); // last: a kill is mended
    context.report().note("%s is retired; its rows were dropped".formatted(name));
  }

  private Dataset<Row> named(String column, String name) {
    return lake.spark().range(1).select(lit(name).as(column));
  }
}
