package io.persegment.features;

import java.math.BigDecimal;
import java.util.List;

/**
 * What stands where the value of a feature is not known.
 *
 * @param constant of {@link Kind#CONSTANT} the value
 * @param by of {@link Kind#GUESS} the columns by which it is guessed: numbers that are never null
 */
record Missing(Kind kind, double constant, List<String> by) {
  enum Kind {
    CONSTANT,
    /** The median of the customers of the same as-of date of whom it is known. */
    MEDIAN,
    /** A linear function of other columns, learnt from those customers; else the median. */
    GUESS
  }

  static final Missing MEDIAN = new Missing(Kind.MEDIAN, 0, List.of());

  Missing {
    by = List.copyOf(by);
  }

  static Missing constant(double value) {
    return new Missing(Kind.CONSTANT, value, List.of());
  }

  static Missing guess(List<String> by) {
    return new Missing(Kind.GUESS, 0, by);
  }

  String inWords() {
    return switch (kind) {
      case CONSTANT -> BigDecimal.valueOf(constant).stripTrailingZeros().toPlainString();
      case MEDIAN -> "the median";
      case GUESS -> "a guess by %s, or the median".formatted(String.join(", ", by));
    };
  }
}
