package io.persegment.features;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.config.SettingsFile;
import io.persegment.features.Feature.How;
import io.persegment.sql.Cases.Domain;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * The declared features.
 *
 * @param features in order of their names
 */
public record FeatureSettings(List<Feature> features) {
  /** Columns of the table, and what models call scores and the vectors that they are made of. */
  private static final Set<String> RESERVED =
      Stream.concat(
              CustomerFeatures.TABLE.columnNames().stream(),
              Stream.of("score", "standardised", "assembled"))
          .collect(Collectors.toUnmodifiableSet());

  private static final Map<String, DataType> TYPES =
      new TreeMap<>(
          Map.of(
              "number", DataTypes.DoubleType,
              "text", DataTypes.StringType,
              "flag", DataTypes.BooleanType,
              "date", DataTypes.DateType));

  /** Such as SQL reads without quotes. */
  private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{N}_]*");

  private static final int LONGEST_UNIT = 30;
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");

  public FeatureSettings {
    features = List.copyOf(features);
  }

  /** Reads the section {@code features}. A feature that is set to null is none. */
  public static FeatureSettings from(Section section) {
    var features = new ArrayList<Feature>();
    var columns = new LinkedHashMap<String, String>();
    section
        .each(FeatureSettings::feature)
        .forEach(
            (name, feature) -> {
              features.add(feature);
              requirePlain(section, name);
              for (Field column : feature.columns()) {
                // Spark tells no large letters from small ones.
                String read = column.name().toLowerCase(Locale.ROOT);
                String other = columns.putIfAbsent(read, name);
                if (other != null || RESERVED.contains(read)) {
                  section.problem(
                      name,
                      "makes a column %s, which %s; give it another name"
                          .formatted(
                              column.name(),
                              other == null ? "the table has already" : other + " makes as well"));
                }
              }
            });
    var settings = new FeatureSettings(features);
    settings.checkDerived(section);
    settings.checkGuesses(section);
    return settings;
  }

  /** Returns every column, in order, with its type and meaning. */
  public List<Field> columns() {
    return features.stream().flatMap(feature -> feature.columns().stream()).toList();
  }

  /** Returns the names of all columns. */
  public List<String> names() {
    return columns().stream().map(Field::name).toList();
  }

  /** Returns the names of the columns that models can be made of: the numbers. */
  public List<String> numeric() {
    return columns().stream()
        .filter(field -> field.type() instanceof NumericType)
        .map(Field::name)
        .toList();
  }

  /** Returns the names of the columns that are texts. */
  public List<String> texts() {
    return columns().stream()
        .filter(field -> field.type().equals(DataTypes.StringType))
        .map(Field::name)
        .toList();
  }

  /** Returns the name of the column that says whether the value of {@code column} was missing. */
  public static String flag(String column) {
    return Feature.flag(column);
  }

  /** Returns the names of the columns by which what is later can be told: dates and numbers. */
  public List<String> ordered() {
    return columns().stream()
        .filter(
            field -> field.type() instanceof NumericType || field.type().equals(DataTypes.DateType))
        .map(Field::name)
        .toList();
  }

  /** Returns the type of {@code column}; it must be one of {@link #names}. */
  public DataType type(String column) {
    return columns().stream()
        .filter(field -> field.name().equals(column))
        .findFirst()
        .orElseThrow()
        .type();
  }

  /** Returns what {@code column} says, without its unit; it must be one of {@link #names}. */
  public String meaning(String column) {
    return ofColumn(column, Feature::meanings);
  }

  /**
   * Returns the names of the columns that say what customers are now, on past dates as well, and so
   * may tell of these what came later.
   */
  public Set<String> ofThePresent() {
    return madeOf(
        features.stream()
            .filter(feature -> !feature.isLasting())
            .flatMap(feature -> feature.columns().stream().map(Field::name))
            .toList());
  }

  /** Returns {@code columns} and those of all features that are made of them. */
  public Set<String> madeOf(Collection<String> columns) {
    var made = new TreeSet<>(columns);
    int before;
    do {
      before = made.size();
      features.stream()
          .filter(feature -> feature.madeOf().stream().anyMatch(made::contains))
          .flatMap(feature -> feature.columns().stream().map(Field::name))
          .forEach(made::add);
    } while (made.size() > before);
    return made;
  }

  /** Returns the names of the columns that models can learn from: all but dates. */
  public List<String> usable() {
    return columns().stream()
        .filter(field -> !field.type().equals(DataTypes.DateType))
        .map(Field::name)
        .toList();
  }

  /**
   * Returns the numeric columns that are listed in {@code key}, where {@code orders_*} stands for
   * all that begin so; notes those that do not exist.
   */
  public List<String> matching(Section section, String key) {
    return matching(section, key, numeric());
  }

  /** Returns what {@code column} is that none of {@code columns} is. */
  private String unfit(String column, Collection<String> columns) {
    if (type(column).equals(DataTypes.DateType)) {
      return "a date";
    }
    return numeric().containsAll(columns) && !numeric().contains(column)
        ? "no number"
        : "what customers are now, which may tell a past date what came later; where it never"
            + " changes, set lasting = true for the feature";
  }

  /** Returns those of {@code columns} that are listed in {@code key}, likewise. */
  public List<String> matching(Section section, String key, Collection<String> columns) {
    var matched = new LinkedHashSet<String>();
    for (String written : section.texts(key)) {
      List<String> found =
          written.endsWith("*")
              ? columns.stream()
                  .filter(name -> name.startsWith(written.substring(0, written.length() - 1)))
                  .toList()
              : columns.stream().filter(written::equals).toList();
      if (found.isEmpty()) {
        section.problem(
            key,
            names().contains(written)
                ? "names %s, which is %s".formatted(written, unfit(written, columns))
                : "names no feature: %s; %s".formatted(written, Nearest.hint(written, columns)));
      }
      matched.addAll(found);
    }
    return List.copyOf(matched);
  }

  /** Returns which values {@code column} can have; it must be one of {@link #names}. */
  public Domain domain(String column) {
    return ofColumn(column, Feature::domains);
  }

  /** Returns how {@code column} is spoken of; it must be one of {@link #names}. */
  public Wording wording(String column) {
    return ofColumn(column, Feature::wordings);
  }

  /** Returns a SHA-256 that differs where any value is declared otherwise; words do not move it. */
  public String definition() {
    return definition(features);
  }

  /**
   * Returns a SHA-256 that differs where {@code columns} are declared otherwise, or the features
   * that they are made from; other features do not move it.
   */
  public String definition(Collection<String> columns) {
    return definition(only(columns).features);
  }

  /** Returns the features that make {@code columns}, and those that these are made from. */
  public FeatureSettings only(Collection<String> columns) {
    var needed = new HashSet<>(columns);
    int before;
    do {
      before = needed.size();
      features.stream()
          .filter(feature -> makes(feature, needed))
          .map(Feature::madeOf)
          .toList()
          .forEach(needed::addAll);
    } while (needed.size() > before);
    return new FeatureSettings(
        features.stream().filter(feature -> makes(feature, needed)).toList());
  }

  private <T> T ofColumn(String column, Function<Feature, Map<String, T>> values) {
    return features.stream()
        .map(feature -> values.apply(feature).get(column))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  private static boolean makes(Feature feature, Collection<String> columns) {
    return feature.columns().stream().map(Field::name).anyMatch(columns::contains);
  }

  private static String definition(List<Feature> features) {
    // A record's text names every component, and expressions are their own text.
    return SettingsFile.sha256(features.stream().map(Feature::withoutWords).toList().toString());
  }

  private static void requirePlain(Section section, String name) {
    if (!NAME.matcher(name).matches()) {
      section.problem(
          name,
          "has a name that SQL would not read as one; begin with a letter, and use letters, digits and _ only");
    }
  }

  private static Feature feature(String name, Section section) {
    Origin from = section.choice("from", Origin.class);
    if (from.isEvents()) {
      return ofEvents(name, section, from);
    }
    if (section.has("where")) {
      section.problem(
          "where",
          "is there, but a customer is one row here; write value = \"case when ... then ... end\" instead");
    }
    return ofRow(name, section, from);
  }

  private static Feature ofRow(String name, Section section, Origin from) {
    SqlExpression value = section.sql("value");
    DataType type = type(section, DataTypes.DoubleType);
    if (from != Origin.FEATURES) { // of which not all are known yet
      new FeatureSql(section, from.columns()).value("value", value, type);
    }
    return new Feature(
        name,
        from,
        How.VALUE,
        value,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(Window.LIFETIME),
        type,
        missing(section, How.VALUE, type),
        section.text("meaning"),
        unit(section, How.VALUE),
        from != Origin.CUSTOMERS || (section.has("lasting") && section.flag("lasting")));
  }

  private static Feature ofEvents(String name, Section section, Origin from) {
    var checks = new FeatureSql(section, from.columns());
    Optional<SqlExpression> where = section.optionalSql("where");
    where.ifPresent(sql -> checks.condition("where", sql));
    String aggregate = section.text("aggregate");
    How how =
        Stream.of(How.values())
            .filter(each -> each != How.SQL && each != How.VALUE)
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(aggregate))
            .findFirst()
            .orElse(How.SQL);
    boolean divided = how == How.SHARE || how == How.FAVOURITE;
    SqlExpression sql =
        switch (how) {
          case SQL -> section.sql("aggregate");
          case SHARE, FAVOURITE -> section.has("of") ? section.sql("of") : SqlExpression.parse("1");
          default -> SqlExpression.parse("1");
        };
    DataType type = ofEventsType(section, how);
    if (how != How.SQL) {
      checks.number("of", sql);
    } else if (sql.aggregates()) {
      checks.aggregate("aggregate", sql, type, from.time());
    } else if (section.has("aggregate")) {
      section.problem(
          "aggregate",
          "is %s; write count, recency, tenure, gap, gap_spread, share, favourite, or an SQL aggregate such as sum(net)"
              .formatted(aggregate));
    }
    Optional<SqlExpression> by = divided ? Optional.of(section.sql("by")) : Optional.empty();
    by.ifPresent(each -> checks.text("by", each));
    List<String> values = divided ? section.texts("values") : List.of();
    if (divided && values.isEmpty()) {
      section.problem(
          "values", "is missing: list the values of %s to tell apart".formatted(by.get()));
    }
    return new Feature(
        name,
        from,
        how,
        sql,
        by,
        values,
        where,
        Window.from(section),
        type,
        missing(section, how, type),
        section.text("meaning"),
        unit(section, how),
        true);
  }

  private static DataType ofEventsType(Section section, How how) {
    return switch (how) {
      case COUNT -> DataTypes.LongType;
      case RECENCY, TENURE -> DataTypes.IntegerType;
      case GAP, GAP_SPREAD, SHARE -> DataTypes.DoubleType;
      case FAVOURITE -> DataTypes.StringType;
      default -> type(section, DataTypes.DoubleType);
    };
  }

  private static DataType type(Section section, DataType otherwise) {
    return section.has("type")
        ? TYPES.getOrDefault(section.oneOf("type", TYPES.keySet()), otherwise)
        : otherwise;
  }

  private static Optional<Missing> missing(Section section, How how, DataType type) {
    if (!section.has("missing")) {
      return Optional.empty();
    }
    Missing missing = missing(section);
    boolean isConstant = missing.kind() == Missing.Kind.CONSTANT;
    if (how == How.COUNT) {
      section.problem("missing", "is there, but a count is 0 where nothing happened; leave it out");
    } else if (!(type instanceof NumericType)
        && !(isConstant && type.equals(DataTypes.BooleanType))) {
      section.problem("missing", "is there, but is for numbers, and this is none; leave it out");
    }
    return Optional.of(missing);
  }

  private static Missing missing(Section section) {
    if (section.isSection("missing")) {
      Section guess = section.section("missing");
      List<String> by = guess.texts("by").stream().distinct().toList();
      if (by.isEmpty()) {
        guess.problem("by", "is missing: list the features to guess it by");
      }
      guess.close();
      return Missing.guess(by);
    }
    String written = section.text("missing");
    if (written.equals("median")) {
      return Missing.MEDIAN;
    }
    if (NUMBER.matcher(written).matches()) {
      return Missing.constant(section.decimal("missing", -1e15, 1e15));
    }
    section.problem(
        "missing",
        "is %s; write a number, median, or { by = [features to guess it by] }".formatted(written));
    return Missing.constant(0);
  }

  private static Optional<String> unit(Section section, How how) {
    Optional<String> unit = section.optionalText("unit");
    if (unit.filter(text -> text.isBlank() || text.length() > LONGEST_UNIT).isPresent()) {
      section.problem("unit", "is %s; write a short one such as EUR or days".formatted(unit.get()));
    }
    return unit.or(how::unit);
  }

  /** A feature of features names those that are made of something else. */
  private void checkDerived(Section section) {
    List<Field> bases =
        features.stream()
            .filter(feature -> feature.from() != Origin.FEATURES)
            .flatMap(feature -> feature.columns().stream())
            .toList();
    for (Feature feature : features) {
      if (feature.from() == Origin.FEATURES) {
        new FeatureSql(section.section(feature.name()), bases)
            .value("value", feature.sql(), feature.type());
      }
    }
  }

  /**
   * What a guess is made by is never null, and is not guessed: so nothing goes round in circles.
   */
  private void checkGuesses(Section section) {
    for (Feature feature : features) {
      List<String> by = feature.missing().map(Missing::by).orElse(List.of());
      for (String name : by) {
        mistake(feature, name)
            .ifPresent(
                what -> section.section(feature.name()).section("missing").problem("by", what));
      }
    }
  }

  private Optional<String> mistake(Feature guessed, String name) {
    Optional<Feature> found =
        features.stream().filter(each -> makes(each, List.of(name))).findFirst();
    if (found.isEmpty()) {
      List<String> right =
          numeric().stream().filter(each -> mistake(guessed, each).isEmpty()).toList();
      return Optional.of("names no feature: %s; %s".formatted(name, Nearest.hint(name, right)));
    }
    Feature by = found.get();
    if (!numeric().contains(name)) {
      return Optional.of("names %s, which is no number".formatted(name));
    }
    if (by.missing().filter(each -> each.kind() == Missing.Kind.GUESS).isPresent()) {
      return Optional.of(
          "names %s, which is guessed itself; name features that are not".formatted(name));
    }
    if (by.from() == Origin.FEATURES && guessed.from() != Origin.FEATURES) {
      return Optional.of(
          "names %s, which is made of features after they are filled; name those it is made of"
              .formatted(name));
    }
    return by.isNullable()
        ? Optional.of("names %s, which can be null; give it a missing = median".formatted(name))
        : Optional.empty();
  }
}
