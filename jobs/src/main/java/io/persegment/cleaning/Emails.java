package io.persegment.cleaning;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.validator.routines.DomainValidator;
import org.apache.commons.validator.routines.DomainValidator.ArrayType;
import org.apache.commons.validator.routines.EmailValidator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * E-mail addresses in the one form that identity compares: lower case, an international domain as
 * mail servers know it ({@code xn--...}).
 *
 * @param oneGmailMailbox whether {@code a.da+shop@googlemail.com} is {@code ada@gmail.com}
 * @param disposable domains of throw-away addresses, beside those that are known
 */
public record Emails(boolean oneGmailMailbox, List<String> disposable) {
  /** It cannot be an address. */
  public static final String INVALID = "invalid";

  /** Made to be thrown away: nobody will read it tomorrow. */
  public static final String DISPOSABLE = "disposable";

  /** Of an office, not of a person. */
  public static final String ROLE = "role";

  /** No address is longer: RFC 5321. */
  private static final int LONGEST = 254;

  /** What most addresses look like; whatever else there is, is left to the library. */
  private static final String PLAIN =
      "^(?=[^@]{1,64}@)[a-z0-9_]+(?:[.+-][a-z0-9_]+)*"
          + "@[a-z0-9]{1,60}(?:-[a-z0-9]{1,60})*(?:\\.[a-z0-9]{1,60}(?:-[a-z0-9]{1,60})*)*"
          + "\\.(?:com|net|org|de|dk|uk|fr|nl|se|no|fi|it|es|pt|pl|be|at|ch|ie|eu|us|ca|au|nz|edu|gov)$";

  private static final Object[] OFFICES = {
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "billing",
    "bogholderi",
    "buchhaltung",
    "contact",
    "customerservice",
    "do-not-reply",
    "donotreply",
    "einkauf",
    "enquiries",
    "faktura",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "invoice",
    "invoices",
    "jobs",
    "kontakt",
    "kundeservice",
    "kundenservice",
    "legal",
    "mail",
    "mailer-daemon",
    "marketing",
    "newsletter",
    "no-reply",
    "no_reply",
    "noreply",
    "office",
    "orders",
    "post",
    "postmaster",
    "press",
    "privacy",
    "rechnung",
    "root",
    "sales",
    "security",
    "service",
    "shop",
    "spam",
    "support",
    "team",
    "verkauf",
    "webmaster"
  };

  private static final List<String> THROW_AWAY = lines("disposable-domains.txt");

  /** Spark knows neither which domains there are, nor how international ones are written. */
  private static final UserDefinedFunction CHECKED =
      udf((UDF1<String, String>) Emails::checked, DataTypes.StringType);

  private static final Remembered<String> KNOWN = new Remembered<>(Emails::check);

  /** Returns the address, or null where it cannot be one. Idempotent. */
  public Column normalised(Column address) {
    Column tidy = lower(trim(address));
    Column plain =
        when(length(tidy).leq(LONGEST).and(tidy.rlike(PLAIN)), tidy)
            .when(tidy.isNotNull(), CHECKED.apply(tidy));
    return oneGmailMailbox ? mailbox(plain) : plain;
  }

  /**
   * Returns invalid, or what the source itself says, or else disposable, role or null.
   *
   * @param raw the address as it was sent
   * @param address the same, normalised
   * @param said what the source says of the address, null where nothing
   */
  public Column status(Column raw, Column address, Column said) {
    Column domain = substring_index(address, "@", -1);
    Object[] domains = Stream.concat(THROW_AWAY.stream(), disposable.stream()).toArray();
    Column isThrownAway = domain.isin(domains).or(substring_index(domain, ".", -2).isin(domains));
    Column office = substring_index(substring_index(address, "@", 1), "+", 1);
    return when(address.isNull().and(Nothing.isGiven(raw)), INVALID)
        .otherwise(
            coalesce(said, when(isThrownAway, DISPOSABLE).when(office.isin(OFFICES), lit(ROLE))));
  }

  private static Column mailbox(Column address) {
    Column own = translate(substring_index(substring_index(address, "@", 1), "+", 1), ".", "");
    Column isGmail = substring_index(address, "@", -1).isin("gmail.com", "googlemail.com");
    return when(isGmail.and(length(own).gt(0)), concat(own, lit("@gmail.com"))).otherwise(address);
  }

  private static String checked(String address) {
    return address == null || address.isEmpty() || address.length() > LONGEST
        ? null
        : KNOWN.of(address);
  }

  private static String check(String address) {
    String tidy = Normalizer.normalize(address, Normalizer.Form.NFC).strip();
    int at = tidy.lastIndexOf('@');
    if (at < 1) {
      return null;
    }
    try {
      String domain = IDN.toASCII(tidy.substring(at + 1)).toLowerCase(Locale.ROOT);
      String whole = tidy.substring(0, at + 1) + domain;
      return Validator.OF_PEOPLE.isValid(whole) ? whole : null;
    } catch (IllegalArgumentException e) {
      return null; // no domain; the status says so
    }
  }

  private static List<String> lines(String resource) {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Emails.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loaded where it is first needed: it brings a list of all top-level domains. */
  private static final class Validator {
    /** Also .example, which RFC 2606 keeps for made-up people such as those of a trial. */
    static final EmailValidator OF_PEOPLE =
        new EmailValidator(
            false,
            false,
            DomainValidator.getInstance(
                false,
                List.of(
                    new DomainValidator.Item(ArrayType.GENERIC_PLUS, new String[] {"example"}))));
  }
}
