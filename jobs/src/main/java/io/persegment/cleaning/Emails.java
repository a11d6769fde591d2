package io.persegment.cleaning;

import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;

/** E-mail addresses in the one form that identity compares. */
public final class Emails {
  private static final String SHAPE = "^[^@\\s,;<>\"]+@[^@\\s,;<>\"]+\\.[^@\\s.,;<>\"]{2,}$";

  private Emails() {}

  /**
   * Returns the trimmed, lower-case address, or null where it is not shaped like one. Idempotent.
   */
  public static Column normalised(Column address) {
    Column tidy = lower(trim(address));
    return when(tidy.rlike(SHAPE), tidy);
  }
}
