package io.persegment.scores;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.config.SettingsFile;
import io.persegment.features.FeatureSettings;
import io.persegment.features.Outcome;
import io.persegment.sql.SqlExpression;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.spark.sql.Column;

/**
 * Something to foretell of each customer, by a model that learns from the past.
 *
 * <p>A cut is a day at whose end the model is asked; what it may know had happened by then, and
 * whether it was right shows in the horizon, which begins a gap after it. The latest cut whose
 * horizon has passed tests the model, one before it calibrates it, earlier ones train it.
 *
 * @param goal what is foretold
 * @param horizon days within which it must happen, at least 1; of a label 0
 * @param gap days between a cut and its horizon, such as it takes to send an e-mail
 * @param population over the columns of customer_features: who is scored and trained on
 * @param features columns of customer_features that the model may use
 * @param baselines columns each of which alone makes a model that this one must be better than
 * @param cuts how many cuts train, at least 1
 * @param spacing days between them, at least {@link #LEAST_SPACING}
 * @param refit days for which the cuts, and so the model, stand still, at least 1
 * @param leastEvents how many customers with the event, and how many without, training needs; the
 *     test a fifth of it
 * @param onRefusal what happens where a model is not good enough
 * @param onLeak what happens where a feature tells the outcome by itself
 * @param margin AUC by which a new model must be better than the one that stands
 * @param learning how models are fitted
 */
public record TargetSettings(
    String name,
    Goal goal,
    int horizon,
    int gap,
    SqlExpression population,
    List<String> features,
    List<String> baselines,
    int cuts,
    int spacing,
    int refit,
    int leastEvents,
    OnRefusal onRefusal,
    OnLeak onLeak,
    double margin,
    Learning learning) {

  /** What is foretold. */
  public sealed interface Goal {
    /** Something that shows within the horizon, and is learnt from past cuts. */
    sealed interface Later extends Goal {
      Outcome outcome();

      /**
       * Returns {@link Examples#LABEL}; null where it cannot be known, as of the next e-mail of who
       * was sent none.
       *
       * @param outcome {@link Outcome#VALUE}, null where nothing is known
       */
      Column label(Column outcome);
    }

    /**
     * Whether it happens.
     *
     * @param happens false where it is foretold that it does not
     */
    record Happens(Outcome outcome, boolean happens) implements Later {
      @Override
      public Column label(Column outcome) {
        Column known = this.outcome.isOfEverybody() ? coalesce(outcome, lit(0)) : outcome;
        return known.gt(0).equalTo(happens).cast(DoubleType);
      }
    }

    /** How much is spent; who sends back more than was bought spends nothing. */
    record Spends(Outcome outcome) implements Later {
      @Override
      public Column label(Column outcome) {
        return greatest(coalesce(outcome, lit(0.0)), lit(0.0));
      }
    }

    /**
     * A condition over columns of customer_features that is known of some of the customers, and is
     * foretold of the others.
     *
     * @param by column by which the later ones are told from the earlier; where there is none,
     *     chance divides them
     */
    record Labelled(SqlExpression label, Optional<String> by) implements Goal {}
  }

  /** What happens where a model is not good enough to be used. */
  public enum OnRefusal {
    /** The one of before scores, if there is one, else nobody is scored; the ledger says why. */
    WARN,
    /** Where the first baseline is as good, the model of it alone is used. */
    BASELINE,
    /** The run stops, with the exit status of a gate. */
    STOP
  }

  /** What happens where a feature alone tells who had the event: it must have known it. */
  public enum OnLeak {
    /** It is left out, and the ledger names it. */
    DROP,
    /** The target is refused. */
    REFUSE
  }

  private enum Kind {
    EVENT,
    LABEL,
    SPEND,
    /** Of {@link LifetimeSettings}. */
    LIFETIME_VALUE
  }

  private static final List<String> OF_PROBABILITIES =
      List.of(
          "event",
          "of",
          "within",
          "algorithms",
          "l1-share",
          "depths",
          "learning-rate",
          "most-trees",
          "rises-with",
          "falls-with");

  /** Cuts closer together see nearly the same behaviour and the same events. */
  static final int LEAST_SPACING = 14;

  public TargetSettings {
    features = List.copyOf(features);
    baselines = List.copyOf(baselines);
  }

  /**
   * Reads those of the section {@code targets} that are of no other kind, in order of their names.
   * A target that is set to null is none.
   *
   * @param defaults what a target has that does not say otherwise
   */
  public static List<TargetSettings> all(
      Section targets, Section defaults, FeatureSettings features) {
    return List.copyOf(
        targets
            .each(
                (name, target) -> {
                  if (LifetimeSettings.isKindOf(target)) {
                    target.ignoreRest();
                    return null;
                  }
                  refuseOfOthers(target);
                  return from(name, target.withDefaults(defaults), features);
                })
            .values());
  }

  /** Of amounts there are no events and no trees, and nothing that a score may only rise with. */
  private static void refuseOfOthers(Section target) {
    if (target.has("kind") && target.text("kind").equals("spend")) {
      for (String key : OF_PROBABILITIES) {
        if (target.has(key)) {
          target.problem(key, "says nothing of kind = spend; leave it out");
        }
      }
    }
  }

  private static TargetSettings from(String name, Section target, FeatureSettings features) {
    int spacing = target.days("spacing");
    if (spacing < LEAST_SPACING) {
      target.problem(
          "spacing",
          "must be at least %d days, but is %d: cuts closer together see the same events"
              .formatted(LEAST_SPACING, spacing));
    }
    Kind kind = target.choice("kind", Kind.class);
    int horizon = kind == Kind.LABEL ? 0 : target.days("horizon");
    Goal goal =
        switch (kind) {
          case LABEL -> labelled(target, features);
          case SPEND -> spends(target, horizon);
          case EVENT, LIFETIME_VALUE -> happens(target, horizon); // the latter is none of these
        };
    List<String> usable = usable(target, features, goal);
    return new TargetSettings(
        name,
        goal,
        horizon,
        target.has("gap") ? target.days("gap") : 0,
        population(target, features, goal),
        usable,
        baselines(target, features, goal),
        target.integer("cuts", 1),
        spacing,
        target.days("refit"),
        target.integer("least-events", 1),
        target.choice("on-refusal", OnRefusal.class),
        target.choice("on-leak", OnLeak.class),
        target.decimal("margin", 0, 1),
        Learning.of(target, features, usable));
  }

  private static Goal happens(Section target, int horizon) {
    Outcome.Event event = target.choice("event", Outcome.Event.class);
    return new Goal.Happens(Outcome.event(target, event, horizon), event != Outcome.Event.CHURN);
  }

  private static Goal spends(Section target, int horizon) {
    target.has("event"); // the defaults have one, and what models of events are like
    return new Goal.Spends(Outcome.spend(target, horizon));
  }

  private static Goal labelled(Section target, FeatureSettings features) {
    for (String key : List.of("horizon", "where", "gap", "of", "within")) {
      if (target.has(key)) {
        target.problem(key, "is of kind = event; a label is known already, or is not");
      }
    }
    target.has("event"); // the defaults have one
    return new Goal.Labelled(
        over(target, "label", features),
        target.has("split-by")
            ? Optional.of(target.oneOf("split-by", features.ordered()))
            : Optional.empty());
  }

  /** Returns the columns that a model may use: those that cannot hold what is foretold. */
  private static List<String> usable(Section target, FeatureSettings features, Goal goal) {
    return features.matching(target, "features", without(features.usable(), features, goal));
  }

  /**
   * Takes out the columns that are made of the label or, where past dates are learnt from, of what
   * customers are now.
   */
  private static List<String> without(List<String> columns, FeatureSettings features, Goal goal) {
    Set<String> out = features.ofThePresent();
    if (goal instanceof Goal.Labelled labelled) {
      var told = new HashSet<>(labelled.label().references());
      labelled.by().ifPresent(told::add);
      // That it is not known is part of what the label says.
      List.copyOf(told).stream().map(FeatureSettings::flag).forEach(told::add);
      out = features.madeOf(told);
    }
    return columns.stream().filter(Predicate.not(out::contains)).toList();
  }

  private static List<String> baselines(Section target, FeatureSettings features, Goal goal) {
    List<String> baselines =
        features.matching(target, "baselines", without(features.numeric(), features, goal));
    if (baselines.isEmpty()) {
      target.problem("baselines", "is empty; name one feature at least that a model must beat");
    }
    return baselines;
  }

  private static SqlExpression population(Section target, FeatureSettings features, Goal goal) {
    SqlExpression population = over(target, "population", features);
    if (goal instanceof Goal.Later) {
      population.references().stream()
          .filter(features.ofThePresent()::contains)
          .forEach(
              name ->
                  target.problem(
                      "population",
                      ("names %s, which is what customers are now: who was meant on past dates it"
                              + " does not tell; where it never changes, set lasting = true for the"
                              + " feature")
                          .formatted(name)));
    }
    return population;
  }

  /** Reads an expression over columns of customer_features. */
  static SqlExpression over(Section target, String key, FeatureSettings features) {
    SqlExpression condition = target.sql(key);
    for (String column : condition.references()) {
      if (!features.names().contains(column)) {
        target.problem(
            key,
            "names no feature: %s; %s".formatted(column, Nearest.hint(column, features.names())));
      }
    }
    return condition;
  }

  /**
   * Returns the cuts that the model of {@code asOf} is made from, the test cut first, then the one
   * that calibrates, the training cuts after them from the latest to the earliest; of a label none.
   * {@code customer_features} must have their rows.
   */
  public List<LocalDate> cuts(LocalDate asOf) {
    if (goal instanceof Goal.Labelled) {
      return List.of();
    }
    var all = new ArrayList<LocalDate>();
    all.add(testCut(asOf));
    all.add(calibrationCut(asOf));
    all.addAll(trainingCuts(asOf));
    return List.copyOf(all);
  }

  /** Returns the most that a score can be. */
  public double most() {
    return isAmount() ? Double.POSITIVE_INFINITY : 1;
  }

  /** Returns whether it is an amount that is foretold, and no probability. */
  boolean isAmount() {
    return goal instanceof Goal.Spends;
  }

  /** Returns the days from a cut until it is known what came of it. */
  int span() {
    return gap + horizon;
  }

  /** Returns the latest cut, on a grid of {@link #refit} days, whose horizon has passed. */
  LocalDate testCut(LocalDate asOf) {
    long latest = asOf.toEpochDay() - span();
    return LocalDate.ofEpochDay(Math.floorDiv(latest, refit) * refit);
  }

  /** Returns the latest cut of which it was known by the test cut what came of it. */
  LocalDate calibrationCut(LocalDate asOf) {
    return testCut(asOf).minusDays(span());
  }

  /**
   * Returns cuts of which that was known by the one that calibrates, the latest first. Of several
   * the earliest at least is early enough to be known by the latest, which judges what they teach:
   * else it is moved or, by more than cuts may be close, another one added.
   */
  List<LocalDate> trainingCuts(LocalDate asOf) {
    LocalDate latest = calibrationCut(asOf).minusDays(span());
    var all = new ArrayList<LocalDate>();
    for (int i = 0; i < cuts; i++) {
      all.add(latest.minusDays((long) i * spacing));
    }
    long missing = span() - (cuts - 1L) * spacing;
    if (cuts > 1 && missing > 0) {
      if (missing < LEAST_SPACING) {
        all.remove(cuts - 1);
      }
      all.add(latest.minusDays(span()));
    }
    return all;
  }

  /** Returns the last day of which the model of {@code asOf} knows anything. */
  LocalDate trainedAsOf(LocalDate asOf) {
    return goal instanceof Goal.Labelled ? asOf : testCut(asOf).plusDays(span());
  }

  /** Returns the first day such that a model that knows it is not to be fitted anew. */
  LocalDate standsFrom(LocalDate asOf) {
    return goal instanceof Goal.Labelled ? asOf.minusDays(refit - 1L) : trainedAsOf(asOf);
  }

  /**
   * Returns what differs where a model that was refused might not be: those settings, and these.
   */
  String refusedBy(FeatureSettings settings) {
    return "%s, least-events %d, on-refusal %s"
        .formatted(definition(settings), leastEvents, onRefusal);
  }

  /**
   * Returns a SHA-256 that differs where what makes a model is declared otherwise: the target or a
   * feature of it, but not when it is fitted anew or refused.
   */
  String definition(FeatureSettings settings) {
    var used = new TreeSet<>(features);
    used.addAll(baselines);
    used.addAll(population.references());
    if (goal instanceof Goal.Labelled labelled) {
      used.addAll(labelled.label().references());
      labelled.by().ifPresent(used::add);
    }
    Object how = isAmount() ? learning.penalties() : learning;
    List<Object> made =
        List.of(goal, gap, population, features, baselines, cuts, spacing, onLeak, how);
    return SettingsFile.sha256(Training.METHOD + name + made + settings.definition(used));
  }

  /** Returns a SHA-256 that differs where something else, or another population, is declared. */
  String foretells() {
    return SettingsFile.sha256(name + List.of(goal, gap, population));
  }

  /**
   * Returns {@link ScoreModels#KNOWS} of a model that knows some features; empty where the target
   * has not all of them.
   */
  Optional<String> knows(List<String> known, FeatureSettings settings) {
    var used = new TreeSet<>(population.references());
    used.addAll(known);
    boolean areOffered =
        known.stream().allMatch(each -> features.contains(each) || baselines.contains(each));
    return areOffered
        ? Optional.of(foretells() + " " + SettingsFile.sha256(settings.definition(used)))
        : Optional.empty();
  }
}
