package io.persegment.cleaning;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Phone numbers in the one form that identity compares: E.164, such as +4520123456. */
public final class Phones {
  /** Spark has nothing that knows the numbering plans of countries; libphonenumber does. */
  private static final UserDefinedFunction E164 =
      udf((UDF2<String, String, String>) Phones::e164, DataTypes.StringType);

  private Phones() {}

  /**
   * Returns the number in E.164 form, or null where it cannot be one.
   *
   * @param country ISO 3166, two letters, of numbers without an international prefix; anything else
   *     counts as not known
   * @param otherwise the country where that of the row is not known
   */
  public static Column normalised(Column number, Column country, Optional<String> otherwise) {
    Column known = upper(country);
    Column region = when(known.rlike("^[A-Z]{2}$"), known).otherwise(lit(otherwise.orElse(null)));
    return E164.apply(number.cast("string"), region.cast("string"));
  }

  private static String e164(String number, String region) {
    if (number == null || number.isBlank()) {
      return null;
    }
    PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    try {
      PhoneNumber parsed = plans.parse(number, region);
      return plans.isPossibleNumber(parsed) ? plans.format(parsed, PhoneNumberFormat.E164) : null;
    } catch (NumberParseException e) {
      return null; // no number; the caller counts how many were not usable
    }
  }
}
