package io.persegment.cleaning;

import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Countries by their two letters of ISO 3166. */
public final class Countries {
  private static final Object[] CODES = Locale.getISOCountries();

  /** Spark does not know what countries are called; Java does. */
  private static final UserDefinedFunction NAMED =
      udf((UDF1<String, String>) Countries::named, DataTypes.StringType);

  /** What people write and Java does not. */
  private static final Map<String, String> MORE =
      Map.ofEntries(
          Map.entry("uk", "GB"),
          Map.entry("el", "GR"),
          Map.entry("great britain", "GB"),
          Map.entry("england", "GB"),
          Map.entry("scotland", "GB"),
          Map.entry("wales", "GB"),
          Map.entry("northern ireland", "GB"),
          Map.entry("u k", "GB"),
          Map.entry("u s", "US"),
          Map.entry("u s a", "US"),
          Map.entry("america", "US"),
          Map.entry("united states of america", "US"),
          Map.entry("the united states", "US"),
          Map.entry("the netherlands", "NL"),
          Map.entry("holland", "NL"),
          Map.entry("oesterreich", "AT"),
          Map.entry("czech republic", "CZ"),
          Map.entry("turkiye", "TR"),
          Map.entry("korea", "KR"),
          Map.entry("republic of ireland", "IE"),
          Map.entry("russian federation", "RU"));

  private static final int LONGEST = 100;

  private static final Remembered<String> NAMES =
      new Remembered<>(text -> Known.CODES.getOrDefault(folded(text), text));

  private Countries() {}

  /** Returns the two letters; the text as it is where it names no country. Idempotent. */
  public static Column normalised(Column text) {
    Column tidy = Nothing.orText(text);
    return when(tidy.isin(CODES), tidy).when(tidy.isNotNull(), NAMED.apply(tidy));
  }

  private static String named(String text) {
    boolean mayBeOne = text != null && text.length() <= LONGEST;
    return mayBeOne ? NAMES.of(text) : text;
  }

  private static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}]+", " ")
        .strip();
  }

  /** Loaded where it is first needed: by code, in English and in each country's own languages. */
  private static final class Known {
    static final Map<String, String> CODES = codes();

    private static Map<String, String> codes() {
      var codes = new HashMap<String, String>();
      for (Locale locale : Locale.getAvailableLocales()) {
        if (locale.getCountry().matches("[A-Z]{2}")) {
          codes.put(folded(locale.getDisplayCountry(locale)), locale.getCountry());
        }
      }
      for (String code : Locale.getISOCountries()) {
        Locale country = new Locale.Builder().setRegion(code).build();
        codes.put(folded(country.getDisplayCountry(Locale.ENGLISH)), code);
        codes.put(folded(country.getISO3Country()), code);
      }
      for (String code : Locale.getISOCountries()) {
        codes.put(folded(code), code);
      }
      codes.putAll(MORE);
      return codes;
    }
  }
}
