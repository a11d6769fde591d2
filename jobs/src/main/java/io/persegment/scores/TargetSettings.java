package io.persegment.scores;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Something to foretell of each customer: whether an event will happen within a number of days.
 *
 * <p>A cut is a day at whose end the model is asked; what it may know had happened by then, and
 * whether it was right shows in the horizon after it. The latest cut whose horizon has passed tests
 * the model, earlier ones train it.
 *
 * @param horizon days after a cut within which the event must happen, at least 1
 * @param population over the columns of customer_features: who is scored and trained on
 * @param features columns of customer_features that the model may use
 * @param baseline the one column that a model must be better than
 * @param cuts how many cuts train, at least 1
 * @param spacing days between them, at least {@link #LEAST_SPACING}
 * @param refit days for which the cuts, and so the model, stand still, at least 1
 * @param leastEvents how many customers with the event, and how many without, training and test
 *     need
 * @param onRefusal what happens where a model is not good enough
 * @param penalties strengths of regularisation to choose from, each at least 0
 * @param l1Share part of the penalty that takes features out rather than shrinking them, 0 to 1
 */
public record TargetSettings(
    String name,
    int horizon,
    SqlExpression population,
    List<String> features,
    String baseline,
    int cuts,
    int spacing,
    int refit,
    int leastEvents,
    OnRefusal onRefusal,
    List<Double> penalties,
    double l1Share) {

  /** What happens where a model is not good enough to be used. */
  public enum OnRefusal {
    /** No scores of the target are written, and the ledger says why. */
    WARN,
    /** The run stops, with the exit status of a gate. */
    STOP
  }

  private enum Kind {
    EVENT
  }

  private enum Event {
    PURCHASE
  }

  /** Cuts closer together see nearly the same behaviour and the same events. */
  static final int LEAST_SPACING = 14;

  public TargetSettings {
    features = List.copyOf(features);
    penalties = List.copyOf(penalties);
  }

  /**
   * Reads the section {@code targets}, in order of their names. A target that is set to null is
   * none.
   *
   * @param defaults what a target has that does not say otherwise
   */
  public static List<TargetSettings> all(
      Section targets, Section defaults, FeatureSettings features) {
    return List.copyOf(
        targets
            .each((name, target) -> from(name, target.withDefaults(defaults), features))
            .values());
  }

  private static TargetSettings from(String name, Section target, FeatureSettings features) {
    target.choice("kind", Kind.class);
    target.choice("event", Event.class);
    int spacing = target.days("spacing");
    if (spacing < LEAST_SPACING) {
      target.problem(
          "spacing",
          "must be at least %d days, but is %d: cuts closer together see the same events"
              .formatted(LEAST_SPACING, spacing));
    }
    return new TargetSettings(
        name,
        target.days("horizon"),
        population(target, features),
        features.matching(target, "features"),
        target.oneOf("baseline", features.numeric()),
        target.integer("cuts", 1),
        spacing,
        target.days("refit"),
        target.integer("least-events", 1),
        target.choice("on-refusal", OnRefusal.class),
        penalties(target),
        target.decimal("l1-share", 0, 1));
  }

  private static SqlExpression population(Section target, FeatureSettings features) {
    SqlExpression population = target.sql("population");
    for (String column : population.references()) {
      if (!features.names().contains(column)) {
        target.problem(
            "population",
            "names no feature: %s; %s".formatted(column, Nearest.hint(column, features.names())));
      }
    }
    return population;
  }

  private static List<Double> penalties(Section target) {
    List<Double> penalties = target.decimals("penalties");
    if (penalties.isEmpty() || penalties.stream().anyMatch(each -> !(each >= 0))) {
      target.problem(
          "penalties", "must be a list of numbers, each at least 0, such as [0.1, 0.01]");
    }
    return penalties;
  }

  /**
   * Returns the cuts that the model of {@code asOf} is made from, the test cut first, the training
   * cuts after it from the latest to the earliest. {@code customer_features} must have their rows.
   */
  public List<LocalDate> cuts(LocalDate asOf) {
    var all = new ArrayList<LocalDate>();
    all.add(testCut(asOf));
    all.addAll(trainingCuts(asOf));
    return List.copyOf(all);
  }

  /** Returns the latest cut, on a grid of {@link #refit} days, whose horizon has passed. */
  LocalDate testCut(LocalDate asOf) {
    long latest = asOf.toEpochDay() - horizon;
    return LocalDate.ofEpochDay(Math.floorDiv(latest, refit) * refit);
  }

  /** Returns cuts whose events have all happened by the test cut, the latest first. */
  List<LocalDate> trainingCuts(LocalDate asOf) {
    LocalDate latest = testCut(asOf).minusDays(horizon);
    return IntStream.range(0, cuts).mapToObj(i -> latest.minusDays((long) i * spacing)).toList();
  }

  /** Returns the last day of which the model of {@code asOf} knows anything. */
  LocalDate trainedAsOf(LocalDate asOf) {
    return testCut(asOf).plusDays(horizon);
  }

  /** Returns a SHA-256 that differs where the target, or a feature of it, is declared otherwise. */
  String definition(FeatureSettings settings) {
    var used = new TreeSet<>(features);
    used.add(baseline);
    used.addAll(population.references());
    String all = Propensity.ALGORITHM + this + settings.definition(used);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(all.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
