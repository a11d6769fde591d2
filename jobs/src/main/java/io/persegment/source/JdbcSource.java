package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.persegment.config.Nearest;
import io.persegment.config.Problems;
import io.persegment.error.Place;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A table or query of a database, read from a position of its cursor on. A position is the greatest
 * value of the cursor, as text: a number, a date, or a time with six decimals, in UTC where the
 * database knows the zone.
 */
final class JdbcSource {
  private static final String TIME = "yyyy-MM-dd HH:mm:ss.SSSSSS";

  /** Rows that are fetched at once: a driver may else hold a whole table in memory. */
  private static final String FETCH = "10000";

  private final SparkSession spark;
  private final Feed.Jdbc feed;

  JdbcSource(SparkSession spark, Feed.Jdbc feed) {
    this.spark = spark;
    this.feed = feed;
  }

  /** Returns the columns; notes what the database says against them. Reads no row. */
  StructType schema(Problems problems) {
    StructType schema;
    try {
      schema = reader().option("dbtable", feed.relation()).load().schema();
    } catch (Exception e) {
      Optional<String> mistake = mistake(e);
      if (mistake.isEmpty()) {
        throw SourceErrors.database(feed, e);
      }
      problems.add(feed.place(), mistake.get());
      return new StructType();
    }
    feed.cursor().ifPresent(cursor -> checkCursor(cursor, schema, problems));
    return schema;
  }

  private void checkCursor(String cursor, StructType schema, Problems problems) {
    Place near = feed.place();
    var place = new Place(near.file(), near.line(), near.path().replaceFirst("\\w+$", "cursor"));
    List<String> columns = Arrays.asList(schema.fieldNames());
    Optional<DataType> type = type(schema);
    if (type.isEmpty()) {
      problems.add(
          place,
          "is %s, which %s has not; %s"
              .formatted(cursor, feed.title(), Nearest.hint(cursor, columns)));
    } else if (!isTime(type.get()) && !isNumber(type.get())) {
      problems.add(
          place,
          "is %s of type %s; it must be a time or a whole number that grows with each change"
              .formatted(cursor, type.get().simpleString()));
    } else if (isNumber(type.get()) && !feed.overlap().isZero()) {
      problems.add(place, "is a number, so read.overlap, a time, has no meaning; take it out");
    }
  }

  /** Writes the rows from {@code position} on as Parquet. An action. */
  void write(StructType schema, Optional<String> position, String folder) {
    String relation =
        feed.cursor()
            .flatMap(cursor -> position.map(from -> from(schema, from)))
            .map(
                where ->
                    "(select * from %s where %s) persegment_rows".formatted(feed.relation(), where))
            .orElse(feed.relation());
    try {
      reader().option("dbtable", relation).load().write().mode("overwrite").parquet(folder);
    } catch (Exception e) {
      if (sqlState(e).isEmpty()) {
        throw e;
      }
      throw SourceErrors.database(feed, e);
    }
  }

  /** Rows without a cursor are read each time: nobody knows whether they changed. */
  private String from(StructType schema, String position) {
    StructField field =
        Arrays.stream(schema.fields())
            .filter(each -> each.name().equalsIgnoreCase(feed.cursor().orElseThrow()))
            .findFirst()
            .orElseThrow();
    String cursor = JdbcDialects.get(feed.url()).quoteIdentifier(field.name());
    String literal;
    if (isNumber(field.dataType())) {
      literal = position;
    } else if (field.dataType() instanceof DateType) {
      literal = "'%s'".formatted(LocalDate.parse(position).minusDays(feed.overlap().toDays()));
    } else {
      var format = DateTimeFormatter.ofPattern(TIME);
      LocalDateTime from = LocalDateTime.parse(position, format).minus(feed.overlap());
      String zone = field.dataType() instanceof TimestampType ? "+00:00" : "";
      literal = "'%s%s'".formatted(format.format(from), zone);
    }
    return "%s >= %s or %s is null".formatted(cursor, literal, cursor);
  }

  /** Returns the greatest cursor of {@code landed} and {@code before}, none without a cursor. */
  Optional<String> position(StructType schema, Dataset<Row> landed, Optional<String> before) {
    if (feed.cursor().isEmpty()) {
      return Optional.empty();
    }
    DataType type = type(schema).orElseThrow();
    Column newest = max(col("`" + feed.cursor().get() + "`"));
    Column greatest = before.map(each -> greatest(newest, lit(each).cast(type))).orElse(newest);
    boolean hasHours = isTime(type) && !(type instanceof DateType);
    Column text = hasHours ? date_format(greatest, TIME) : greatest.cast(DataTypes.StringType);
    return Optional.ofNullable(landed.agg(text).head().getString(0));
  }

  private Optional<DataType> type(StructType schema) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equalsIgnoreCase(feed.cursor().orElse("")))
        .map(StructField::dataType)
        .findFirst();
  }

  private DataFrameReader reader() {
    DataFrameReader reader =
        spark
            .read()
            .format("jdbc")
            .option("fetchsize", FETCH)
            // A time without a zone stays one, to be read in the source's zone.
            .option("preferTimestampNTZ", "true");
    if (feed.url().startsWith("jdbc:postgresql:")) {
      reader = reader.option("driver", "org.postgresql.Driver");
    }
    reader = reader.options(feed.options()).option("url", feed.url());
    if (feed.user().isPresent()) {
      reader = reader.option("user", feed.user().get());
    }
    if (feed.password().isPresent()) {
      reader = reader.option("password", feed.password().get().value());
    }
    return reader;
  }

  /** Returns what of the settings the database refuses; nothing where it is not there, or fails. */
  private Optional<String> mistake(Throwable e) {
    String state = sqlState(e).orElse("");
    boolean noDriver =
        causes(e).anyMatch(ClassNotFoundException.class::isInstance)
            || causes(e)
                .anyMatch(each -> String.valueOf(each.getMessage()).contains("No suitable driver"));
    if (noDriver) {
      return Optional.of(
          "is in a database whose driver is not here. Give its jar by PERSEGMENT_JARS, and its class by read.options.driver");
    }
    if (state.startsWith("28")) {
      return Optional.of(
          "cannot be read: the database refuses this user or password. See read.user and read.password");
    }
    if (state.equals("3D000")) {
      return Optional.of("cannot be read: there is no such database. See read.url");
    }
    if (state.equals("42P01") || state.equals("42S02")) {
      return Optional.of("names a table that the database does not have: " + feed.title());
    }
    if (state.equals("42703") || state.equals("42S22")) {
      return Optional.of("names a column that the database does not have");
    }
    if (state.equals("42501")) {
      return Optional.of("is %s, which this user may not read".formatted(feed.title()));
    }
    return state.startsWith("42")
        ? Optional.of("is no SQL to this database (its code is %s)".formatted(state))
        : Optional.empty();
  }

  private static Optional<String> sqlState(Throwable e) {
    return causes(e)
        .filter(SQLException.class::isInstance)
        .map(each -> String.valueOf(((SQLException) each).getSQLState()))
        .findFirst();
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, java.util.Objects::nonNull, Throwable::getCause);
  }

  private static boolean isTime(DataType type) {
    return type instanceof TimestampType
        || type instanceof TimestampNTZType
        || type instanceof DateType;
  }

  private static boolean isNumber(DataType type) {
    return type instanceof DecimalType
        || type.equals(DataTypes.ShortType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.LongType);
  }
}
