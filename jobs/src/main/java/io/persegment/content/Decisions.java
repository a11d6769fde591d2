package io.persegment.content;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.persegment.sql.SqlExpression.Call;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Decides what each customer gets. */
public final class Decisions {
  public static final Field TOKENS =
      Field.optional(
          "tokens",
          Field.TEXT_MAP,
          "Token to what is read, written as its format says; its fallback where it is not known");
  public static final Field FALLBACKS =
      Field.optional(
          "fallbacks",
          DataTypes.createArrayType(DataTypes.StringType),
          "Tokens of which the fallback is read, in order");
  public static final Field CONTENT =
      Field.optional("content", Field.TEXT_MAP, "Slot to the variation that is shown in it");

  /** What a customer is given now that may be given for some days only. */
  public static final Field GIVEN_NOW =
      Field.optional(
          "_given_now",
          DataTypes.createArrayType(
              new StructType(
                  Stream.of(ContentGiven.MAPPING, ContentGiven.SINCE, ContentGiven.UNTIL)
                      .map(
                          field ->
                              new StructField(field.name(), field.type(), true, Metadata.empty()))
                      .toArray(StructField[]::new))),
          "Mapping, and from when until when it is given");

  /** Map of mapping to when it was given before, as {@link #given} makes it. */
  private static final String GIVEN = "_given";

  private static final String WON = "_won";

  private final ContentSettings settings;
  private final Function<Call, Column> call;
  private final Column asOf;

  /**
   * @param call what a call of a function of ours means of a row
   * @param asOf the date on which it is decided
   */
  public Decisions(ContentSettings settings, Function<Call, Column> call, Column asOf) {
    this.settings = settings;
    this.call = call;
    this.asOf = asOf;
  }

  /**
   * Adds {@link #TOKENS}, {@link #FALLBACKS} and {@link #CONTENT}, each as {@link #column(Field)}
   * names it, and {@link #GIVEN_NOW}. Keeps every row.
   *
   * @param customers with all that the settings look at
   * @param given rows of {@link ContentGiven}
   * @param profiled whether clusters and scores may be used; where not, nothing but what is for
   *     everybody is shown
   * @param offered whether offers may be made
   */
  public Dataset<Row> decide(
      Dataset<Row> customers, Dataset<Row> given, Column profiled, Column offered) {
    var tokens = new LinkedHashMap<String, Column>();
    settings.tokens().forEach(token -> tokens.put(column(token), token.written(call)));
    Dataset<Row> rows = customers.withColumns(tokens);
    if (isCapped()) {
      rows = rows.join(given(given), new String[] {ContentGiven.CUSTOMER_ID.name()}, "left");
    }
    var holds = new LinkedHashMap<String, Column>();
    for (Mapping mapping : settings.mappings()) {
      holds.put(column(mapping), profiled.and(holds(mapping, offered)));
    }
    rows = rows.withColumns(holds);
    var winners = new LinkedHashMap<String, Column>();
    settings.slots().forEach(slot -> winners.put(winner(slot), winning(slot)));
    return rows.withColumns(winners)
        .withColumn(column(TOKENS), tokens())
        .withColumn(column(FALLBACKS), fallbacks())
        .withColumn(column(CONTENT), content())
        .withColumn(GIVEN_NOW.name(), givenNow());
  }

  /** Returns the name under which a column of the audience is made, which no feature can have. */
  public static String column(Field made) {
    return "_" + made.name();
  }

  /** Returns rows of {@link ContentGiven}: {@link #GIVEN_NOW} of all. */
  public static Dataset<Row> givenNow(Dataset<Row> decided) {
    return decided
        .select(ContentGiven.CUSTOMER_ID.col(), inline(GIVEN_NOW.col()))
        .select(ContentGiven.TABLE.columns());
  }

  private Column givenNow() {
    Column[] each =
        capped()
            .map(
                mapping ->
                    when(
                        wins(mapping),
                        struct(
                            lit(mapping.name()).as(ContentGiven.MAPPING.name()),
                            when(isRested(mapping), asOf)
                                .otherwise(before(mapping, ContentGiven.SINCE))
                                .as(ContentGiven.SINCE.name()),
                            asOf.as(ContentGiven.UNTIL.name()))))
            .toArray(Column[]::new);
    return each.length == 0
        ? lit(null).cast(GIVEN_NOW.type())
        : array_compact(array(each)).cast(GIVEN_NOW.type());
  }

  private boolean isCapped() {
    return capped().findAny().isPresent();
  }

  private Stream<Mapping> capped() {
    return settings.mappings().stream().filter(mapping -> mapping.cap().isPresent());
  }

  private Column holds(Mapping mapping, Column offered) {
    Column holds = mapping.when().holds(call);
    if (mapping.unless().isPresent()) {
      holds = holds.and(not(mapping.unless().get().holds(call)));
    }
    if (mapping.isOffer()) {
      holds = holds.and(offered);
    }
    return mapping.cap().isPresent() ? holds.and(isRested(mapping).or(runs(mapping))) : holds;
  }

  /** Returns whether it was never given, or not for as long as it rests. */
  private Column isRested(Mapping mapping) {
    Column days = datediff(asOf, before(mapping, ContentGiven.UNTIL));
    return coalesce(days.gt(mapping.cap().orElseThrow().rest()), lit(true));
  }

  private Column runs(Mapping mapping) {
    Column days = datediff(asOf, before(mapping, ContentGiven.SINCE));
    return coalesce(days.lt(mapping.cap().orElseThrow().most()), lit(false));
  }

  private static Column before(Mapping mapping, Field field) {
    return col(GIVEN).getItem(mapping.name()).getField(field.name());
  }

  /** Returns one row a customer, with a map of mapping to since and until. */
  private static Dataset<Row> given(Dataset<Row> given) {
    Column dates = struct(ContentGiven.SINCE.col(), ContentGiven.UNTIL.col());
    return given
        .groupBy(ContentGiven.CUSTOMER_ID.col())
        .agg(map_from_entries(collect_list(struct(ContentGiven.MAPPING.col(), dates))).as(GIVEN));
  }

  /** Returns the place of the first mapping that says what a slot shows; null where none does. */
  private Column winning(String slot) {
    List<Mapping> mappings = settings.mappings();
    Column place = lit(null).cast(DataTypes.IntegerType);
    for (int i = mappings.size() - 1; i >= 0; i--) {
      if (mappings.get(i).show().containsKey(slot)) {
        place = when(col(column(mappings.get(i))), lit(i)).otherwise(place);
      }
    }
    return place;
  }

  private Column wins(Mapping mapping) {
    int place = settings.mappings().indexOf(mapping);
    return settings.slots().stream()
        .filter(slot -> mapping.show().containsKey(slot))
        .map(slot -> coalesce(col(winner(slot)).equalTo(place), lit(false)))
        .reduce(lit(false), Column::or);
  }

  private Column content() {
    var slots = new ArrayList<Column>();
    var shown = new ArrayList<Column>();
    for (String slot : settings.slots()) {
      Column variation = lit(settings.otherwise().get(slot));
      for (int i = 0; i < settings.mappings().size(); i++) {
        String its = settings.mappings().get(i).show().get(slot);
        if (its != null) {
          variation = when(col(winner(slot)).equalTo(i), lit(its)).otherwise(variation);
        }
      }
      slots.add(lit(slot));
      shown.add(variation);
    }
    return map(slots, shown);
  }

  private Column tokens() {
    var names = new ArrayList<Column>();
    var written = new ArrayList<Column>();
    for (Token token : settings.tokens()) {
      names.add(lit(token.name()));
      written.add(coalesce(col(column(token)), lit(token.fallback())));
    }
    return map(names, written);
  }

  private static Column map(List<Column> keys, List<Column> values) {
    return map_from_arrays(
            array(keys.toArray(Column[]::new)).cast("array<string>"),
            array(values.toArray(Column[]::new)).cast("array<string>"))
        .cast(Field.TEXT_MAP);
  }

  private Column fallbacks() {
    return array_compact(
            array(
                settings.tokens().stream()
                    .map(token -> when(col(column(token)).isNull(), lit(token.name())))
                    .toArray(Column[]::new)))
        .cast(FALLBACKS.type());
  }

  private static String column(Token token) {
    return "_token_" + token.name();
  }

  private static String column(Mapping mapping) {
    return "_maps_" + mapping.priority();
  }

  private static String winner(String slot) {
    return WON + "_" + slot;
  }
}
