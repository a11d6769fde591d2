package io.persegment.cleaning;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;

/** Numbers, and yes and no, as people and spreadsheets write them. */
public final class Numbers {
  /** No amount is longer, whatever stands around it. */
  private static final int LONGEST = 60;

  private static final String CURRENCY =
      "(?:[a-z]{0,2}\\p{Sc}|EUR|USD|GBP|DKK|SEK|NOK|ISK|CHF|PLN|CZK|HUF|RON|BGN|JPY|CNY|AUD|CAD"
          + "|NZD|INR|BRL|MXN|TRY|ZAR|kr\\.?|fr\\.|zł|Kč|Ft|lei)";

  /** A currency before or after the amount; a sign or bracket outside of it stays. */
  private static final String WITH_CURRENCY =
      "(?i)^([-+(]?) ?%s ?|(?<=[\\d.,-]) ?%s ?([-)]?)$".formatted(CURRENCY, CURRENCY);

  /** Whole amounts as in 90,- of which the line stands for no pence. */
  private static final String NO_PENCE = "(?<=\\d)[.,]-+$";

  /** Of an exponent: 1e-999999999 would have Spark reckon with a number of as many digits. */
  private static final String FEW_DIGITS = "[eE][-+]?[0-9]{1,2}\\s*$";

  private static final Object[] YES = {"ja", "j", "on", "x", "oui", "si", "sí", "sim", "tak"};
  private static final Object[] NO = {"nein", "nej", "nee", "off", "non", "não", "nie"};

  private Numbers() {}

  /**
   * Returns the number, or null where the text is none. A sign of its currency and thousands
   * separators may be there; a bracket around it, or a minus behind it, makes it negative. A share
   * in percent is none.
   *
   * @param decimalComma whether 1.234,50 is written, not 1,234.50
   */
  public static Column parsed(Column text, DataType type, boolean decimalComma) {
    Column plain = when(not(hasExponent(text)).or(text.rlike(FEW_DIGITS)), text.cast(type));
    Column atOnce = decimalComma ? when(not(text.contains(".")), plain) : plain;
    return coalesce(atOnce, when(length(text).leq(LONGEST), spelled(text, type, decimalComma)));
  }

  /** Returns yes or no, in the languages of most shops; null where the text is neither. */
  public static Column yesOrNo(Column text, DataType type) {
    Column word = lower(trim(text));
    return coalesce(
        text.cast(type),
        when(word.isin(YES), true).when(word.isin(NO), false),
        when(word.rlike("^[01]\\.0+$"), word.startsWith("1")));
  }

  private static Column hasExponent(Column text) {
    return text.contains("e").or(text.contains("E"));
  }

  private static Column spelled(Column text, DataType type, boolean decimalComma) {
    Column plain =
        trim(translate(text, "\u00A0\u202F\u2009\u2007\t\r\n\u2212\u2013\u2019", "       --'"));
    Column bare = regexp_replace(plain, WITH_CURRENCY, "$1$2");
    Column amount = trim(regexp_replace(bare, NO_PENCE, ""));
    String point = decimalComma ? "," : "\\.";
    String between = decimalComma ? "[.' ]" : "[,' ]";
    String number =
        "(?:(?:\\d{1,3}(?:%s\\d{2,3})*%s\\d{3}|\\d+)(?:%s\\d*)?|%s\\d+)"
            .formatted(between, between, point, point);
    String shape = "^(?:[-+]? ?%s|\\( ?%s ?\\)|%s ?-)$".formatted(number, number, number);
    Column digits =
        decimalComma ? translate(amount, ",.' +-()", ".") : translate(amount, ",' +-()", "");
    Column value = digits.cast(type);
    Column signed = when(amount.rlike("^[-(]|-$"), negate(value)).otherwise(value);
    return when(amount.rlike(shape), signed);
  }
}
