package io.persegment.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.persegment.error.Place;
import io.persegment.sql.SqlExpression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the settings that is being read. Each getter checks its value; a wrong or missing one
 * is noted among the {@link Problems} with its place, and an empty stand-in returned, so that
 * reading goes on to the next mistake. Nothing read may be used before {@link Problems#throwIfAny}.
 *
 * <p>A key that nobody asked for by the time {@link #close} is called is a mistake as well.
 */
public final class Section {
  private static final Pattern FIRST_ORIGIN =
      Pattern.compile("merge of (?<file>[^,]+?): (?<line>\\d+)(-\\d+)?,.*");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,6})\\s*(day|days|d|week|weeks|w)?");

  private final Config config;
  private final String path;
  private final Problems problems;
  private final Set<String> asked;

  /** Of defaults, what each section that has them asked for. */
  private final List<Set<String>> readers = new ArrayList<>();

  Section(Config config, String path, Problems problems) {
    this(config, path, problems, new TreeSet<>());
  }

  private Section(Config config, String path, Problems problems, Set<String> asked) {
    this.config = config;
    this.path = path;
    this.problems = problems;
    this.asked = asked;
  }

  /** Returns the place of this section in the tree, such as {@code sources.newsletter}. */
  public String path() {
    return path;
  }

  public Problems problems() {
    return problems;
  }

  public boolean has(String key) {
    asked.add(key);
    return config.hasPath(quoted(key));
  }

  /** Returns whether {@code key} is there and said to be null. */
  public boolean isNull(String key) {
    asked.add(key);
    return config.root().containsKey(key) && !config.hasPath(quoted(key));
  }

  /** Returns whether {@code key} is a section { ... } and not a value. */
  public boolean isSection(String key) {
    return has(key) && value(key).valueType() == ConfigValueType.OBJECT;
  }

  /**
   * Returns whether {@code key} is as the defaults have it, and not as a file of the shop's has.
   */
  public boolean isDefault(String key) {
    return SettingsFile.isOfDefaults(place(key).file());
  }

  /** Returns whether {@code key} is as the command line has it, and not as any file has. */
  public boolean isGiven(String key) {
    return place(key).file().startsWith(SettingsFile.GIVEN);
  }

  /** Takes every key as asked for: this section is not in use. */
  public void ignoreRest() {
    asked.addAll(keys());
  }

  public String text(String key) {
    return read(key, Config::getString, "");
  }

  public Optional<String> optionalText(String key) {
    return has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  public boolean flag(String key) {
    return read(key, Config::getBoolean, false);
  }

  /** Returns a whole number, at least {@code least}. */
  public int integer(String key, int least) {
    int value = read(key, Config::getInt, least);
    if (value < least) {
      problem(key, "must be at least %d, but is %d".formatted(least, value));
    }
    return value;
  }

  public long number(String key) {
    return read(key, Config::getLong, 0L);
  }

  /** Returns a number between {@code least} and {@code most}, both included. */
  public double decimal(String key, double least, double most) {
    double value = read(key, Config::getDouble, least);
    if (!(value >= least && value <= most)) {
      problem(key, "must be between %s and %s, but is %s".formatted(least, most, value));
    }
    return value;
  }

  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    return value(key).valueType() == ConfigValueType.LIST
        ? read(key, Config::getStringList, List.<String>of())
        : List.of(text(key));
  }

  /** Returns lists of texts, written {@code [[a, b], [c]]}. */
  public List<List<String>> textLists(String key) {
    List<List<String>> all = new ArrayList<>();
    for (ConfigValue each :
        read(key, Config::getList, ConfigValueFactory.fromIterable(List.of()))) {
      if (each.unwrapped() instanceof List<?> texts) {
        all.add(texts.stream().map(String::valueOf).toList());
      } else {
        problem(key, "has %s, which is no list; write [[a, b], [c]]".formatted(describe(each)));
      }
    }
    return all;
  }

  public List<Double> decimals(String key) {
    return read(key, Config::getDoubleList, List.of());
  }

  /**
   * Returns one of the constants of {@code type}, written in lower case with hyphens or, as names
   * of tables are, underscores.
   */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] constants = type.getEnumConstants();
    String written = text(key);
    for (E constant : constants) {
      if (spelling(constant).equals(written.replace('_', '-'))) {
        return constant;
      }
    }
    if (has(key)) {
      boolean isOfTables = written.contains("_");
      List<String> spellings =
          Arrays.stream(constants)
              .map(Section::spelling)
              .map(each -> isOfTables ? each.replace('-', '_') : each)
              .toList();
      problem(key, "is %s; %s".formatted(written, Nearest.hint(written, spellings)));
    }
    return constants[0];
  }

  /** Returns several of the constants of {@code type}, at least one, written likewise. */
  public <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
    List<String> written = texts(key);
    var spellings = new LinkedHashMap<String, E>();
    for (E constant : type.getEnumConstants()) {
      spellings.put(spelling(constant), constant);
    }
    for (String each : written) {
      if (!spellings.containsKey(each.replace('_', '-'))) {
        problem(key, "has %s; %s".formatted(each, Nearest.hint(each, spellings.keySet())));
      }
    }
    if (written.isEmpty()) {
      problem(key, "is empty; list one at least of " + String.join(", ", spellings.keySet()));
    }
    return written.stream()
        .map(each -> spellings.get(each.replace('_', '-')))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /** Returns one of {@code names}. */
  public String oneOf(String key, Collection<String> names) {
    String written = text(key);
    if (has(key) && !names.contains(written)) {
      problem(key, "is %s; %s".formatted(written, Nearest.hint(written, names)));
    }
    return written;
  }

  /** Returns a number of days, written {@code 30 days} or {@code 4 weeks}; at least one. */
  public int days(String key) {
    return has(key) ? days(key, text(key)) : read(key, Config::getInt, 1);
  }

  /** Returns the number of days that {@code written}, a value of {@code key}, stands for. */
  public int days(String key, String written) {
    Matcher span = SPAN.matcher(written.trim());
    if (span.matches()) {
      int count = Integer.parseInt(span.group(1));
      int days = span.group(2) != null && span.group(2).startsWith("w") ? 7 * count : count;
      if (days >= 1) {
        return days;
      }
    }
    problem(key, "is %s; write a span such as 30 days".formatted(written));
    return 1;
  }

  /** Returns whole numbers {@code from} and {@code to}, written {@code 2..8}, or {@code 5}. */
  public List<Integer> range(String key) {
    String written = text(key);
    Matcher range =
        Pattern.compile("(\\d{1,6})(?:\\s*\\.\\.\\s*(\\d{1,6}))?").matcher(written.trim());
    if (range.matches()) {
      int from = Integer.parseInt(range.group(1));
      int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
      if (from <= to) {
        return List.of(from, to);
      }
    }
    if (has(key)) {
      problem(key, "is %s; write a range such as 2..8".formatted(written));
    }
    return List.of(1, 1);
  }

  /** Returns an SQL expression whose syntax is right. */
  public SqlExpression sql(String key) {
    return sql(key, text(key), "");
  }

  public Optional<SqlExpression> optionalSql(String key) {
    return has(key) ? Optional.of(sql(key)) : Optional.empty();
  }

  /** Returns {@code written}, one of the values of {@code key}, as an SQL expression. */
  public SqlExpression sql(String key, String written) {
    return sql(key, written, "has \"%s\", which ".formatted(written));
  }

  private SqlExpression sql(String key, String written, String named) {
    try {
      return SqlExpression.parse(written);
    } catch (IllegalArgumentException e) {
      if (has(key)) {
        problem(key, named + e.getMessage());
      }
      return SqlExpression.parse("null");
    }
  }

  /** Returns the section {@code key}; an empty one where it is missing. */
  public Section section(String key) {
    asked.add(key);
    boolean there = config.hasPath(quoted(key));
    if (there && value(key).valueType() != ConfigValueType.OBJECT) {
      problem(key, "must be a section { ... }, but is %s".formatted(describe(value(key))));
      there = false;
    }
    Config inner = there ? config.getConfig(quoted(key)) : ConfigFactory.empty();
    return new Section(inner, join(key), problems);
  }

  /** Returns the sections that are listed in {@code key}, written {@code [ { ... }, ... ]}. */
  public List<Section> sectionList(String key) {
    if (!has(key)) {
      return List.of();
    }
    var sections = new ArrayList<Section>();
    for (Config each : read(key, Config::getConfigList, List.<Config>of())) {
      sections.add(new Section(each, join(key) + "[" + sections.size() + "]", problems));
    }
    return sections;
  }

  /** Returns this section's own keys, in the order of their names. */
  public Set<String> keys() {
    return new TreeSet<>(config.root().keySet());
  }

  /** Returns those of {@link #keys} that are not set to null. */
  public Set<String> given() {
    var given = new TreeSet<>(keys());
    given.removeIf(this::isNull);
    return given;
  }

  /** Returns what {@code read} makes of each section in this one, by its name; null makes none. */
  public <T> Map<String, T> each(Function<Section, T> read) {
    return each((name, section) -> read.apply(section));
  }

  public <T> Map<String, T> each(BiFunction<String, Section, T> read) {
    var all = new TreeMap<String, T>();
    for (String name : given()) { // others are taken out of the defaults
      try (var section = new Closing(section(name))) {
        T made = read.apply(name, section.open());
        if (made != null) {
          all.put(name, made);
        }
      }
    }
    return all;
  }

  /**
   * Returns a hash of all that the section says, but for secrets and {@code without}, paths in it.
   */
  public String fingerprint(List<String> without) {
    Config counted = SettingsFile.withoutSecrets(config, path + ".");
    for (String each : without) {
      counted = counted.withoutPath(each);
    }
    return SettingsFile.sha256(counted.root().render(ConfigRenderOptions.concise()));
  }

  /** Returns all of this section as names with a text each; of {@code a { b = c }} {@code a.b}. */
  public Map<String, String> asTexts() {
    ignoreRest();
    var all = new TreeMap<String, String>();
    for (var each : config.entrySet()) {
      String name = String.join(".", ConfigUtil.splitPath(each.getKey()));
      if (each.getValue().valueType() == ConfigValueType.LIST) {
        problem(name, "is %s, which is of the wrong kind".formatted(describe(each.getValue())));
      } else {
        all.put(name, config.getString(each.getKey()));
      }
    }
    return all;
  }

  /** Returns a time span, written {@code 90s}, {@code 10 minutes} or {@code 2 days}. */
  public Optional<Duration> optionalDuration(String key) {
    return has(key) ? Optional.of(read(key, Config::getDuration, Duration.ZERO)) : Optional.empty();
  }

  /**
   * Returns a secret: {@code key}, whose value must come from the environment, or the content of
   * the file that {@code key-file} names.
   */
  public Optional<Secret> secret(String key) {
    String fileKey = key + "-file";
    if (has(fileKey)) {
      try {
        return Optional.of(new Secret(Files.readString(Path.of(text(fileKey))).strip()));
      } catch (IOException | InvalidPathException e) {
        problem(fileKey, "names a file that cannot be read; write into it the secret alone");
        return Optional.empty();
      }
    }
    if (!has(key)) {
      return Optional.empty();
    }
    refuseLiteral(key);
    return Optional.of(new Secret(text(key)));
  }

  /** Notes a mistake where a secret stands in the settings, in full, and not in the environment. */
  public void refuseLiteral(String key) {
    String path = config.hasPath(quoted(key)) ? quoted(key) : key;
    String origin = config.getValue(path).origin().description();
    if (!origin.contains("env var")) {
      problem(
          key,
          "holds a secret in plain sight. Write %s = ${?NAME} and set NAME in the environment%s."
              .formatted(key, key.equals("password") ? ", or give password-file" : ""));
    }
  }

  /**
   * Returns this section with the settings of {@code defaults} where it has none. What is asked of
   * either counts as asked of both.
   */
  public Section withDefaults(Section defaults) {
    defaults.readers.add(asked);
    return new Section(config.withFallback(defaults.config), path, problems, asked);
  }

  /**
   * Notes each key of these defaults that no section that has them asked for. Where none has them,
   * that says nothing.
   */
  public void closeDefaults() {
    readers.forEach(asked::addAll);
    if (readers.isEmpty()) {
      ignoreRest();
    }
    close();
  }

  /** Notes that the value of {@code key} is wrong; {@code what} follows its name. */
  public void problem(String key, String what) {
    problems.add(place(key), what);
  }

  /** Returns where {@code key} is written; where it is not, the place of this section. */
  public Place place(String key) {
    return place(
        config.root().containsKey(key) ? value(key).origin() : config.root().origin(), key);
  }

  private Place place(ConfigOrigin origin, String key) {
    if (origin.filename() != null) {
      return place(origin.filename(), origin.lineNumber(), key);
    }
    // Of a section with defaults: merge of my.conf: 7,reference.conf @ ...: 285
    Matcher first = FIRST_ORIGIN.matcher(origin.description());
    if (first.matches()) {
      return place(first.group("file"), Integer.parseInt(first.group("line")), key);
    }
    String file = origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
    return place(file, origin.lineNumber(), key);
  }

  private Place place(String file, int line, String key) {
    boolean lined = line > 0 && !file.startsWith(SettingsFile.GIVEN);
    return new Place(file, lined ? line : 0, join(key));
  }

  /** Notes each key that nobody asked for; most are slips of the pen. */
  public void close() {
    ConfigObject root = config.root();
    for (String key : keys()) {
      if (!asked.contains(key)) {
        String where = path.isEmpty() ? "" : " in " + path;
        Place place = place(root.get(key).origin(), key);
        problems.add(
            place.file(),
            place.line(),
            "there is no setting %s%s; %s".formatted(key, where, Nearest.hint(key, asked)));
      }
    }
  }

  private <T> T read(String key, BiFunction<Config, String, T> getter, T standIn) {
    asked.add(key);
    try {
      return getter.apply(config, quoted(key));
    } catch (ConfigException.Missing e) {
      problem(key, "is missing: set it");
    } catch (ConfigException.WrongType | ConfigException.BadValue e) {
      problem(key, "is %s, which is of the wrong kind".formatted(describe(value(key))));
    }
    return standIn;
  }

  private ConfigValue value(String key) {
    return config.root().get(key);
  }

  private static String describe(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "a section { ... }";
      case LIST -> "a list [ ... ]";
      default -> String.valueOf(value.unwrapped());
    };
  }

  private String join(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String quoted(String key) {
    return ConfigUtil.joinPath(key);
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private record Closing(Section open) implements AutoCloseable {
    @Override
    public void close() {
      open.close();
    }
  }
}
