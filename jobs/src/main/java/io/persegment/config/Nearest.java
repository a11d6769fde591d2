package io.persegment.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what somebody meant who wrote a name that does not exist. */
public final class Nearest {
  private Nearest() {}

  /**
   * Returns the name that differs least from {@code written}, if any is near enough to be meant.
   */
  public static Optional<String> to(String written, Collection<String> names) {
    int most = Math.max(2, written.length() / 3);
    return new TreeSet<>(names)
        .stream()
            .filter(name -> distance(written, name) <= most)
            .min(Comparator.comparingInt(name -> distance(written, name)));
  }

  /**
   * Returns what to add to "there is no ...": the nearest name where there is one, else them all.
   */
  public static String hint(String written, Collection<String> names) {
    return to(written, names)
        .map(name -> "did you mean %s?".formatted(name))
        .orElseGet(
            () ->
                names.isEmpty()
                    ? "there are none"
                    : "there are: " + String.join(", ", new TreeSet<>(names)));
  }

  private static int distance(String left, String right) {
    return LevenshteinDistance.getDefaultInstance().apply(plain(left), plain(right));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
