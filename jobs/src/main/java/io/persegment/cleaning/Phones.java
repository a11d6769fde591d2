package io.persegment.cleaning;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Phone numbers in the one form that identity compares: E.164, such as +4520123456. */
public final class Phones {
  /** Spark has nothing that knows the numbering plans of countries; libphonenumber does. */
  private static final UserDefinedFunction E164 =
      udf((UDF2<String, String, String>) Phones::e164, DataTypes.StringType);

  /** What libphonenumber looks at. */
  private static final int LONGEST = 250;

  /** A number that a spreadsheet took for an amount: its last digits are lost. */
  private static final Pattern ROUNDED = Pattern.compile("[\\d.,\\s]+[eE]\\+?\\d+");

  private static final Remembered<Dialled> KNOWN = new Remembered<>(Phones::parse);

  /** A number as it was written, and where; the region is null where it is not known. */
  private record Dialled(String number, String region) {}

  private Phones() {}

  /**
   * Returns the number in E.164 form, or null where it cannot be one.
   *
   * @param country of numbers without an international prefix, as {@link Countries} has it;
   *     anything but two letters counts as not known
   * @param otherwise the country where that of the row is not known
   */
  public static Column normalised(Column number, Column country, Optional<String> otherwise) {
    Column region =
        when(country.rlike("^[A-Z]{2}$"), country).otherwise(lit(otherwise.orElse(null)));
    return E164.apply(number.cast("string"), region.cast("string"));
  }

  private static String e164(String number, String region) {
    return number == null || number.isBlank() || number.length() > LONGEST
        ? null
        : KNOWN.of(new Dialled(number.strip(), region));
  }

  private static String parse(Dialled dialled) {
    String number = dialled.number();
    if (ROUNDED.matcher(number).matches()) {
      return null;
    }
    String whole = number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
    String made = parse(whole, dialled.region());
    // 00 is dialled in most countries, and written by people of the others.
    return made == null && whole.startsWith("00") ? parse("+" + whole.substring(2), null) : made;
  }

  private static String parse(String number, String region) {
    PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    try {
      PhoneNumber parsed = plans.parse(number, region);
      return plans.isPossibleNumber(parsed) ? plans.format(parsed, PhoneNumberFormat.E164) : null;
    } catch (NumberParseException e) {
      return null; // no number; the caller counts how many were not usable
    }
  }
}
