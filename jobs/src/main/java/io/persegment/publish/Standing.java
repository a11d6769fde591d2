package io.persegment.publish;

import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which words still stand. For an address the latest counts, of two at once the refusal; for a
 * customer the most restrictive of their addresses.
 */
final class Standing {
  static final Field BOUNCED =
      Field.required("bounced", BooleanType, "The address in customers ever bounced hard");
  static final Field COMPLAINED =
      Field.required("complained", BooleanType, "Complained, without a consent since");
  static final Field UNSUBSCRIBED =
      Field.required("unsubscribed", BooleanType, "Unsubscribed, without a consent since");
  static final Field WITHDRAWN =
      Field.required("withdrawn", BooleanType, "Some address withdrew, without a consent since");
  static final Field GRANTED =
      Field.required("granted", BooleanType, "Some address consented, and did not withdraw since");

  static final Field SUPPRESSED =
      Field.required("suppressed", BooleanType, "Some address is on a list of suppressions");
  static final Field NO_PROFILING =
      Field.required(
          "no_profiling", BooleanType, "Some address refused profiling, and not granted it since");
  static final Field NO_OFFERS =
      Field.required(
          "no_offers", BooleanType, "Some address opted out of offers, and not in since");

  private Standing() {}

  /**
   * Returns {@link #of} all that was said up to now, in the lake and in files of suppressions.
   *
   * @param addresses as {@link Addresses#in} has them
   */
  static Dataset<Row> now(Lake lake, Dataset<Row> addresses, List<String> suppressions) {
    Dataset<Row> contacts = lake.readOrEmpty(Contacts.TABLE);
    Dataset<Row> words =
        Words.of(lake.readOrEmpty(Consents.TABLE), lake.readOrEmpty(EmailEvents.TABLE), contacts)
            .unionByName(Suppressions.words(lake.spark(), addresses, suppressions));
    return of(words, addresses);
  }

  /** Returns whether a customer said no to e-mails in any way, of rows of {@link #of}. */
  static Column refused() {
    return SUPPRESSED
        .col()
        .or(BOUNCED.col())
        .or(COMPLAINED.col())
        .or(UNSUBSCRIBED.col())
        .or(WITHDRAWN.col());
  }

  /** Returns one row a customer under whose addresses anything was said. */
  static Dataset<Row> of(Dataset<Row> words, Dataset<Row> addresses) {
    return addresses
        .join(latest(words), Addresses.ADDRESS.name())
        .groupBy(Addresses.CUSTOMER_ID.col())
        .agg(
            max(Addresses.MAILED.col().and(at(Words.BOUNCED).col().isNotNull())).as(BOUNCED.name()),
            max(stands(Words.COMPLAINED, Words.GRANTED)).as(COMPLAINED.name()),
            max(stands(Words.UNSUBSCRIBED, Words.GRANTED)).as(UNSUBSCRIBED.name()),
            max(stands(Words.WITHDRAWN, Words.GRANTED)).as(WITHDRAWN.name()),
            max(at(Words.GRANTED)
                    .col()
                    .isNotNull()
                    .and(not(stands(Words.WITHDRAWN, Words.GRANTED))))
                .as(GRANTED.name()),
            max(at(Words.SUPPRESSED).col().isNotNull()).as(SUPPRESSED.name()),
            max(stands(Words.PROFILING_WITHDRAWN, Words.PROFILING_GRANTED)).as(NO_PROFILING.name()),
            max(stands(Words.OFFERS_WITHDRAWN, Words.OFFERS_GRANTED)).as(NO_OFFERS.name()));
  }

  /** Returns one row an address, with the last time of each kind of word. */
  private static Dataset<Row> latest(Dataset<Row> words) {
    return words
        .groupBy(Words.ADDRESS.col())
        .agg(
            last(Words.GRANTED),
            last(Words.WITHDRAWN),
            last(Words.BOUNCED),
            last(Words.COMPLAINED),
            last(Words.UNSUBSCRIBED),
            last(Words.SUPPRESSED),
            last(Words.PROFILING_GRANTED),
            last(Words.PROFILING_WITHDRAWN),
            last(Words.OFFERS_GRANTED),
            last(Words.OFFERS_WITHDRAWN));
  }

  private static Column last(String kind) {
    return max(when(Words.KIND.col().equalTo(kind), Words.SAID_AT.col())).as(at(kind).name());
  }

  /** Returns whether the refusal was said and no consent came after it; never null. */
  private static Column stands(String refusal, String consent) {
    Column granted = at(consent).col();
    Column refused = at(refusal).col();
    return refused.isNotNull().and(granted.isNull().or(granted.leq(refused)));
  }

  private static Field at(String kind) {
    return Field.optional(kind + "_at", TimestampType, "Last time it was said");
  }
}
