package io.persegment.source;

import io.persegment.cleaning.Emails;
import io.persegment.config.Section;
import io.persegment.conformed.ConformedTable;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.WebEvents;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Table;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One source of a shop: {@code sources.NAME}.
 *
 * @param system whose ids the records carry; sources of one system, such as its orders and their
 *     lines, find each other's records by it
 * @param mode what a new file means
 * @param version when a row was as it stands, by the source's word; of two the later one counts
 * @param deleted whether a row says that its record is there no more
 * @param timezone zone of timestamps that come without one
 * @param quarantineLimit share of rows that may be refused, 0 to 1
 * @param mostRemoved share of a table's records that may be gone in a newer snapshot, 0 to 1
 * @param country two letters: where a record is of that says no country
 * @param hash of all settings that its rows depend on
 */
public record SourceSettings(
    String name,
    String system,
    ReadSettings read,
    Mode mode,
    Optional<SqlExpression> where,
    Optional<SqlExpression> version,
    Optional<SqlExpression> deleted,
    ZoneId timezone,
    double quarantineLimit,
    double mostRemoved,
    Optional<String> country,
    CleaningSettings cleaning,
    List<LookupSettings> lookups,
    List<TargetSettings> targets,
    String hash) {

  /** Whether a new file adds to those before it, or is by itself all that the source has. */
  enum Mode {
    APPEND,
    SNAPSHOT
  }

  /** What rows do not depend on. */
  private static final List<String> NOT_OF_ROWS =
      List.of("path", "read.path", "quarantine-limit", "most-removed");

  private static final Set<Table> EVENTS = Set.of(WebEvents.TABLE, EmailEvents.TABLE);

  /** Reads {@code sources}, in the order in which they are ingested: parents before children. */
  public static List<SourceSettings> all(Section sources, Section defaults, Section shop) {
    Emails emails = CleaningSettings.emails(shop);
    var all =
        new ArrayList<>(
            sources.each((name, section) -> from(name, section, defaults, shop, emails)).values());
    all.sort(Comparator.comparingInt(SourceSettings::rank).thenComparing(SourceSettings::name));
    refuseTwoFeedingOneTable(sources, all);
    return List.copyOf(all);
  }

  /** Reads what is to become of the rows of sources that the shop has no more, by their names. */
  public static Map<String, Retired> retired(Section sources) {
    var retired = new TreeMap<String, Retired>();
    for (String name : sources.keys()) {
      if (!sources.isNull(name) && sources.section(name).has("retired")) {
        retired.put(name, sources.section(name).choice("retired", Retired.class));
      }
    }
    return retired;
  }

  /**
   * Returns null for a retired source, and one whose path is null: one of a template that the shop
   * has not got.
   */
  private static SourceSettings from(
      String name, Section own, Section defaults, Section shop, Emails emails) {
    if (own.isNull("path") || own.has("retired")) {
      own.ignoreRest();
      return null;
    }
    Section source = own.withDefaults(defaults);
    Section read = source.section("read");
    ReadSettings readSettings = ReadSettings.from(read, source.has("path") ? source : read);
    read.close();
    var lookups =
        source.has("lookups")
            ? source.section("lookups").each(LookupSettings::from).values()
            : List.<LookupSettings>of();
    var targets = new ArrayList<TargetSettings>();
    for (ConformedTable table : ConformedTable.ALL) {
      if (source.has(table.table().name())) {
        Section target = source.section(table.table().name());
        targets.add(TargetSettings.from(table, target));
        target.close();
      }
    }
    if (targets.isEmpty()) {
      List<String> names = ConformedTable.ALL.stream().map(each -> each.table().name()).toList();
      source.problem("read", "feeds no table; add one of %s".formatted(String.join(", ", names)));
    }
    SourceSettings settings =
        new SourceSettings(
            name,
            source.optionalText("system").orElse(name),
            readSettings,
            source.choice("mode", Mode.class),
            source.optionalSql("where"),
            source
                .optionalSql("version")
                .or(() -> readSettings.feed().flatMap(Feed::version).map(SqlExpression::parse)),
            source.optionalSql("deleted"),
            zone(source.has("timezone") ? source : shop),
            source.decimal("quarantine-limit", 0, 1),
            source.decimal("most-removed", 0, 1),
            shop.optionalText("country"),
            CleaningSettings.from(source, emails),
            List.copyOf(lookups),
            List.copyOf(targets),
            source.fingerprint(NOT_OF_ROWS));
    if (readSettings
            .feed()
            .filter(feed -> feed instanceof Feed.Delta each && each.changes())
            .isPresent()
        && !settings.references().contains("_change_type")) {
      source.problem(
          "where",
          "says nothing of deleted rows, which read.changes gives as well: use _change_type, such as where = \"_change_type <> 'delete'\"");
    }
    return settings;
  }

  /**
   * Returns the columns of the source's files that any of its expressions reads. What tells bots is
   * no word of the row's: it stays among the rest, and a rule that comes later makes no row
   * another.
   */
  Set<String> references() {
    var names = new TreeSet<String>();
    where.ifPresent(sql -> names.addAll(sql.references()));
    version.ifPresent(sql -> names.addAll(sql.references()));
    deleted.ifPresent(sql -> names.addAll(sql.references()));
    lookups.forEach(lookup -> names.addAll(lookup.on().references()));
    for (TargetSettings target : targets) {
      target.where().ifPresent(sql -> names.addAll(sql.references()));
      target.groupBy().ifPresent(sql -> names.addAll(sql.references()));
      target.explode().ifPresent(each -> names.addAll(each.array().references()));
      target
          .columns()
          .forEach(
              (field, placed) -> {
                if (!field.equals(WebEvents.BOT)) {
                  names.addAll(placed.sql().references());
                }
              });
    }
    lookups.forEach(lookup -> names.remove(lookup.name()));
    targets.forEach(target -> target.explode().ifPresent(each -> names.add(each.name())));
    return names;
  }

  private int rank() {
    return targets.stream()
        .mapToInt(target -> target.into().parent().isPresent() ? 1 : 0)
        .min()
        .orElse(0);
  }

  private static ZoneId zone(Section section) {
    try {
      return ZoneId.of(section.text("timezone"));
    } catch (DateTimeException e) {
      section.problem("timezone", "is no zone; write one such as Europe/Copenhagen");
      return ZoneId.of("UTC");
    }
  }

  /**
   * Two tables of one system may use one id for two things, of which one would take the place of
   * the other. Events have ids of their own, or ones made of all that they say.
   */
  private static void refuseTwoFeedingOneTable(Section sources, List<SourceSettings> all) {
    Map<String, String> feeders = new HashMap<>();
    for (SourceSettings source : all) {
      for (TargetSettings target : source.targets()) {
        if (EVENTS.contains(target.into().table())) {
          continue;
        }
        String table = target.into().table().name();
        String other = feeders.putIfAbsent(source.system() + "/" + table, source.name());
        if (other != null) {
          sources.problem(
              source.name(),
              "and %s both feed %s of system %s; give one of them a system of its own"
                  .formatted(other, table, source.system()));
        }
      }
    }
  }
}
