package io.persegment.source;

import io.persegment.config.Nearest;
import io.persegment.config.Problems;
import io.persegment.error.Place;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Holds a source's expressions against the columns that its files really have. Starts no job. */
final class SourceCheck {
  private final SourceSettings source;
  private final Problems problems;

  SourceCheck(SourceSettings source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /**
   * @param batch files of one header, lookups joined
   */
  void check(Batch batch) {
    boolean complete = true;
    for (TargetSettings target : source.targets()) {
      for (var placed : target.columns().values()) {
        complete &= hasColumns(placed.sql(), placed.place(), batch.columns());
      }
      complete &= hasColumns(target.where(), target.place(), "where", batch.columns());
    }
    complete &= hasColumns(source.where(), source.read().place(), "where", batch.columns());
    complete &= hasColumns(source.version(), source.read().place(), "version", batch.columns());
    if (complete) {
      source.targets().forEach(target -> makesSense(target, batch));
    }
  }

  private boolean hasColumns(
      java.util.Optional<SqlExpression> sql, Place near, String key, List<String> columns) {
    Place place =
        new Place(near.file(), near.line(), "sources.%s.%s".formatted(source.name(), key));
    return sql.isEmpty() || hasColumns(sql.get(), place, columns);
  }

  private boolean hasColumns(SqlExpression sql, Place place, List<String> columns) {
    boolean all = true;
    for (String name : sql.references()) {
      boolean isLookup = source.lookups().stream().anyMatch(each -> each.name().equals(name));
      if (!isLookup && columns.stream().noneMatch(name::equalsIgnoreCase)) {
        problems.add(
            place,
            "reads column %s, which the files of %s have not; they have: %s%s"
                .formatted(
                    name, source.read().path(), String.join(", ", columns), near(name, columns)));
        all = false;
      }
    }
    return all;
  }

  private static String near(String name, List<String> columns) {
    return Nearest.to(name, columns).map(" (did you mean %s?)"::formatted).orElse("");
  }

  /** Finds what only Spark's analysis knows: functions that do not exist, types that do not fit. */
  private void makesSense(TargetSettings target, Batch batch) {
    Dataset<Row> none = batch.rows().limit(0);
    boolean grouped = target.groupBy().isPresent();
    for (var placed : target.columns().values()) {
      SqlExpression sql = placed.sql();
      Column column = sql.column().as("_probe");
      analysed(
          placed.place(),
          () -> grouped && sql.aggregates() ? none.agg(column) : none.select(column));
    }
    var conditions = new ArrayList<SqlExpression>();
    target.where().ifPresent(conditions::add);
    source.where().ifPresent(conditions::add);
    conditions.forEach(sql -> analysed(target.place(), () -> none.where(sql.column())));
  }

  private void analysed(Place place, java.util.function.Supplier<Dataset<Row>> plan) {
    try {
      Set.of(plan.get().columns().length);
    } catch (Exception e) {
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      String message =
          e.getMessage().lines().findFirst().orElse("").replaceFirst("^\\[[A-Z_.]+]\\s*", "");
      problems.add(place, "cannot work: " + message.replaceFirst("\\s*SQLSTATE.*", ""));
    }
  }
}
