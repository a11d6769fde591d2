package io.persegment.matching;

/**
 * Which letters a text has at all, as the bits of a number; letters that are 64 apart share one.
 */
final class Letters {
  private Letters() {}

  static long of(String text, int length) {
    long letters = 0;
    for (int at = 0; at < length; at++) {
      letters |= 1L << text.charAt(at);
    }
    return letters;
  }

  /** Returns how many letters of the text are among those, or may be: never too few. */
  static int among(long letters, String text, int length) {
    int among = 0;
    for (int at = 0; at < length; at++) {
      among += (int) ((letters >>> text.charAt(at)) & 1);
    }
    return among;
  }
}
