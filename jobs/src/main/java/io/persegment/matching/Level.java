package io.persegment.matching;

import io.persegment.config.Nearest;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How close two values of one column must be, such as {@code jaro-winkler >= 0.92}. Equal values
 * that can be read hold on every level but {@code initial}, so that what follows {@link
 * LevelForm#EXACT} in a list also takes two spellings of the same.
 *
 * @param form in what respect they are compared
 * @param bound the number the form asks for; 0 where it asks for none
 */
record Level(LevelForm form, double bound) implements Serializable {
  private static final Pattern WRITTEN =
      Pattern.compile("(?<word>[a-z_ -]*[a-z])(?:(?<sign>[^a-z0-9.]+)(?<number>[0-9.]+))?");

  /** Of a word, so many letters say which is meant. */
  private static final int LEAST_PART = 4;

  private record Parts(String word, String sign, Optional<BigDecimal> number) {
    static Parts of(String written) {
      Matcher parts = WRITTEN.matcher(written.strip().toLowerCase(Locale.ROOT));
      if (!parts.matches()) {
        return new Parts(written, "", Optional.empty());
      }
      String sign = parts.group("sign") == null ? "" : parts.group("sign").strip();
      return new Parts(parts.group("word"), sign, number(parts.group("number")));
    }

    private static Optional<BigDecimal> number(String digits) {
      try {
        return digits == null ? Optional.empty() : Optional.of(new BigDecimal(digits));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Reads a level.
   *
   * @throws IllegalArgumentException where it is none: a sentence with the nearest that is one, or
   *     with them all
   */
  static Level parse(String written) {
    Parts parts = Parts.of(written);
    LevelForm form = nearest(parts.word()).orElseThrow(() -> none(written));
    double bound = parts.number().map(BigDecimal::doubleValue).orElse(0.0);
    boolean asks = form.bound() != LevelForm.Bound.NONE;
    boolean fits = asks ? form.bound().allows(bound) : parts.number().isEmpty();
    boolean spelled =
        parts.word().equals(form.word()) && parts.sign().equals(form.bound().sign().strip());
    if (spelled && fits) {
      return new Level(form, bound);
    }
    String shown = written.strip();
    if (spelled && asks && parts.number().isPresent()) {
      throw new IllegalArgumentException(
          "\"%s\" is no level: %s asks for %s, as in %s"
              .formatted(shown, form.word(), form.bound().rule(), form.example()));
    }
    String meant = asks && fits ? new Level(form, bound).written() : form.example();
    throw new IllegalArgumentException(
        "\"%s\" is no level; did you mean %s?".formatted(shown, meant));
  }

  private static Optional<LevelForm> nearest(String word) {
    return Stream.of(LevelForm.values())
        .filter(form -> isNear(word, form.word()))
        .max(Comparator.comparingDouble(form -> JaroWinkler.of(word, form.word())));
  }

  /** Returns whether the one may be meant by the other: a slip, or a part such as levenshtein. */
  private static boolean isNear(String word, String meant) {
    boolean isPart = word.length() >= LEAST_PART && meant.contains(word);
    return isPart || word.contains(meant) || Nearest.to(word, List.of(meant)).isPresent();
  }

  private static IllegalArgumentException none(String written) {
    return new IllegalArgumentException(
        "\"%s\" is no level; there are: %s"
            .formatted(
                written.strip(),
                Stream.of(LevelForm.values())
                    .map(LevelForm::example)
                    .collect(Collectors.joining(", "))));
  }

  /**
   * Returns whether two values are as close as that. The same for either order; false where it
   * compares dates, numbers, places or addresses and one of them cannot be read.
   */
  boolean holds(String left, String right) {
    return switch (form) {
      case EXACT -> left.equals(right);
      case JARO_WINKLER -> JaroWinkler.atLeast(left, right, bound);
      case DAMERAU_LEVENSHTEIN -> Edits.within(left, right, (int) bound);
      case TOKEN_OVERLAP -> Words.overlap(left, right, bound);
      case INITIAL -> Words.initial(left, right);
      case NICKNAME -> Nicknames.shared().agree(left, right);
      case CONTAINS -> Words.contain(left, right);
      case ONE_DIGIT -> WrittenDates.oneDigit(left, right);
      case DAY_MONTH -> WrittenDates.dayMonth(left, right);
      case SAME_DAY_MONTH -> WrittenDates.sameDayMonth(left, right);
      case SAME_YEAR -> WrittenDates.sameYear(left, right);
      case YEARS_APART -> WrittenDates.yearsApart(left, right, (int) bound);
      case DAYS_APART -> WrittenDates.daysApart(left, right, (int) bound);
      case TWO_PARTS -> WrittenDates.sameParts(left, right, 2);
      case ONE_PART -> WrittenDates.sameParts(left, right, 1);
      case SAME_USER -> MailUsers.same(left, right);
      case SIMILAR_USER -> MailUsers.similar(left, right, bound);
      case DIFFERENCE -> Measures.difference(left, right, bound);
      case KILOMETRES -> Measures.kilometres(left, right, bound);
    };
  }

  /** Returns whether it tells people apart by what stands before the @ of an e-mail. */
  boolean isOfUser() {
    return form == LevelForm.SAME_USER || form == LevelForm.SIMILAR_USER;
  }

  /** Returns how it is written; {@link #parse} reads it. */
  String written() {
    if (form.bound() == LevelForm.Bound.NONE) {
      return form.word();
    }
    String number = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    return form.word() + form.bound().sign() + number;
  }
}
