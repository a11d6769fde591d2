package io.persegment.cleaning;

import static java.util.Map.entry;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Postcodes as the post of their country writes them. */
public final class Postcodes {
  private static final int LONGEST = 20;

  /**
   * What a code looks like without spaces and hyphens, and how it is written.
   *
   * @param digits how many there are where a code is a number, else 0
   * @param least how few may be left of them where leading zeros were lost
   */
  private record Shape(Pattern shape, String written, int digits, int least) {}

  private static final Map<String, Shape> SHAPES =
      Map.ofEntries(
          digits("AT", 4, 4),
          digits("AU", 4, 3),
          digits("BE", 4, 4),
          digits("BG", 4, 4),
          entry("BR", shape("(\\d{5})(\\d{3})", "$1-$2")),
          entry("CA", shape("([A-Z]\\d[A-Z])(\\d[A-Z]\\d)", "$1 $2")),
          digits("CH", 4, 4),
          digits("CN", 6, 6),
          digits("CY", 4, 4),
          entry("CZ", shape("(\\d{3})(\\d{2})", "$1 $2")),
          digits("DE", 5, 4),
          digits("DK", 4, 4),
          digits("EE", 5, 5),
          digits("ES", 5, 4),
          digits("FI", 5, 3),
          digits("FR", 5, 4),
          entry("GB", shape("([A-Z]{1,2}\\d[A-Z\\d]?)(\\d[A-Z]{2})", "$1 $2")),
          entry("GR", shape("(\\d{3})(\\d{2})", "$1 $2")),
          digits("HR", 5, 5),
          digits("HU", 4, 4),
          entry("IE", shape("([A-Z]\\d[\\dW])([A-Z\\d]{4})", "$1 $2")),
          digits("IN", 6, 6),
          digits("IS", 3, 3),
          digits("IT", 5, 3),
          entry("JP", shape("(\\d{3})(\\d{4})", "$1-$2")),
          digits("KR", 5, 4),
          digits("LI", 4, 4),
          entry("LT", shape("(?:LT)?(\\d{5})", "LT-$1")),
          digits("LU", 4, 4),
          entry("LV", shape("(?:LV)?(\\d{4})", "LV-$1")),
          entry("MT", shape("([A-Z]{3})(\\d{4})", "$1 $2")),
          digits("MX", 5, 4),
          entry("NL", shape("([1-9]\\d{3})([A-Z]{2})", "$1 $2")),
          digits("NO", 4, 3),
          digits("NZ", 4, 3),
          entry("PL", shape("(\\d{2})(\\d{3})", "$1-$2")),
          entry("PT", shape("(\\d{4})(\\d{3})", "$1-$2")),
          digits("RO", 6, 5),
          digits("RU", 6, 6),
          entry("SE", shape("(\\d{3})(\\d{2})", "$1 $2")),
          digits("SG", 6, 5),
          digits("SI", 4, 4),
          entry("SK", shape("(\\d{3})(\\d{2})", "$1 $2")),
          digits("TR", 5, 4),
          digits("UA", 5, 4),
          entry("US", new Shape(Pattern.compile("(\\d{5})(\\d{4})?"), "$1-$2", 5, 3)),
          digits("ZA", 4, 3));

  private static final UserDefinedFunction WRITTEN =
      udf((UDF2<String, String, String>) Postcodes::written, DataTypes.StringType);

  private static final Remembered<Sent> KNOWN = new Remembered<>(Postcodes::make);

  private record Sent(String code, String country) {}

  private Postcodes() {}

  /**
   * Returns the code in its country's usual form; as it is where it has not its shape. Idempotent.
   *
   * @param country as {@link Countries} has it
   * @param otherwise the country where that of the row is null
   */
  public static Column normalised(Column code, Column country, Optional<String> otherwise) {
    Column known = coalesce(country, lit(otherwise.orElse(null)));
    return WRITTEN.apply(Nothing.orText(code), known.cast("string"));
  }

  private static String written(String code, String country) {
    boolean hasShape =
        code != null && country != null && code.length() <= LONGEST && SHAPES.containsKey(country);
    return hasShape ? KNOWN.of(new Sent(code, country)) : code;
  }

  private static String make(Sent sent) {
    Shape shape = SHAPES.get(sent.country());
    String bare =
        sent.code()
            .toUpperCase(Locale.ROOT)
            .replaceFirst("\\.0$", "")
            .replaceAll("[\\s\\u00A0-]+", "");
    String whole = filled(bare, shape);
    Matcher matcher = shape.shape().matcher(whole);
    if (matcher.matches()) {
      return matcher.replaceFirst(shape.written()).replaceFirst("-$", "");
    }
    // D-10115, as it was written in Europe.
    String local = whole.replaceFirst("^[A-Z]{1,3}(?=\\d+$)", "");
    Matcher second = shape.shape().matcher(local);
    return second.matches()
        ? second.replaceFirst(shape.written()).replaceFirst("-$", "")
        : sent.code();
  }

  private static String filled(String code, Shape shape) {
    int lost = shape.digits() - code.length();
    return lost > 0 && code.length() >= shape.least() && code.matches("\\d+")
        ? "0".repeat(lost) + code
        : code;
  }

  private static Map.Entry<String, Shape> digits(String country, int count, int least) {
    return entry(country, new Shape(Pattern.compile("\\d{" + count + "}"), "$0", count, least));
  }

  private static Shape shape(String regex, String written) {
    return new Shape(Pattern.compile(regex), written, 0, 0);
  }
}
