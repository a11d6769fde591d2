package io.persegment.cli;

import io.persegment.scores.Foretold;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is foretold of a customer, for a person to read. */
final class ScoreWords {
  private ScoreWords() {}

  static String of(List<Foretold> scores) {
    return scores.isEmpty()
        ? "No scores%n".formatted()
        : scores.stream()
            .map(ScoreWords::of)
            .collect(
                Collectors.joining("", "Scores as of %s%n".formatted(scores.get(0).asOf()), ""));
  }

  private static String of(Foretold foretold) {
    return "  %s: %s, tenth %d of 10, by model %d%n%s"
        .formatted(
            foretold.target(),
            figure(foretold, foretold.score()),
            foretold.decile(),
            foretold.version(),
            foretold.contributions().isEmpty() ? reasons(foretold) : factors(foretold));
  }

  private static String reasons(Foretold foretold) {
    return foretold.reasons().stream().map("      %s%n"::formatted).collect(Collectors.joining());
  }

  private static String figure(Foretold foretold, double score) {
    return foretold.isAmount()
        ? String.format(Locale.ROOT, "%,.2f", score)
        : ExplanationWords.percent(score);
  }

  /**
   * The odds of the average customer, or their amount, times what each reason makes of them, are
   * the score's.
   */
  private static String factors(Foretold foretold) {
    List<Double> adds = foretold.contributions();
    int told = foretold.reasons().size();
    double average = Math.exp(adds.get(told + 1));
    var lines =
        new StringBuilder(
            "      the average customer %s, and %s%n"
                .formatted(
                    figure(foretold, foretold.isAmount() ? average : average / (1 + average)),
                    foretold.isAmount() ? "of that" : "of the odds"));
    for (int i = 0; i <= told; i++) {
      lines.append(
          String.format(
              Locale.ROOT,
              "      x %6.2f  %s%n",
              Math.exp(adds.get(i)),
              i < told ? foretold.reasons().get(i) : "all else that is known"));
    }
    return lines.toString();
  }
}
