package io.persegment.identity;

import java.util.Locale;

/** In what respect two values are compared, and what number says how close they must be. */
enum LevelForm {
  /** The same text. */
  EXACT,
  /** {@link JaroWinkler} similarity. */
  JARO_WINKLER(Bound.SHARE, "0.92"),
  /** {@link Edits} that make one of the other. */
  DAMERAU_LEVENSHTEIN(Bound.COUNT, "1"),
  /** Distinct words they share, of all they have: the index of Jaccard. */
  TOKEN_OVERLAP(Bound.SHARE, "0.5"),
  /** One is the first letter of the other. */
  INITIAL,
  /** A short form or another spelling, as {@link Nicknames} has them. */
  NICKNAME,
  /** One begins or ends with the words of the other. */
  CONTAINS,
  /** All digits but one, or but two neighbours that are swapped. */
  ONE_DIGIT,
  /** The same date once day and month are swapped. */
  DAY_MONTH,
  /** The same day of the year, whatever the year. */
  SAME_DAY_MONTH,
  /** The same year. */
  SAME_YEAR,
  /** Years between two dates. */
  YEARS_APART(Bound.COUNT, "10"),
  /** Days between two dates. */
  DAYS_APART(Bound.COUNT, "3"),
  /** Two of year, month and day. */
  TWO_PARTS,
  /** One of year, month and day. */
  ONE_PART,
  /** The same before the @ of an e-mail. */
  SAME_USER,
  /** {@link JaroWinkler} similarity of what stands before the @ of an e-mail. */
  SIMILAR_USER(Bound.SHARE, "0.9"),
  /** How far two numbers are apart. */
  DIFFERENCE(Bound.AMOUNT, "5"),
  /** How far two places are apart, each written {@code latitude,longitude} in degrees. */
  KILOMETRES(Bound.AMOUNT, "10");

  /** Which numbers a level may ask for. */
  enum Bound {
    NONE("", "no number"),
    SHARE(" >= ", "a number above 0 and up to 1"),
    COUNT(" <= ", "a whole number from 1"),
    AMOUNT(" <= ", "a number from 0");

    private final String sign;
    private final String rule;

    Bound(String sign, String rule) {
      this.sign = sign;
      this.rule = rule;
    }

    String sign() {
      return sign;
    }

    String rule() {
      return rule;
    }

    boolean allows(double number) {
      return switch (this) {
        case NONE -> false;
        case SHARE -> number > 0 && number <= 1;
        case COUNT -> number >= 1 && number <= MOST && number == Math.rint(number);
        case AMOUNT -> number >= 0 && number <= MOST;
      };
    }
  }

  private static final double MOST = 1_000_000_000;

  private final Bound bound;
  private final String example;

  LevelForm() {
    this(Bound.NONE, "");
  }

  LevelForm(Bound bound, String example) {
    this.bound = bound;
    this.example = example;
  }

  Bound bound() {
    return bound;
  }

  /** Returns the word it is written with. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns how it may be written. */
  String example() {
    return word() + bound.sign() + example;
  }
}
