package io.persegment.publish;

import io.persegment.config.Section;
import io.persegment.content.ContentSettings;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.experiments.Experiment;
import io.persegment.segments.Vocabulary;
import io.persegment.table.Field;
import java.util.List;
import java.util.Optional;

/**
 * How the audience is made.
 *
 * @param mostShrinkage part of the last audience, 0 to 1, that may be missing from the new one;
 *     more holds the publish
 * @param mostGrowth part of the last audience that may be new in size; more holds the publish
 * @param leastEmptied customers that a segment had in the last release for it to hold the publish
 *     where it has none
 * @param scoreDigits digits after the point to which scores are rounded, 0 to 6
 * @param mailbox who is mailed of several customers with one address
 * @param suppressions files of addresses never to write to
 * @param columns that the shop declares
 * @param accepted why what the gate finds is right; empty where it holds
 * @param holdout part of the audience, 0 to 1, that is in no experiment and gets what everybody
 *     gets
 * @param seed of the hashes by which experiments put customers into arms
 * @param consent what holds where a customer said nothing
 */
public record PublishSettings(
    double mostShrinkage,
    double mostGrowth,
    int leastEmptied,
    int scoreDigits,
    Mailbox mailbox,
    List<String> suppressions,
    List<AudienceColumn> columns,
    Optional<String> accepted,
    double holdout,
    String seed,
    ConsentSettings consent,
    ContentSettings content,
    List<Experiment> experiments) {

  /** Columns of customers that values and conditions may name beside features. */
  public static final List<Field> OF_CUSTOMERS =
      List.of(
          Customers.FIRST_NAME,
          Customers.LAST_NAME,
          Customers.BIRTH_DATE,
          Customers.GENDER,
          Customers.CITY,
          Customers.POSTCODE,
          Customers.REGION,
          Customers.COUNTRY,
          Customers.LANGUAGE,
          Customers.FIRST_SEEN_AT,
          Customers.LAST_SEEN_AT,
          Customers.ATTRIBUTES);

  /** Which of several customers with one address is written to. */
  public enum Mailbox {
    LAST_SEEN,
    FIRST_SEEN,
    MOST_RECORDS
  }

  public PublishSettings {
    suppressions = List.copyOf(suppressions);
    columns = List.copyOf(columns);
    experiments = List.copyOf(experiments);
  }

  /**
   * Reads the section {@code publish}.
   *
   * @param vocabulary what columns may name
   */
  public static PublishSettings from(
      Section publish,
      ConsentSettings consent,
      ContentSettings content,
      List<Experiment> experiments,
      Vocabulary vocabulary) {
    int digits = publish.integer("score-digits", 0);
    if (digits > 6) {
      publish.problem("score-digits", "must be at most 6, but is %d".formatted(digits));
    }
    Optional<String> accepted = publish.optionalText("accept");
    if (accepted.isPresent() && !publish.isGiven("accept")) {
      publish.problem(
          "accept", "would let every night pass; say it for one: publish --accept \"why\"");
    }
    if (accepted.isPresent() && accepted.get().isBlank()) {
      publish.problem("accept", "is empty; write why what was found is right");
    }
    return new PublishSettings(
        publish.decimal("most-shrinkage", 0, 1),
        publish.decimal("most-growth", 0, Double.MAX_VALUE),
        publish.integer("least-emptied", 1),
        digits,
        publish.choice("shared-mailbox", Mailbox.class),
        publish.texts("suppressions"),
        AudienceColumn.all(publish.section("columns"), vocabulary),
        accepted,
        publish.decimal("holdout", 0, 1),
        publish.text("seed"),
        consent,
        content,
        experiments);
  }

  /** Returns the columns that the shop declares. */
  public List<Field> declared() {
    return columns.stream().map(AudienceColumn::field).toList();
  }
}
