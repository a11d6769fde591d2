package io.persegment.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.identity.IdentitySettings.Identifier;
import io.persegment.identity.IdentitySettings.Period;
import io.persegment.table.Field;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Which identifiers link: those of two or more records that nothing speaks against. */
final class Links {
  static final String NEVER = "never linked by";
  static final String JUNK = "on too many records";

  /** Stands between the hash of a value and the place of the part of those who have it. */
  private static final String PART = "#";

  private static final String JUDGED = "judged";
  private static final String GUARDED = "guarded";
  private static final Field LEAST =
      Field.required("least", LongType, "Least number of the records that have the value");
  static final Field RECORDS =
      Field.required("records", LongType, "How many records have the value");
  static final Field RANK =
      Field.required("rank", IntegerType, "Priority of the kind; the lowest goes first");
  static final Field MOST =
      Field.optional("most", IntegerType, "How many of the kind a customer may have");
  static final Field COUNTED_AS =
      Field.required(
          "counted_as", StringType, "Kind, and the period in which it counts where it has one");

  /**
   * What stands before the period in {@link #COUNTED_AS}: a reason does not tell which one it is.
   */
  static final String PERIOD = ", from ";

  private static final Field SINCE =
      Field.optional("since", TimestampType, "When one of the records was first seen");
  private static final Field MAY_LINK =
      Field.required("may_link", BooleanType, "Whether nothing speaks against the value so far");
  private static final Field IS_CROWDED =
      Field.optional("is_crowded", BooleanType, "Whether it is an address of too many persons");
  private static final Field PLACE =
      Field.required("place", IntegerType, "Place of the witness among those of the value, from 1");
  private static final Field WITNESSES =
      Field.required("witnesses", IntegerType, "How many of them count");

  private Links() {}

  /**
   * Adds to identifiers how many records share them and the {@link #LEAST} of those, why they are
   * cut, and what holds for their kind.
   *
   * @param crowded as {@link Mailboxes#crowded}
   * @param records as {@link Records}
   */
  static Dataset<Row> judged(
      Dataset<Row> identifiers,
      Dataset<Row> crowded,
      Dataset<Row> records,
      IdentitySettings settings) {
    Column cut =
        coalesce(
            Identifiers.CUT.col(),
            when(never(settings), lit(NEVER)),
            when(IS_CROWDED.col(), lit(Mailboxes.CROWDED)));
    Column junk = when(WITNESSES.col().gt(mostRecords(settings)), lit(JUNK));
    Column place = dense_rank().over(sharing().orderBy(Identifiers.WITNESS.col()));
    Dataset<Row> judged =
        identifiers
            .join(crowded.withColumn(IS_CROWDED.name(), lit(true)), Identifiers.HASH.name(), "left")
            .withColumn(Identifiers.CUT.name(), cut)
            .drop(IS_CROWDED.name())
            // A column of its own, so that one sort serves all that is counted by it.
            .withColumn(MAY_LINK.name(), Identifiers.CUT.col().isNull())
            .withColumn(PLACE.name(), place)
            .select(
                col("*"),
                max(PLACE.col()).over(sharing()).as(WITNESSES.name()),
                count(lit(1)).over(sharing()).as(RECORDS.name()),
                min(Records.NODE.col()).over(sharing()).as(LEAST.name()))
            .withColumn(Identifiers.CUT.name(), coalesce(Identifiers.CUT.col(), junk))
            .withColumn(RANK.name(), of(settings, Identifier::priority, lit(0)))
            .withColumn(MOST.name(), mostPerCustomer(settings))
            .withColumn(COUNTED_AS.name(), Identifiers.KIND.col())
            .drop(MAY_LINK.name(), PLACE.name(), WITNESSES.name());
    return settings.countsByPeriod() ? byPeriod(judged, records, settings) : judged;
  }

  /** Counts by when one of the records that have a value was first seen: a join and a sort more. */
  private static Dataset<Row> byPeriod(
      Dataset<Row> judged, Dataset<Row> records, IdentitySettings settings) {
    Column first = min(Records.FIRST_SEEN.col()).over(Window.partitionBy(Identifiers.HASH.col()));
    return judged
        .join(records.select(Records.NODE.col(), Records.FIRST_SEEN.col()), Records.NODE.name())
        .withColumn(SINCE.name(), first)
        .withColumn(COUNTED_AS.name(), countedAs(settings))
        .drop(SINCE.name(), Records.FIRST_SEEN.name());
  }

  private static Column countedAs(IdentitySettings settings) {
    Column counted = Identifiers.KIND.col();
    for (var each : settings.byKind().entrySet()) {
      Period per = each.getValue().per();
      if (per != Period.EVER) {
        String unit = per.name().toLowerCase(Locale.ROOT);
        Column start = to_date(date_trunc(unit, SINCE.col()));
        Column period =
            concat(Identifiers.KIND.col(), lit(" of one %s".formatted(unit) + PERIOD), start);
        Column undated = concat(Identifiers.KIND.col(), lit(" of no known time" + PERIOD));
        counted = when(isOf(each.getKey()), coalesce(period, undated)).otherwise(counted);
      }
    }
    return counted;
  }

  /** Those that may link and have the same value. */
  private static WindowSpec sharing() {
    return Window.partitionBy(Identifiers.HASH.col(), MAY_LINK.col());
  }

  /** Returns an edge from each record to the least that shares an identifier with it. */
  static Dataset<Row> edges(Dataset<Row> judged) {
    return judged
        .where(Identifiers.CUT.col().isNull().and(RECORDS.col().gt(1)))
        .select(
            Records.NODE.col().as(Components.LARGER.name()),
            LEAST.col().as(Components.SMALLER.name()));
  }

  /**
   * Returns rows of {@link IdentityLinks}, with no identifier in clear. Records that a value links,
   * but not with all who have it, are told twice: cut from it, and linked by their part of it.
   *
   * @param judged identifiers, as {@link #judged}
   */
  static Dataset<Row> rows(Dataset<Row> judged, Guard guard, Dataset<Row> records) {
    Column identifier =
        concat_ws(
            ":", lit("identifier"), Identifiers.KIND.col(), sha2(Identifiers.VALUE.col(), 256));
    Column cut = coalesce(Identifiers.CUT.of(JUDGED), Identifiers.CUT.of(GUARDED));
    Column whole = link(identifier, cut);
    Column part =
        link(concat(identifier, lit(PART), Guard.PART.of(GUARDED)), lit(null).cast(StringType));
    Column same =
        Records.NODE
            .of(JUDGED)
            .equalTo(Guard.LEFT.of(GUARDED))
            .and(Identifiers.HASH.of(JUDGED).equalTo(Guard.RIGHT.of(GUARDED)));
    Column reason = IdentityLinks.CUT_REASON.col();
    Dataset<Row> keys =
        records.select(Records.NODE.col(), Records.shownKey().as(IdentityLinks.LEFT_KEY.name()));
    return judged
        .where(Identifiers.CUT.col().isNotNull().or(RECORDS.col().gt(1)))
        .as(JUDGED)
        .join(guard.cut().as(GUARDED), same, "left")
        .select(
            Records.NODE.of(JUDGED),
            Identifiers.KIND.col().as(IdentityLinks.RULE.name()),
            inline(when(Guard.PART.of(GUARDED).gt(0), array(whole, part)).otherwise(array(whole))))
        .withColumn(IdentityLinks.MATCH_WEIGHT.name(), lit(null).cast(DoubleType))
        .withColumn(IdentityLinks.MATCH_PROBABILITY.name(), lit(1.0))
        .withColumn(IdentityLinks.KEPT.name(), reason.isNull())
        .join(keys, Records.NODE.name())
        .select(IdentityLinks.TABLE.columns());
  }

  private static Column link(Column identifier, Column reason) {
    return struct(
        identifier.as(IdentityLinks.RIGHT_KEY.name()), reason.as(IdentityLinks.CUT_REASON.name()));
  }

  private static Column never(IdentitySettings settings) {
    Column never = lit(false);
    for (var each : settings.byKind().entrySet()) {
      Column isNever = each.getValue().isNever(Identifiers.VALUE.col());
      never = never.or(isOf(each.getKey()).and(isNever));
    }
    return never;
  }

  /** Returns on how many records a value may be; of phones, whose names were counted, on any. */
  private static Column mostRecords(IdentitySettings settings) {
    Column isPhone = isOf(Identifiers.PHONE);
    return when(not(isPhone), of(settings, Identifier::most, lit(null).cast(IntegerType)));
  }

  /** What a record is called by its own system does not count: a customer may be many records. */
  private static Column mostPerCustomer(IdentitySettings settings) {
    Column most = of(settings, Identifier::mostPerCustomer, lit(null).cast(IntegerType));
    return when(not(Identifiers.IS_OWN.col()), most);
  }

  /** Returns what the settings say of the kind; {@code otherwise} of kinds that are not set. */
  private static Column of(
      IdentitySettings settings, ToIntFunction<Identifier> setting, Column otherwise) {
    Column value = otherwise;
    for (var each : settings.byKind().entrySet()) {
      value = when(isOf(each.getKey()), setting.applyAsInt(each.getValue())).otherwise(value);
    }
    return value;
  }

  private static Column isOf(String kind) {
    return Identifiers.KIND.col().startsWith(kind);
  }
}
