package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A segmentation into clusters.
 *
 * @param fit what a model is fitted by
 * @param unknown name of the segment of those outside of the population, or without a feature
 * @param refitDays a model is used until it is so many days old
 * @param refitPsi or until the sizes of its segments differ by this index from those at first
 * @param leastOverlap part of the customers of a cluster of a new model and of a segment of before,
 *     counting those in either, that must be in both for it to be that segment
 * @param names names that were chosen for segments, by segment id
 * @param definition all that a model depends on; one of another definition is not used
 */
public record ClusterSettings(
    String name,
    Fit fit,
    String unknown,
    int refitDays,
    double refitPsi,
    double leastOverlap,
    Map<String, String> names,
    String definition)
    implements SegmentationSettings {

  /** How clusters are found. */
  public enum Method {
    /** Around centres that lie in the middle of their customers. */
    K_MEANS(SegmentationSettings.K_MEANS),
    /** By joining what is most alike, small clusters first, as {@link Ward} does. */
    HIERARCHICAL(SegmentationSettings.HIERARCHICAL),
    /** By dividing everybody in two, and again, as {@link Bisecting} does. */
    BISECTING(SegmentationSettings.BISECTING);

    private final String kind;

    Method(String kind) {
      this.kind = kind;
    }

    /** Returns the kind of segmentation, as it is called in the settings. */
    String kind() {
      return kind;
    }
  }

  /** What is done to each feature first. */
  public enum Transform {
    NONE,
    /** sign(x) * ln(1 + |x|): brings counts and amounts with a long tail together. */
    LOG,
    /** sign(x) * sqrt(|x|): of shares, makes the distance that of Hellinger. */
    HELLINGER,
    /**
     * Of shares, the logarithm of each less the mean of all of them (Aitchison, "The statistical
     * analysis of compositional data", 1986); less than a hundredth counts as one.
     */
    CENTRED_LOG_RATIO,
    /** A power, found by likelihood, that brings values nearest to a normal distribution. */
    YEO_JOHNSON
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
   * @param microClusters of {@link Method#HIERARCHICAL}, into how many small clusters everybody is
   *     divided first
   * @param exact of the same, up to how many customers, of a sample of all, each is a small cluster
   *     of its own
   * @param height of the same, up to which distance clusters are joined; where it is 0, their
   *     number is chosen
   * @param features columns that clusters are found in
   * @param population condition over the features: who is clustered
   * @param winsorise what part of the values at each end is cut off to where it begins, of the
   *     sample
   * @param components how many principal components clusters are found in; 0 takes the features
   * @param leastK least number of clusters that is tried, at least 2
   * @param mostK most clusters that are tried
   * @param starts how many times each number is tried, each from other centres
   * @param sample on how many customers, at most, that is done
   * @param tolerance the least k is taken whose silhouette is within this share of the best
   * @param leastStability a k with a cluster less stable than this is passed over where another is
   *     not, as {@link Stability} tells it
   * @param leastShare a k whose smallest cluster holds less than this share is passed over
   */
  public record Fit(
      Method method,
      int microClusters,
      int exact,
      double height,
      List<String> features,
      Condition population,
      double winsorise,
      Transform transform,
      Scale scale,
      int components,
      int leastK,
      int mostK,
      int starts,
      int sample,
      double tolerance,
      double leastShare,
      double leastStability,
      long seed)
      implements Serializable {

    /** More no marketer writes to. */
    static final int MOST_CLUSTERS = 50;

    public Fit {
      features = List.copyOf(features);
    }

    static Fit from(Method method, String name, Section section, Vocabulary vocabulary) {
      boolean isHierarchical = method == Method.HIERARCHICAL;
      List<Integer> k = section.range("k");
      if (section.has("k") && k.get(0) < 2) {
        section.problem("k", "is %s; 2 clusters are the fewest".formatted(section.text("k")));
      }
      if (section.texts("features").isEmpty()) {
        section.problem("features", "are missing: name the features to find clusters in");
      }
      if (k.get(1) > MOST_CLUSTERS) {
        section.problem(
            "k", "is %s; %d clusters are the most".formatted(section.text("k"), MOST_CLUSTERS));
      }
      List<String> features = vocabulary.features().matching(section, "features");
      int components = section.integer("components", 0);
      if (components > features.size()) {
        section.problem(
            "components",
            "is %d, but there are %d features; write as many at most"
                .formatted(components, features.size()));
      }
      return new Fit(
          method,
          isHierarchical ? section.integer("micro-clusters", 10) : 0,
          isHierarchical ? section.integer("exact", 0) : 0,
          isHierarchical && section.has("height") ? section.decimal("height", 0, 1e9) : 0,
          features,
          vocabulary.condition(name, section, "population", Optional.empty()),
          section.decimal("winsorise", 0, 0.25),
          section.choice("transform", Transform.class),
          section.choice("scale", Scale.class),
          components,
          k.get(0),
          k.get(1),
          section.integer("starts", 1),
          section.integer("sample", 100),
          section.decimal("tolerance", 0, 1),
          section.decimal("least-share", 0, 0.5),
          section.decimal("least-stability", 0, 1),
          section.number("seed"));
    }
  }

  public ClusterSettings {
    names = Map.copyOf(names);
  }

  static ClusterSettings from(Method method, String name, Section section, Vocabulary vocabulary) {
    Fit fit = Fit.from(method, name, section, vocabulary);
    var needed = new HashSet<>(fit.features);
    needed.addAll(fit.population.features());
    var settings =
        new ClusterSettings(
            name,
            fit,
            section.text("unknown"),
            section.days("refit"),
            section.decimal("refit-psi", 0, 1e9),
            section.decimal("least-overlap", 0, 1),
            SegmentationSettings.names(section),
            vocabulary.features().definition(needed) + " " + fit);
    SegmentationSettings.repeated(settings.segments())
        .ifPresent(twice -> section.problem("names", "name two segments %s".formatted(twice)));
    return settings;
  }

  /**
   * Returns this as it depends on what its population names: where these, or the features that they
   * look at, are declared otherwise, others are clustered.
   *
   * @param all segmentations by name
   */
  ClusterSettings over(Map<String, SegmentationSettings> all, FeatureSettings features) {
    var needed = new TreeMap<String, String>();
    var next = new ArrayDeque<>(needs());
    while (!next.isEmpty()) {
      String name = next.remove();
      SegmentationSettings each = all.get(name);
      if (each != null && !needed.containsKey(name)) {
        needed.put(
            name,
            each instanceof ClusterSettings clusters
                ? clusters.definition
                : each + " " + features.definition(new HashSet<>(each.columns())));
        next.addAll(each.needs());
      }
    }
    return needed.isEmpty()
        ? this
        : new ClusterSettings(
            name,
            fit,
            unknown,
            refitDays,
            refitPsi,
            leastOverlap,
            names,
            definition + " " + needed);
  }

  @Override
  public List<String> segments() {
    var segments = new ArrayList<>(names.values());
    segments.add(unknown);
    return segments;
  }

  @Override
  public Optional<String> nobodys() {
    return Optional.of(unknown);
  }

  @Override
  public boolean areFound() {
    return true;
  }

  @Override
  public List<String> features() {
    return fit.features;
  }

  @Override
  public List<Condition> conditions() {
    return List.of(fit.population);
  }
}
