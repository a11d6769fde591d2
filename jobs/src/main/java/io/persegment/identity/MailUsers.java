package io.persegment.identity;

/**
 * What stands before the @ of an e-mail, which many people keep when they change their provider.
 * Less than three letters or digits are too few to tell anybody, as in {@code me@example.com}.
 */
final class MailUsers {
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
