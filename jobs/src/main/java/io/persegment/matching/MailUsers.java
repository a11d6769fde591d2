package io.persegment.matching;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What stands before the @ of an e-mail, which many people keep when they change their provider.
 * Less than three letters or digits are too few to tell anybody, as in {@code me@example.com}.
 */
final class MailUsers {
  /** Letters and digits that a user must have beside the person's names to be somebody's own. */
  private static final int LEAST_OWN = 2;

  private static final int LEAST = 3;

  private MailUsers() {}

  static boolean same(String left, String right) {
    int length = length(left);
    return length > 0 && length == length(right) && left.regionMatches(0, right, 0, length);
  }

  /** Returns whether the {@link JaroWinkler} similarity is at least the bound. */
  static boolean similar(String left, String right, double bound) {
    int ofLeft = length(left);
    int ofRight = length(right);
    return ofLeft > 0 && ofRight > 0 && JaroWinkler.atLeast(left, ofLeft, right, ofRight, bound);
  }

  /**
   * Returns whether next to nothing is left of the user once the words of the person's names are
   * taken away, or the first letters of those that are not in it.
   *
   * @param names in plain text; null for one that is not known
   */
  static boolean isMadeOf(String address, List<String> names) {
    StringBuilder rest = lettersAndDigits(address);
    List<String> words =
        names.stream()
            .filter(Objects::nonNull)
            .flatMap(name -> Stream.of(name.split(" ")))
            .sorted(Comparator.comparingInt(String::length).reversed()) // Johnson before John
            .toList();
    List<String> missing = words.stream().filter(word -> !remove(rest, word)).toList();
    missing.forEach(word -> remove(rest, word.substring(0, 1)));
    return rest.length() < LEAST_OWN;
  }

  private static StringBuilder lettersAndDigits(String address) {
    int end = address.lastIndexOf('@');
    var user = new StringBuilder();
    for (int at = 0; at < end; at++) {
      char letter = address.charAt(at);
      if (Character.isLetterOrDigit(letter)) {
        user.append(letter);
      }
    }
    return user;
  }

  private static boolean remove(StringBuilder from, String text) {
    int at = from.indexOf(text);
    if (at >= 0) {
      from.delete(at, at + text.length());
    }
    return at >= 0;
  }

  /** Returns how long the part is; 0 where there is none that tells anybody. */
  private static int length(String address) {
    int end = address.lastIndexOf('@');
    int letters = 0;
    for (int at = 0; at < end && letters < LEAST; at++) {
      letters += Character.isLetterOrDigit(address.charAt(at)) ? 1 : 0;
    }
    return letters < LEAST ? 0 : end;
  }
}
