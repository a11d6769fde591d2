package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.quality.Expectation;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;

/** Table {@code consents}: every word of consent, of which the latest counts. */
public final class Consents {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field RECORD_ID =
      Field.required(
          "record_id",
          StringType,
          "The source's own id of the observation, or a hash of its content");
  public static final Field EMAIL = Field.optional("email", StringType, "Address that it is about");
  public static final Field PHONE =
      Field.optional("phone", StringType, "Phone number that it is about, E.164");
  public static final Field CHANNEL = Field.required("channel", StringType, "email or sms, or all");
  public static final Field PURPOSE =
      Field.required("purpose", StringType, "marketing, profiling or offers");
  public static final Field STATUS = Field.required("status", StringType, "granted or withdrawn");
  public static final Field OBSERVED_AT =
      Field.required("observed_at", TimestampType, "When it was said");

  public static final String GRANTED = "granted";
  public static final String WITHDRAWN = "withdrawn";

  public static final Table TABLE =
      Common.table(
          1,
          "consents",
          "One word of one person on being written to",
          RECORD_ID,
          EMAIL,
          PHONE,
          CHANNEL,
          PURPOSE,
          STATUS,
          OBSERVED_AT);

  /** What must hold of every row; the name is the reason for which a row is refused. */
  static final List<Expectation> CONTRACT =
      List.of(
          new Expectation(
              "channel is none of email, sms, all", CHANNEL.col().isin("email", "sms", "all")),
          new Expectation(
              "purpose is none of marketing, profiling, offers",
              PURPOSE.col().isin("marketing", "profiling", "offers")),
          new Expectation(
              "status is none of granted, withdrawn", STATUS.col().isin(GRANTED, WITHDRAWN)));

  private Consents() {}
}
