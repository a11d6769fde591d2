package io.persegment.scores;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.features.FeatureSettings;
import io.persegment.features.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Why a customer's score is what it is, in words: what moved it most away from the average's. */
final class Reasons {
  private static final int MOST = 3;

  /** Smaller parts of a logit move no probability by as much as a thousandth. */
  private static final double LEAST = 0.004;

  private static final String SIZE = "size";
  private static final String PLACE = "place";
  private static final String ADDS = "adds";
  private static final String TOLD = "_told";

  private static final StructType REASON =
      new StructType()
          .add(SIZE, DataTypes.DoubleType)
          .add(PLACE, DataTypes.IntegerType)
          .add(ADDS, DataTypes.DoubleType);

  private Reasons() {}

  /**
   * Adds {@link CustomerScores#REASONS}, up to three sentences such as {@code Days since the last
   * purchase: 12 (raises)}, the one that moved the score most first, and {@link
   * CustomerScores#CONTRIBUTIONS}. Windows of one feature are one reason: what they add is added
   * up, and the window that added most that way is told.
   *
   * @param customers rows of customer_features, with what {@code logit} is over
   */
  static Dataset<Row> with(
      Dataset<Row> customers, Propensity.Logit logit, FeatureSettings features) {
    var subjects = new TreeMap<String, List<Part>>();
    logit
        .contributions()
        .forEach(
            (column, adds) -> {
              var part = Part.of(column, adds, features);
              subjects.computeIfAbsent(part.subject(), subject -> new ArrayList<>()).add(part);
            });
    var parts = new ArrayList<Part>();
    Column[] all =
        subjects.values().stream().map(each -> reason(each, parts)).toArray(Column[]::new);
    Column most =
        all.length == 0
            ? array().cast(createArrayType(REASON))
            : slice(sort_array(array(all), false), 1, MOST);
    // Put into words are those alone that are told: words cost more than all the rest.
    Column told = array_compact(col(TOLD));
    Column amounts = transform(told, reason -> reason.getField(ADDS));
    Column sum = aggregate(amounts, lit(0.0), Column::plus);
    Column average = logit.average();
    return customers
        .withColumn(TOLD, most)
        .withColumns(
            Map.of(
                CustomerScores.REASONS.name(),
                transform(told, reason -> inWords(reason, parts)),
                CustomerScores.CONTRIBUTIONS.name(),
                concat(amounts, array(logit.all().minus(average).minus(sum), average))));
  }

  /** One column of a subject, and what it adds to the logit. */
  private record Part(
      String column, DataType type, String meaning, Wording wording, Column known, Column adds) {

    static Part of(String column, Column adds, FeatureSettings features) {
      String flag = FeatureSettings.flag(column);
      return new Part(
          column,
          features.type(column),
          features.meaning(column),
          features.wording(column),
          features.names().contains(flag)
              ? not(coalesce(col("`" + flag + "`"), lit(false)))
              : lit(true),
          adds);
    }

    /** Returns what it is about, whatever its window. */
    String subject() {
      return name().replaceFirst(" (in the last \\d+ days|\\d+ to \\d+ days ago)$", "");
    }

    /** Returns what it is and how much of it there is; what was filled in is not known. */
    Column inWords() {
      return concat(lit(name() + ": "), coalesce(when(known, shown()), lit("not known")));
    }

    private Column shown() {
      Column value = col("`" + column + "`");
      if (type.equals(DataTypes.StringType)) {
        return value;
      }
      if (type.equals(DataTypes.BooleanType)) {
        return when(value, "yes").when(not(value), "no");
      }
      Column number = value.cast(DataTypes.DoubleType);
      return wording.share()
          ? call_function("format_number", number.multiply(100), lit("0 '%'"))
          : call_function("format_number", number, lit("0.##"));
    }

    /** A share is spoken of by its value alone, which says too little without the others. */
    private String name() {
      return wording.share() ? meaning : wording.noun();
    }
  }

  /**
   * Returns what a subject adds and the place of the part that says it; null where it is nothing.
   *
   * @param places takes the parts
   */
  private static Column reason(List<Part> parts, List<Part> places) {
    Column all = parts.stream().map(Part::adds).reduce(Column::plus).orElseThrow();
    var told = new ArrayList<Column>();
    for (Part part : parts) {
      Column size = when(all.gt(0), part.adds()).otherwise(negate(part.adds()));
      told.add(struct(size.as(SIZE), lit(places.size()).as(PLACE)));
      places.add(part);
    }
    Column most = sort_array(array(told.toArray(new Column[0])), false).getItem(0);
    Column size = abs(all);
    return when(
        size.geq(LEAST), struct(size.as(SIZE), most.getField(PLACE).as(PLACE), all.as(ADDS)));
  }

  private static Column inWords(Column reason, List<Part> parts) {
    Column text = lit(null).cast(DataTypes.StringType);
    for (int i = parts.size() - 1; i >= 0; i--) {
      text = when(reason.getField(PLACE).equalTo(i), parts.get(i).inWords()).otherwise(text);
    }
    return concat(text, when(reason.getField(ADDS).gt(0), " (raises)").otherwise(" (lowers)"));
  }
}
