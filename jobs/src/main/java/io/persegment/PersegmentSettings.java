package io.persegment;

import io.persegment.audit.AuditSettings;
import io.persegment.config.Section;
import io.persegment.config.SettingsFile;
import io.persegment.content.ContentSettings;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Survivorship;
import io.persegment.experiments.Experiment;
import io.persegment.exports.ExportSettings;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentitySettings;
import io.persegment.publish.PublishSettings;
import io.persegment.scores.LifetimeSettings;
import io.persegment.scores.TargetSettings;
import io.persegment.segments.SegmentationSettings;
import io.persegment.segments.SegmentsSettings;
import io.persegment.segments.Vocabulary;
import io.persegment.source.Retired;
import io.persegment.source.SourceSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * All settings, read and checked once, before Spark starts.
 *
 * @param hash SHA-256 of all settings in force
 * @param spark properties of the Spark session, by name
 */
public record PersegmentSettings(
    String hash,
    ShopSettings shop,
    String lakeRoot,
    Map<String, String> spark,
    List<SourceSettings> sources,
    Map<String, Retired> retiredSources,
    IdentitySettings identity,
    Survivorship survivorship,
    FeatureSettings features,
    List<SegmentationSettings> segmentations,
    SegmentsSettings segments,
    List<TargetSettings> targets,
    List<LifetimeSettings> lifetimes,
    ConsentSettings consent,
    AuditSettings audits,
    PublishSettings publish,
    List<ExportSettings> tools) {

  /**
   * Reads and checks all of {@code file}.
   *
   * @throws io.persegment.error.PersegmentException naming every mistake, each with file and line
   */
  public static PersegmentSettings from(SettingsFile file) {
    Section root = file.root();
    Section shop = root.section("shop");
    Section lake = root.section("lake");
    ConsentSettings consent = read(root, "consent", ConsentSettings::from);
    FeatureSettings features = read(root, "features", FeatureSettings::from);
    List<TargetSettings> targets =
        TargetSettings.all(root.section("targets"), root.section("target-defaults"), features);
    List<LifetimeSettings> lifetimes =
        LifetimeSettings.all(
            root.section("targets"),
            root.section("target-defaults").section("lifetime-value"),
            features);
    Map<String, Double> mostScores = new TreeMap<>();
    targets.forEach(target -> mostScores.put(target.name(), target.most()));
    lifetimes.forEach(target -> mostScores.put(target.name(), target.of().most()));
    List<SourceSettings> sources =
        SourceSettings.all(root.section("sources"), root.section("source-defaults"), shop);
    List<SegmentationSettings> segmentations =
        SegmentationSettings.all(
            root.section("segmentations"),
            root.section("segmentation-defaults"),
            features,
            mostScores);
    List<Experiment> experiments =
        experiments(
            root,
            segmentations,
            Vocabulary.of(
                features, mostScores, segmentations, PublishSettings.OF_CUSTOMERS, List.of()));
    var known =
        Vocabulary.of(
            features,
            mostScores,
            segmentations,
            PublishSettings.OF_CUSTOMERS,
            experiments.stream().map(Experiment::name).toList());
    ContentSettings content = read(root, "content", each -> ContentSettings.from(each, known));
    PublishSettings publish =
        read(
            root,
            "publish",
            each -> PublishSettings.from(each, consent, content, experiments, known));
    var settings =
        new PersegmentSettings(
            file.hash(),
            ShopSettings.from(shop),
            lake.text("root"),
            root.section("spark").asTexts(),
            sources,
            SourceSettings.retired(root.section("sources")),
            read(root, "identity", identity -> IdentitySettings.from(identity, systems(sources))),
            read(root, "customers", customers -> survivorship(customers, sources)),
            features,
            segmentations,
            read(
                root,
                "segments",
                segments -> SegmentsSettings.from(segments, features, mostScores.keySet())),
            targets,
            lifetimes,
            consent,
            read(root, "audits", AuditSettings::from),
            publish,
            read(root, "tools", tools -> ExportSettings.all(tools, content, publish.declared())));
    known.check();
    root.has("exports"); // for the files themselves to refer to
    checkBots(root);
    shop.close();
    lake.close();
    root.close();
    root.problems().throwIfAny();
    return settings;
  }

  private static List<Experiment> experiments(
      Section root, List<SegmentationSettings> segmentations, Vocabulary vocabulary) {
    List<Experiment> experiments =
        Experiment.all(
            root.section("experiments"),
            root.section("experiment-defaults"),
            vocabulary,
            segmentations.stream()
                .filter(SegmentationSettings::isExclusive)
                .map(SegmentationSettings::name)
                .toList());
    vocabulary.check();
    return experiments;
  }

  /** It is for the files themselves as well, inside of SQL. */
  private static void checkBots(Section root) {
    String bots = root.text("bots");
    if (bots.contains("'") || bots.contains("\\")) {
      root.problem("bots", "has a ' or \\, which mean something else in SQL; write . for either");
    }
    try {
      Pattern.compile(bots);
    } catch (PatternSyntaxException e) {
      root.problem("bots", "is no regular expression: " + e.getDescription());
    }
  }

  private static Map<String, String> systems(List<SourceSettings> sources) {
    return sources.stream().collect(Collectors.toMap(SourceSettings::name, SourceSettings::system));
  }

  private static Survivorship survivorship(Section customers, List<SourceSettings> sources) {
    List<String> systems = sources.stream().map(SourceSettings::system).distinct().toList();
    return read(customers, "survivorship", section -> Survivorship.from(section, systems));
  }

  private static <T> T read(Section root, String name, Function<Section, T> reader) {
    Section section = root.section(name);
    T read = reader.apply(section);
    section.close();
    return read;
  }

  /** Returns what holds where nobody has said anything: enough to list stages and tables. */
  public static PersegmentSettings none() {
    return from(
        SettingsFile.parse("none", "shop { name = none, currency = EUR }, lake.root = none"));
  }
}
