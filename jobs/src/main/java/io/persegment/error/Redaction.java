package io.persegment.error;

import java.util.regex.Pattern;

/** Takes out of a foreign message what may be somebody's: Spark quotes values of rows in some. */
public final class Redaction {
  private static final Pattern EMAIL = Pattern.compile("[^\\s'\"<>,;:=(\\[]+@[^\\s'\"<>,;:=)\\]]+");
  private static final Pattern NUMBER = Pattern.compile("\\+?\\d[\\d ()/-]{6,}\\d");
  private static final Pattern QUOTED = Pattern.compile("'[^'\\n]*'|\"[^\"\\n]*\"");
  private static final int LONGEST = 1_000;

  private Redaction() {}

  /** Returns {@code message} without e-mail addresses, long numbers and quoted values. */
  public static String of(String message) {
    if (message == null) {
      return "";
    }
    String plain = QUOTED.matcher(message).replaceAll("'...'");
    plain = EMAIL.matcher(plain).replaceAll("<e-mail>");
    plain = NUMBER.matcher(plain).replaceAll("<number>");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + " ..." : plain;
  }
}
