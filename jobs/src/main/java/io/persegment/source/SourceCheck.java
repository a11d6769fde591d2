package io.persegment.source;

import static java.util.stream.Collectors.joining;

import io.persegment.config.Nearest;
import io.persegment.config.Problems;
import io.persegment.error.Place;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;

/** Holds a source's expressions against the columns that its files really have. Starts no job. */
final class SourceCheck {
  /** An address, a number, a date, or bytes that are no text: none of them names a column. */
  private static final Pattern VALUE =
      Pattern.compile("[@\\p{Cntrl}\uFFFD]|^[-+]?\\d[-+\\d.,:/ TZ]*$");

  private static final int MOST_TOLD = 200;
  private static final int LONGEST = 100;

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
            "reads column %s, which the files of %s have not; they have%s"
                .formatted(name, source.read().path(), inWords(name, columns)));
        all = false;
      }
    }
    return all;
  }

  /** Returns what columns there are; where a row stands in the header's place, nothing of it. */
  private static String inWords(String name, List<String> columns) {
    if (columns.stream().anyMatch(column -> VALUE.matcher(column).find())) {
      return " %,d columns, of which some are named by what looks like a value. Has a file no header, or another encoding?"
          .formatted(columns.size());
    }
    String more =
        columns.size() > MOST_TOLD ? ", %,d more".formatted(columns.size() - MOST_TOLD) : "";
    String names =
        columns.stream()
            .limit(MOST_TOLD)
            .map(each -> each.length() > LONGEST ? each.substring(0, LONGEST) + "..." : each)
            .collect(joining(", "));
    String near = Nearest.to(name, columns).map(" (did you mean %s?)"::formatted).orElse("");
    return ": " + names + more + near;
  }

  /** Finds what only Spark's analysis knows: functions that do not exist, types that do not fit. */
  private void makesSense(TargetSettings target, Batch batch) {
    Dataset<Row> none = batch.rows().limit(0);
    boolean grouped = target.groupBy().isPresent();
    target
        .columns()
        .forEach(
            (field, placed) -> {
              SqlExpression sql = placed.sql();
              Column column = sql.column().as("_probe");
              Supplier<Dataset<Row>> probe =
                  () -> grouped && sql.aggregates() ? none.agg(column) : none.select(column);
              if (analysed(placed.place(), probe) && field.type() instanceof MapType) {
                requireMap(field, placed.place(), probe.get().schema().apply(0).dataType());
              }
            });
    var conditions = new ArrayList<SqlExpression>();
    target.where().ifPresent(conditions::add);
    source.where().ifPresent(conditions::add);
    source.deleted().ifPresent(conditions::add);
    conditions.forEach(sql -> analysed(target.place(), () -> none.where(sql.column())));
  }

  private void requireMap(Field field, Place place, DataType given) {
    if (!Cast.canCast(given, field.type())) {
      problems.add(
          place,
          "gives %s, but must give a map, such as map('name', text)"
              .formatted(given.simpleString()));
    }
  }

  private boolean analysed(Place place, Supplier<Dataset<Row>> plan) {
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
