package io.persegment.exports;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A tool that takes over the audience, with what its documentation says of imports. */
enum Tool {
  /** Bulk Import Profiles and Bulk Suppress Profiles; developers.klaviyo.com, 2026-07-15. */
  KLAVIYO("\\S.{0,254}", "at most 255 characters", 400, 10_000, 5_000_000, 100, 150),
  /**
   * Batch upsert of contacts by e-mail; developers.hubspot.com, CRM objects v3. Whoever must not be
   * written to is told by the property {@value #MAILABLE}.
   */
  HUBSPOT(
      "[a-z][a-z0-9_]{0,99}",
      "small letters, digits and _, a letter first, at most 100",
      1_000,
      100,
      3_000_000,
      100,
      600),
  /** Import of a CSV into a data extension, with the action of each row in a column. */
  SFMC(
      "[\\p{L}][\\p{L}\\p{N} _-]{0,127}",
      "letters, digits, blanks, _ and -, at most 128",
      1_000,
      1_000_000,
      Long.MAX_VALUE,
      1_000_000,
      1),
  /** Import of contacts from CSV; mailchimp.com, Audience fields and merge tags. */
  MAILCHIMP(
      "[A-Z][A-Z0-9_]{0,9}",
      "capital letters, digits and _, a letter first, at most 10",
      30,
      100_000,
      Long.MAX_VALUE,
      100_000,
      1),
  /** A line a visitor of the web site, by the id that the site knows them by. */
  ONSITE("\\S.{0,254}", "at most 255 characters", 1_000, 1, Long.MAX_VALUE, 1, 0),
  /** A line an event, for whatever takes JSON. */
  WEBHOOK("\\S.{0,254}", "at most 255 characters", 1_000, 1, Long.MAX_VALUE, 1, 0);

  /** Property that HubSpot's lists must ask for. */
  static final String MAILABLE = "persegment_mailable";

  private final Pattern name;
  private final String nameInWords;
  private final int mostFields;
  private final int mostRows;
  private final long mostBytes;
  private final int mostRemovals;
  private final int requestsPerMinute;

  Tool(
      String name,
      String nameInWords,
      int mostFields,
      int mostRows,
      long mostBytes,
      int mostRemovals,
      int requestsPerMinute) {
    this.name = Pattern.compile(name);
    this.nameInWords = nameInWords;
    this.mostFields = mostFields;
    this.mostRows = mostRows;
    this.mostBytes = mostBytes;
    this.mostRemovals = mostRemovals;
    this.requestsPerMinute = requestsPerMinute;
  }

  /** Returns the name in settings and on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns why a field of that name is not one of the tool; empty where it is. */
  Optional<String> refuses(String field) {
    return name.matcher(field).matches()
        ? Optional.empty()
        : Optional.of("is no name of a field there; write " + nameInWords);
  }

  int mostFields() {
    return mostFields;
  }

  /** Returns how many rows a batch of an action may have. */
  int mostRows(String action) {
    return action.equals(Deliveries.UPSERT) ? mostRows : mostRemovals;
  }

  /** Returns how many bytes a batch may have. */
  long mostBytes() {
    return mostBytes;
  }

  /** Returns how many batches it takes in a minute for long; 0 where it says nothing. */
  int requestsPerMinute() {
    return requestsPerMinute;
  }

  /** Returns whether it tells people apart by their addresses, and not by the ids of customers. */
  boolean knowsAddresses() {
    return this == KLAVIYO || this == HUBSPOT || this == MAILCHIMP;
  }

  /** Returns whether a batch is a file of CSV, and not a line of JSON. */
  boolean isCsv() {
    return this == SFMC || this == MAILCHIMP;
  }
}
