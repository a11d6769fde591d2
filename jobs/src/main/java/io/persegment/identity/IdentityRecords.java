package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Table {@code identity_records}: what each record gave of itself when it was linked last, so that
 * a night links anew only what is new, changed or gone, and what hangs together with that. Without
 * it, all are linked anew.
 */
public final class IdentityRecords {
  public static final Field NODE = Records.NODE;
  public static final Field CONTENT =
      Field.required("content", LongType, "Differs where the record says different things");
  public static final Field VALUES =
      Field.required(
          "values",
          createArrayType(LongType),
          "Hashes of the values that other records may have as well");
  public static final Field COMPONENT =
      Field.required(
          "component",
          LongType,
          "Least number of the records that hung together with it, before anything was cut");
  public static final Field AS_OF = Field.required("as_of", DateType, "As-of date of the last run");
  public static final Field BASIS =
      Field.required(
          "basis",
          StringType,
          "What the last run was by: build of the program, settings, and versions of its tables");
  public static final Table TABLE =
      Table.keyed(
          1,
          "identity_records",
          "One record as it was linked last",
          NODE,
          CONTENT,
          VALUES,
          COMPONENT,
          AS_OF,
          BASIS);

  /**
   * Tells builds of the program apart, of which another may make something else of the same
   * records: how names are prepared is in every hash. Null where it is no jar, as in tests.
   */
  private static final String BUILD = IdentityRecords.class.getPackage().getImplementationVersion();

  /** What a night builds on: nobody else may have touched them, and no run have ended between. */
  private static final List<Table> TABLES =
      List.of(
          IdentityModels.TABLE,
          IdentityLeftOut.TABLE,
          IdentityLinks.TABLE,
          IdentityCompared.TABLE,
          IdentityMap.TABLE);

  private IdentityRecords() {}

  /**
   * Returns the records as they were linked last; empty where no night can build on that: nothing
   * is there, build, settings or tables are others, or it was not before {@code asOf}. An action.
   */
  static Optional<Dataset<Row>> before(Lake lake, IdentitySettings settings, LocalDate asOf) {
    Dataset<Row> records = lake.readOften(TABLE);
    String basis = basis(lake, settings);
    return records.select(AS_OF.col(), BASIS.col()).limit(1).collectAsList().stream()
        .filter(row -> row.getDate(0).toLocalDate().isBefore(asOf))
        .filter(row -> row.getString(1).equals(basis))
        .map(row -> records)
        .findFirst();
  }

  /**
   * Writes {@code records}, when all other tables are written: where a run ends before, the next
   * finds that they do not belong together. An action.
   *
   * @param records rows but for {@link #AS_OF} and {@link #BASIS}
   */
  static void write(Lake lake, Dataset<Row> records, IdentitySettings settings, LocalDate asOf) {
    lake.overwrite(
        TABLE,
        records
            .withColumn(AS_OF.name(), lit(java.sql.Date.valueOf(asOf)))
            .withColumn(BASIS.name(), lit(basis(lake, settings)))
            .select(TABLE.columns()));
  }

  private static String basis(Lake lake, IdentitySettings settings) {
    String versions =
        TABLES.stream()
            .map(table -> table.name() + " " + version(lake.version(table)))
            .collect(Collectors.joining(", "));
    return "build %s, settings %08x, %s".formatted(BUILD, settings.inWords().hashCode(), versions);
  }

  private static String version(OptionalLong version) {
    return version.isPresent() ? Long.toString(version.getAsLong()) : "none";
  }
}
