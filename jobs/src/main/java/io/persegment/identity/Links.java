package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.identity.IdentitySettings.Identifier;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which identifiers link: those of two or more records that nothing speaks against. */
final class Links {
  static final String NEVER = "never linked by";
  static final String JUNK = "on too many records";

  private static final Field LEAST =
      Field.required("least", LongType, "Least number of the records that have the value");
  private static final Field RECORDS =
      Field.required("records", LongType, "How many records have the value");
  private static final Field WITNESSES =
      Field.required("witnesses", LongType, "How many of them count");

  private Links() {}

  /**
   * Keeps the identifiers that two or more records share, or that were cut; adds to them {@link
   * #LEAST} and the reason why they are cut.
   */
  static Dataset<Row> judged(Dataset<Row> identifiers, IdentitySettings settings) {
    Dataset<Row> matched =
        identifiers.withColumn(
            Identifiers.CUT.name(),
            coalesce(Identifiers.CUT.col(), when(never(settings), lit(NEVER))));
    Column cut =
        coalesce(Identifiers.CUT.col(), when(WITNESSES.col().gt(most(settings)), lit(JUNK)));
    return matched
        .join(values(matched), Members.names(List.of(Identifiers.KIND, Identifiers.VALUE)), "left")
        .where(Identifiers.CUT.col().isNotNull().or(RECORDS.col().gt(1)))
        .withColumn(Identifiers.CUT.name(), cut);
  }

  /** Returns an edge from each record to the least that shares an identifier with it. */
  static Dataset<Row> edges(Dataset<Row> judged) {
    return judged
        .where(Identifiers.CUT.col().isNull())
        .select(
            Records.NODE.col().as(Components.LARGER.name()),
            LEAST.col().as(Components.SMALLER.name()));
  }

  /** Returns rows of {@link IdentityLinks}, with no identifier in clear. */
  static Dataset<Row> rows(Dataset<Row> judged) {
    Column identifier =
        concat_ws(
            ":", lit("identifier"), Identifiers.KIND.col(), sha2(Identifiers.VALUE.col(), 256));
    return judged
        .withColumn(IdentityLinks.RIGHT_KEY.name(), identifier)
        .withColumn(IdentityLinks.RULE.name(), Identifiers.KIND.col())
        .withColumn(IdentityLinks.MATCH_WEIGHT.name(), lit(null).cast(DoubleType))
        .withColumn(IdentityLinks.MATCH_PROBABILITY.name(), lit(1.0))
        .withColumn(IdentityLinks.KEPT.name(), Identifiers.CUT.col().isNull())
        .withColumn(IdentityLinks.CUT_REASON.name(), Identifiers.CUT.col())
        .select(IdentityLinks.TABLE.columns());
  }

  /** Notes how many links were kept and cut, and why. An action: one pass. */
  static void report(Dataset<Row> judged, StageReport report) {
    Column cut = Identifiers.CUT.col();
    Row counts =
        judged
            .agg(
                count_if(cut.isNull()).as("links_kept"),
                count_if(cut.isNotNull()).as("links_cut"),
                count_if(cut.equalTo(NEVER)).as("links_cut_never_linked_by"),
                count_if(cut.equalTo(JUNK)).as("links_cut_on_too_many_records"),
                count_if(cut.equalTo(Sightings.SHARED_DEVICE)).as("links_cut_shared_device"),
                count_if(cut.equalTo(Addresses.TOO_MANY)).as("links_cut_too_many_addresses"),
                count_if(cut.equalTo(Phones.UNCLEAR)).as("links_cut_several_names_at_phone"),
                count_distinct(when(cut.equalTo(Phones.JUNK), Identifiers.VALUE.col()))
                    .as("phones_with_too_many_names"))
            .head();
    for (String name : counts.schema().fieldNames()) {
      report.rows(name, counts.<Long>getAs(name));
    }
  }

  private static Dataset<Row> values(Dataset<Row> identifiers) {
    return identifiers
        .where(Identifiers.CUT.col().isNull())
        .groupBy(Identifiers.KIND.col(), Identifiers.VALUE.col())
        .agg(
            min(Records.NODE.col()).as(LEAST.name()),
            count(lit(1)).as(RECORDS.name()),
            count_distinct(Identifiers.WITNESS.col()).as(WITNESSES.name()));
  }

  private static Column never(IdentitySettings settings) {
    return matches(settings.email(), Identifiers.EMAIL)
        .or(matches(settings.phone(), Identifiers.PHONE))
        .or(matches(settings.login(), Identifiers.LOGIN))
        .or(matches(settings.loyaltyId(), Identifiers.LOYALTY))
        .or(matches(settings.externalId(), Identifiers.EXTERNAL));
  }

  private static Column matches(Identifier identifier, String kind) {
    return identifier.never().stream()
        .map(Identifiers.VALUE.col()::rlike)
        .reduce(Column::or)
        .map(Identifiers.KIND.col().startsWith(kind)::and)
        .orElse(lit(false));
  }

  /** Returns on how many records a value may be; of phones, whose names were counted, on any. */
  private static Column most(IdentitySettings settings) {
    Column kind = Identifiers.KIND.col();
    return when(kind.equalTo(Identifiers.EMAIL), settings.email().most())
        .when(kind.equalTo(Identifiers.LOGIN), settings.login().most())
        .when(kind.equalTo(Identifiers.LOYALTY), settings.loyaltyId().most())
        .when(kind.startsWith(Identifiers.EXTERNAL), settings.externalId().most());
  }
}
