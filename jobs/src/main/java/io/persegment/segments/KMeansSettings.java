package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * A segmentation into clusters.
 *
 * @param fit what a model is fitted by
 * @param unknown name of the segment of those outside of the population, or without a feature
 * @param refitDays a model is used until it is so many days old
 * @param names names that were chosen for segments, by segment id
 * @param definition all that a model depends on; one of another definition is not used
 */
public record KMeansSettings(
    String name,
    Fit fit,
    String unknown,
    int refitDays,
    Map<String, String> names,
    String definition)
    implements SegmentationSettings {

  /** What is done to each feature first. */
  public enum Transform {
    NONE,
    /** sign(x) * ln(1 + |x|): brings counts and amounts with a long tail together. */
    LOG,
    /** sign(x) * sqrt(|x|): of shares, makes the distance that of Hellinger. */
    HELLINGER
  }

  /** How features are made comparable after that. */
  public enum Scale {
    /** To mean 0 and standard deviation 1 over the population. */
    STANDARD,
    NONE
  }

  /**
   * What a model is fitted by.
   *
   * @param features columns that clusters are found in
   * @param population condition over the features: who is clustered
   * @param leastK least number of clusters that is tried, at least 2
   * @param mostK most clusters that are tried
   * @param starts how many times each number is tried, each from other centres
   * @param sample on how many customers, at most, that is done
   * @param tolerance the least k is taken whose silhouette is within this share of the best
   * @param leastShare a k whose smallest cluster holds less than this share is passed over
   */
  public record Fit(
      List<String> features,
      SqlExpression population,
      Transform transform,
      Scale scale,
      int leastK,
      int mostK,
      int starts,
      int sample,
      double tolerance,
      double leastShare,
      long seed) {

    public Fit {
      features = List.copyOf(features);
    }

    static Fit from(Section section, FeatureSettings features) {
      List<Integer> k = section.range("k");
      if (section.has("k") && k.get(0) < 2) {
        section.problem("k", "is %s; 2 clusters are the fewest".formatted(section.text("k")));
      }
      if (section.texts("features").isEmpty()) {
        section.problem("features", "are missing: name the features to find clusters in");
      }
      return new Fit(
          features.matching(section, "features"),
          Conditions.read(section, "population", features),
          section.choice("transform", Transform.class),
          section.choice("scale", Scale.class),
          k.get(0),
          k.get(1),
          section.integer("starts", 1),
          section.integer("sample", 100),
          section.decimal("tolerance", 0, 1),
          section.decimal("least-share", 0, 0.5),
          section.number("seed"));
    }
  }

  public KMeansSettings {
    names = Map.copyOf(names);
  }

  static KMeansSettings from(String name, Section section, FeatureSettings features) {
    Fit fit = Fit.from(section, features);
    var needed = new HashSet<>(fit.features);
    needed.addAll(fit.population.references());
    var settings =
        new KMeansSettings(
            name,
            fit,
            section.text("unknown"),
            section.days("refit"),
            names(section),
            features.definition(needed) + " " + fit);
    var all = new ArrayList<>(settings.names.values());
    all.add(settings.unknown);
    SegmentationSettings.repeated(all)
        .ifPresent(twice -> section.problem("names", "name two segments %s".formatted(twice)));
    return settings;
  }

  private static Map<String, String> names(Section section) {
    if (!section.has("names")) {
      return Map.of();
    }
    Section names = section.section("names");
    Map<String, String> read = names.asTexts();
    names.close();
    return read;
  }

  @Override
  public List<String> features() {
    return fit.features;
  }

  @Override
  public Map<String, SqlExpression> conditions() {
    return Map.of("population", fit.population);
  }
}
