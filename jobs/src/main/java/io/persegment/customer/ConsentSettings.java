package io.persegment.customer;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import io.persegment.config.Section;
import io.persegment.conformed.Consents;
import java.util.Locale;
import org.apache.spark.sql.Column;

/**
 * What holds for a customer who said nothing.
 *
 * @param email marketing by e-mail
 * @param profiling scores and clusters
 */
public record ConsentSettings(Word email, Word profiling) {

  /** What is taken as said where nothing was. */
  public enum Word {
    WITHDRAWN,
    GRANTED;

    String status() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads the section {@code consent}. */
  public static ConsentSettings from(Section consent) {
    Section defaults = consent.section("default");
    var settings =
        new ConsentSettings(
            defaults.choice("email", Word.class), defaults.choice("profiling", Word.class));
    defaults.close();
    return settings;
  }

  /** Returns whether scores and clusters may be made of a row of {@link Customers}; never null. */
  public Column mayProfile() {
    return coalesce(Customers.PROFILING_CONSENT.col(), lit(profiling.status()))
        .equalTo(Consents.GRANTED);
  }
}
