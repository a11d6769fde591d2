package io.persegment.publish;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code audience_suppressed}: who is left out of the audience, and why: customers = audience
 * + suppressed.
 */
public final class AudienceSuppressed {
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field REASON =
      Field.required(
          "reason",
          StringType,
          "The first that applies of: no_email, invalid_email, unsafe_email (a trap, a complainer, or one to be spared by a check of addresses), suppressed (in a file of publish.suppressions), bounced, complained, unsubscribed, no_consent, withdrawn, shared_mailbox; not_in_release where an earlier release was gone back to");
  public static final Field SINCE =
      Field.required("since", DateType, "As-of date from which this reason has applied");
  public static final Table TABLE =
      Table.keyed(
          1,
          "audience_suppressed",
          "One customer who is not written to",
          CUSTOMER_ID,
          REASON,
          SINCE);

  private AudienceSuppressed() {}
}
