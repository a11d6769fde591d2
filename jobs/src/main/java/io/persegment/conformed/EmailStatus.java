package io.persegment.conformed;

import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * What can be known of an e-mail address: the values of {@code email_status}. Of several that are
 * said of one address the worst counts.
 */
public final class EmailStatus {
  public static final String INVALID = "invalid";

  /** An address of whoever hunts for spam, or complains, or must for another reason be spared. */
  public static final List<String> UNSAFE =
      List.of("spamtrap", "abuse", "do_not_mail", "disposable");

  private static final List<String> WORST_FIRST =
      List.of(
          INVALID,
          "spamtrap",
          "abuse",
          "do_not_mail",
          "disposable",
          "role",
          "unknown",
          "catch_all",
          "valid");

  private EmailStatus() {}

  /** Returns an aggregate: the worst of a group's; null where nothing is known. */
  public static Column worst(Column status) {
    Column all = lit(WORST_FIRST.toArray(new String[0]));
    return element_at(all, min(when(isKnown(status), array_position(all, status).cast("int"))));
  }

  static Column isKnown(Column status) {
    return status.isin(WORST_FIRST.toArray());
  }

  static String listed() {
    return String.join(", ", WORST_FIRST);
  }
}
