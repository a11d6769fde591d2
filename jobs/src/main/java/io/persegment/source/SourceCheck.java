package io.persegment.source;

import io.persegment.config.Nearest;
import io.persegment.config.Problems;
import io.persegment.error.Place;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;

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
      complete &= target.explode().map(each -> canExplode(each, batch)).orElse(true);
      List<String> columns = columns(target, batch);
      for (var placed : target.columns().values()) {
        complete &= hasColumns(placed.sql(), placed.place(), columns);
      }
      complete &= hasColumns(target.where(), target.place(), "where", columns);
    }
    complete &= hasColumns(source.where(), source.read().place(), "where", batch.columns());
    complete &= hasColumns(source.version(), source.read().place(), "version", batch.columns());
    complete &= hasColumns(source.deleted(), source.read().place(), "deleted", batch.columns());
    if (complete) {
      source.targets().stream()
          .filter(target -> target.explode().map(each -> givesAnArray(each, batch)).orElse(true))
          .forEach(target -> makesSense(target, target.rowsOf(batch)));
    }
  }

  private boolean canExplode(TargetSettings.Explode explode, Batch batch) {
    boolean taken = batch.columns().stream().anyMatch(explode.name()::equalsIgnoreCase);
    if (taken) {
      problems.add(
          explode.place(),
          "names the element as the files of %s name a column; give it another name"
              .formatted(source.read().path()));
    }
    return hasColumns(explode.array(), explode.place(), batch.columns()) && !taken;
  }

  private static List<String> columns(TargetSettings target, Batch batch) {
    var all = new ArrayList<>(batch.columns());
    target.explode().ifPresent(explode -> all.add(explode.name()));
    return all;
  }

  private boolean givesAnArray(TargetSettings.Explode explode, Batch batch) {
    Dataset<Row> none = batch.rows().limit(0);
    Column array = explode.array().column();
    if (!analysed(explode.place(), () -> none.select(array))) {
      return false;
    }
    DataType type = none.select(array).schema().apply(0).dataType();
    if (!(type instanceof ArrayType)) {
      problems.add(
          explode.place(), "must give an array, but gives %s".formatted(type.simpleString()));
    }
    return type instanceof ArrayType;
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
      if (!isLookup
          && !name.equals(Batch.ALL)
          && columns.stream().noneMatch(name::equalsIgnoreCase)) {
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
    source.deleted().ifPresent(conditions::add);
    conditions.forEach(sql -> analysed(target.place(), () -> none.where(sql.column())));
  }

  private boolean analysed(Place place, java.util.function.Supplier<Dataset<Row>> plan) {
    try {
      return plan.get().columns().length > 0;
    } catch (Exception e) {
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      String message =
          e.getMessage().lines().findFirst().orElse("").replaceFirst("^\\[[A-Z_.]+]\\s*", "");
      problems.add(place, "cannot work: " + message.replaceFirst("\\s*SQLSTATE.*", ""));
      return false;
    }
  }
}
