package io.persegment.scores;

import io.persegment.config.Section;
import io.persegment.config.SettingsFile;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import java.util.List;

/**
 * Something to foretell of each customer by how often, how lately and for how much they bought:
 * what they will be worth.
 *
 * @param of what is published
 * @param horizon days from the as-of date that are foretold, at least 1
 * @param discountRate by which a year makes money worth less, 0 to 1
 * @param population over the columns of customer_features: who is scored; all buyers are learnt
 *     from
 * @param model how customers stop to buy
 * @param holdout days before the as-of date that are foretold to see how well it is done, at least
 *     1
 * @param refit days for which a model stands, at least 1
 * @param leastRepeatBuyers how many customers who bought again a model must have, at least 1
 * @param onRefusal what happens where there is no model
 */
public record LifetimeSettings(
    String name,
    Figure of,
    int horizon,
    double discountRate,
    SqlExpression population,
    Model model,
    int holdout,
    int refit,
    int leastRepeatBuyers,
    OnRefusal onRefusal) {

  /** What is foretold. */
  public enum Figure {
    /** What the orders within the horizon are worth today, in the shop's currency. */
    VALUE,
    /** How many orders to expect within the horizon. */
    ORDERS,
    /** The probability that a customer has not stopped to buy for good; horizon does not matter. */
    ALIVE,
    /** What an order of theirs is worth in the long run, in the shop's currency. */
    ORDER_VALUE;

    /** Returns the most that a score of it can be. */
    public double most() {
      return this == ALIVE ? 1 : Double.POSITIVE_INFINITY;
    }

    /** Returns whether it is about the days of the horizon. */
    boolean isWithinHorizon() {
      return this == VALUE || this == ORDERS;
    }

    /** Returns whether it needs a model of what orders are worth. */
    boolean isAmount() {
      return this == VALUE || this == ORDER_VALUE;
    }
  }

  /** How customers stop to buy. */
  public enum Model {
    /**
     * The likelier of the two; if they are as likely, the one that foretells the holdout better.
     */
    BEST,
    BG_NBD,
    MBG_NBD
  }

  /** What happens where there is no model. */
  public enum OnRefusal {
    /** The one of before scores, if there is one, else nobody is scored; the ledger says why. */
    WARN,
    /** The run stops, with the exit status of a gate. */
    STOP
  }

  private static final String KIND = "lifetime-value";

  /** Counts up when models are made otherwise from the same settings. */
  private static final int METHOD = 1;

  /** Returns whether {@code target}, with its defaults, is of this kind. */
  static boolean isKindOf(Section target) {
    // As all that is chosen from a list may be spelt.
    return target
        .optionalText("kind")
        .map(kind -> kind.replace('_', '-'))
        .filter(KIND::equals)
        .isPresent();
  }

  /**
   * Reads those of the section {@code targets} that are of this kind, in order of their names.
   *
   * @param defaults what a target has that does not say otherwise
   */
  public static List<LifetimeSettings> all(
      Section targets, Section defaults, FeatureSettings features) {
    return List.copyOf(
        targets
            .each(
                (name, target) -> {
                  if (isKindOf(target)) {
                    return from(name, target.withDefaults(defaults), features);
                  }
                  target.ignoreRest();
                  return null;
                })
            .values());
  }

  private static LifetimeSettings from(String name, Section target, FeatureSettings features) {
    return new LifetimeSettings(
        name,
        target.choice("of", Figure.class),
        target.days("horizon"),
        target.decimal("discount-rate", 0, 1),
        TargetSettings.over(target, "population", features),
        target.choice("model", Model.class),
        target.days("holdout"),
        target.days("refit"),
        target.integer("least-repeat-buyers", 1),
        target.choice("on-refusal", OnRefusal.class));
  }

  /** Returns a SHA-256 that differs where the target is declared otherwise. */
  String definition() {
    return SettingsFile.sha256(METHOD + " " + this);
  }
}
