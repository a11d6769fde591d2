package io.persegment.demo;

/** Danish phone numbers, in the ways in which people type them. */
final class Phones {
  private Phones() {}

  /** Returns the eight digits as one person might type them. */
  static String typed(long number, Draw draw) {
    String digits = Long.toString(number);
    String pairs = String.join(" ", digits.split("(?<=\\G..)"));
    return switch (draw.index(.3, .2, .2, .15, .1, .05)) {
      case 0 -> "+45 " + pairs;
      case 1 -> digits;
      case 2 -> "+45" + digits;
      case 3 -> pairs;
      case 4 -> "0045" + digits;
      default -> "(+45) " + digits.substring(0, 4) + "-" + digits.substring(4);
    };
  }

  /** Returns the number as Klaviyo keeps all of them: E.164. */
  static String international(String typed) {
    String digits = typed.replaceAll("[^0-9]", "");
    return "+45" + digits.substring(digits.length() - 8);
  }

  /** Returns another number: one digit off, never the first. */
  static long slipped(long number, Draw draw) {
    int place = (int) Math.pow(10, draw.between(0, 6));
    long digit = number / place % 10;
    return number + ((digit + draw.between(1, 9)) % 10 - digit) * place;
  }
}
