package io.persegment.segments;

import io.persegment.features.Wording;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;

/** Makes names of what sets clusters apart, in the words of the features. */
final class ClusterNames {
  private static final int MOST_FEATURES = 3;

  /** A centre nearer to the mean than this, in standard deviations, does not stand out. */
  private static final double LEAST_STRENGTH = 0.25;

  private final List<Wording> wordings;

  /**
   * @param wordings of the features that the clusters were found in, in order
   */
  ClusterNames(List<Wording> wordings) {
    this.wordings = List.copyOf(wordings);
  }

  /** Returns the name of a cluster by its {@link Preparation#strengths}; others may have it too. */
  String name(Vector strengths) {
    List<Integer> telling = telling(strengths);
    if (telling.isEmpty()) {
      return "Near the average";
    }
    return withFirst(
        telling.stream().map(i -> words(i, strengths)).collect(Collectors.joining(", ")),
        Character::toUpperCase);
  }

  /**
   * Returns how far a cluster goes in what it is named by; of two with one name, the one that goes
   * further is told by "very".
   */
  double strength(Vector strengths) {
    return telling(strengths).stream().mapToDouble(i -> Math.abs(rounded(strengths, i))).sum();
  }

  /**
   * Returns the name with an adverb: very high spend, mostly Lounging; the plain one of a cluster
   * that nothing sets apart.
   */
  String more(Vector strengths) {
    String name = name(strengths);
    List<Integer> telling = telling(strengths);
    if (telling.isEmpty()) {
      return name;
    }
    boolean ofShares = telling.stream().allMatch(i -> wordings.get(i).share());
    return ofShares ? "Mostly " + name : "Very " + withFirst(name, Character::toLowerCase);
  }

  /**
   * Returns the features to name a cluster by, the strongest first: those at least half as strong
   * as it. Of a whole that is divided, what a cluster has little of goes without saying.
   */
  private List<Integer> telling(Vector strengths) {
    List<Integer> strong =
        IntStream.range(0, strengths.size())
            .boxed()
            .filter(i -> Math.abs(rounded(strengths, i)) >= LEAST_STRENGTH)
            .sorted(Comparator.comparing(i -> -Math.abs(rounded(strengths, i))))
            .toList();
    List<Integer> said =
        strong.stream().filter(i -> !wordings.get(i).share() || strengths.apply(i) > 0).toList();
    List<Integer> all = said.isEmpty() ? strong : said;
    return all.stream()
        .filter(
            i -> Math.abs(rounded(strengths, i)) >= Math.abs(rounded(strengths, all.get(0))) / 2)
        .limit(MOST_FEATURES)
        .toList();
  }

  /** So that the last digits, which depend on how the data lies, decide nothing. */
  private static double rounded(Vector strengths, int i) {
    return Math.round(strengths.apply(i) * 1e6) / 1e6;
  }

  private String words(int i, Vector strengths) {
    Wording wording = wordings.get(i);
    return strengths.apply(i) > 0 ? wording.much() : wording.little();
  }

  private static String withFirst(String text, IntUnaryOperator change) {
    int first = change.applyAsInt(text.charAt(0));
    return Character.toString(first) + text.substring(1);
  }
}
