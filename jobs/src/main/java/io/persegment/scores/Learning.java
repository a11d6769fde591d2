package io.persegment.scores;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import java.util.List;
import java.util.Locale;

/**
 * How models of a target are fitted.
 *
 * @param algorithms that are tried; the best out of time is taken
 * @param penalties strengths of regularisation to choose from, each at least 0
 * @param l1Share part of the penalty that takes features out rather than shrinking them, 0 to 1
 * @param depths of trees to choose from, each at least 1
 * @param rate by which each tree is shrunk, 0 to 1
 * @param mostTrees at least 1
 * @param rises columns with which the score may only rise
 * @param falls columns with which the score may only fall
 */
public record Learning(
    List<Algorithm> algorithms,
    List<Double> penalties,
    double l1Share,
    List<Integer> depths,
    double rate,
    int mostTrees,
    List<String> rises,
    List<String> falls) {
  public Learning {
    algorithms = List.copyOf(algorithms);
    penalties = List.copyOf(penalties);
    depths = List.copyOf(depths);
    rises = List.copyOf(rises);
    falls = List.copyOf(falls);
  }

  /** Returns whether the score may not go either way with any feature. */
  boolean isBounded() {
    return !rises.isEmpty() || !falls.isEmpty();
  }

  /** Returns the same with what comes nearest in the place of XGBoost. */
  Learning withoutXgboost() {
    Algorithm other = isBounded() ? Algorithm.LOGISTIC_REGRESSION : Algorithm.RANDOM_FOREST;
    return new Learning(
        algorithms.stream()
            .map(each -> each == Algorithm.XGBOOST ? other : each)
            .distinct()
            .toList(),
        penalties,
        l1Share,
        depths,
        rate,
        mostTrees,
        rises,
        falls);
  }

  /** How a model is made. */
  public enum Algorithm {
    LOGISTIC_REGRESSION,
    RANDOM_FOREST,
    XGBOOST;

    boolean growsTrees() {
      return this != LOGISTIC_REGRESSION;
    }

    /** Returns its name, as the settings and tables have it. */
    String inWords() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Reads it of a target whose features are {@code usable}. */
  static Learning of(Section target, FeatureSettings features, List<String> usable) {
    List<String> rises = features.matching(target, "rises-with");
    List<String> falls = features.matching(target, "falls-with");
    rises.stream()
        .filter(falls::contains)
        .forEach(
            both -> target.problem("falls-with", "names %s, as rises-with does".formatted(both)));
    for (String key : List.of("rises-with", "falls-with")) {
      features.matching(target, key).stream()
          .filter(each -> !usable.contains(each))
          .forEach(
              each -> target.problem(key, "names %s, which features does not".formatted(each)));
    }
    var learning =
        new Learning(
            target.choices("algorithms", Algorithm.class),
            penalties(target),
            target.decimal("l1-share", 0, 1),
            depths(target),
            target.decimal("learning-rate", 0.001, 1),
            target.integer("most-trees", 1),
            rises,
            falls);
    if (learning.isBounded() && learning.algorithms().contains(Algorithm.RANDOM_FOREST)) {
      target.problem(
          "algorithms", "names random-forest, which cannot keep to rises-with and falls-with");
    }
    return learning;
  }

  private static List<Integer> depths(Section target) {
    List<Double> depths = target.decimals("depths");
    if (depths.isEmpty()
        || depths.stream().anyMatch(each -> each < 1 || each > 12 || each % 1 != 0)) {
      target.problem("depths", "must be a list of whole numbers from 1 to 12, such as [3, 6]");
    }
    return depths.stream().map(Double::intValue).toList();
  }

  private static List<Double> penalties(Section target) {
    List<Double> penalties = target.decimals("penalties");
    if (penalties.isEmpty() || penalties.stream().anyMatch(each -> !(each >= 0))) {
      target.problem(
          "penalties", "must be a list of numbers, each at least 0, such as [0.1, 0.01]");
    }
    return penalties;
  }
}
