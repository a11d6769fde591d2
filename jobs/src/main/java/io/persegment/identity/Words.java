package io.persegment.identity;

/** What two values of words split at blanks have in common. */
final class Words {
  private Words() {}

  /**
   * Returns whether they share so many of their distinct words: the index of Jaccard. Looks for
   * each word in the other value, as fits names and addresses, not pages of text.
   */
  static boolean overlap(String left, String right, double bound) {
    int ofLeft = 0;
    int common = 0;
    for (int at = next(left, 0); at < left.length(); at = next(left, end(left, at))) {
      if (isFirst(left, at)) {
        ofLeft++;
        common += has(right, right.length(), left, at) ? 1 : 0;
      }
    }
    int ofRight = 0;
    for (int at = next(right, 0); at < right.length(); at = next(right, end(right, at))) {
      ofRight += isFirst(right, at) ? 1 : 0;
    }
    return common > 0 && (double) common / (ofLeft + ofRight - common) >= bound;
  }

  /** Returns whether one is the first letter of the other. */
  static boolean initial(String left, String right) {
    String letter = left.length() < right.length() ? left : right;
    String name = left.length() < right.length() ? right : left;
    return !letter.isEmpty()
        && letter.length() == Character.charCount(letter.codePointAt(0))
        && name.startsWith(letter);
  }

  /** Returns whether one has the other as whole words at its beginning or end. */
  static boolean contain(String left, String right) {
    String shorter = left.length() < right.length() ? left : right;
    String longer = left.length() < right.length() ? right : left;
    int more = longer.length() - shorter.length();
    if (more == 0 || shorter.isEmpty()) {
      return left.equals(right);
    }
    return (longer.startsWith(shorter) && longer.charAt(shorter.length()) == ' ')
        || (longer.endsWith(shorter) && longer.charAt(more - 1) == ' ');
  }

  private static boolean isFirst(String text, int at) {
    return !has(text, at, text, at);
  }

  /**
   * Returns whether the word of {@code other} at that place is in the text before {@code limit}.
   */
  private static boolean has(String text, int limit, String other, int place) {
    int length = end(other, place) - place;
    for (int at = next(text, 0); at < limit; at = next(text, end(text, at))) {
      if (end(text, at) - at == length && text.regionMatches(at, other, place, length)) {
        return true;
      }
    }
    return false;
  }

  private static int next(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static int end(String text, int from) {
    int blank = text.indexOf(' ', from);
    return blank < 0 ? text.length() : blank;
  }
}
