package io.persegment.identity;

/** Numbers and places as text, and how far two of them are apart. */
final class Measures {
  /** Mean radius: Moritz, Geodetic Reference System 1980. */
  private static final double EARTH_RADIUS_KM = 6371.0088;

  /** So many digits, shifted by so many places, are exact in a double. */
  private static final int EXACT_DIGITS = 15;

  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private Measures() {}

  /** Returns whether two numbers differ by at most that, but for what a double cannot tell. */
  static boolean difference(String left, String right, double most) {
    double one = number(left, 0, left.length());
    double other = number(right, 0, right.length());
    double unsure = 2 * Math.ulp(Math.max(most, Math.max(Math.abs(one), Math.abs(other))));
    return Math.abs(one - other) <= most + unsure;
  }

  /** Returns whether the great circle between two places is at most that long. */
  static boolean kilometres(String left, String right, double most) {
    int comma = left.indexOf(',');
    int otherComma = right.indexOf(',');
    if (comma < 0 || otherComma < 0) {
      return false;
    }
    double latitude = degrees(left, 0, comma, 90);
    double otherLatitude = degrees(right, 0, otherComma, 90);
    double longitude = degrees(left, comma + 1, left.length(), 180);
    double otherLongitude = degrees(right, otherComma + 1, right.length(), 180);
    double northward = Math.abs(latitude - otherLatitude);
    return EARTH_RADIUS_KM * northward <= most + 1e-6 // shorter than the way itself
        && haversine(latitude, otherLatitude, Math.abs(longitude - otherLongitude)) <= most;
  }

  private static double haversine(double latitude, double otherLatitude, double eastward) {
    double north = Math.sin((latitude - otherLatitude) / 2);
    double east = Math.sin(eastward / 2);
    double square = north * north + Math.cos(latitude) * Math.cos(otherLatitude) * (east * east);
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(square)));
  }

  /** Returns radians, or not a number. */
  private static double degrees(String text, int from, int to, int most) {
    double degrees = number(text, from, to);
    return Math.abs(degrees) <= most ? Math.toRadians(degrees) : Double.NaN;
  }

  /** Returns the number written there, such as -12.50, or not a number. */
  static double number(String text, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && text.charAt(start) == ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    boolean signed = start < end && (text.charAt(start) == '-' || text.charAt(start) == '+');
    double size = unsigned(text, signed ? start + 1 : start, end);
    return signed && text.charAt(start) == '-' ? -size : size;
  }

  private static double unsigned(String text, int from, int to) {
    long digits = 0;
    int count = 0;
    int point = -1;
    for (int at = from; at < to; at++) {
      char letter = text.charAt(at);
      if (letter == '.' && point < 0) {
        point = at;
      } else if (letter >= '0' && letter <= '9') {
        digits = digits * 10 + (letter - '0');
        count++;
      } else {
        return isExponent(letter) && count > 0 ? parsed(text, from, to) : Double.NaN;
      }
    }
    if (count == 0) {
      return Double.NaN;
    }
    if (count > EXACT_DIGITS) {
      return parsed(text, from, to);
    }
    return point < 0 ? digits : digits / TENS[to - point - 1];
  }

  private static boolean isExponent(char letter) {
    return letter == 'e' || letter == 'E';
  }

  /** What is rare is left to Java. */
  private static double parsed(String text, int from, int to) {
    try {
      double number = Double.parseDouble(text.substring(from, to));
      return Double.isInfinite(number) ? Double.NaN : number;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
