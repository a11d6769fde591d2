package io.persegment.source;

import io.persegment.cleaning.Emails;
import io.persegment.cleaning.Times;
import io.persegment.config.Section;
import java.util.List;
import java.util.Locale;

/**
 * How a source writes what is no text, and what the shop knows of addresses.
 *
 * @param decimalComma whether 1.234,50 is written, not 1,234.50
 * @param dates patterns of times and dates, of which no two fit one text; ISO 8601 where none
 */
record CleaningSettings(Emails emails, boolean decimalComma, List<String> dates) {

  static CleaningSettings from(Section source, Emails emails) {
    List<String> dates = source.texts("dates");
    Times.mistake(dates).ifPresent(mistake -> source.problem("dates", mistake));
    return new CleaningSettings(emails, source.flag("decimal-comma"), dates);
  }

  /** Reads what holds for the addresses of every source, so that they can be compared. */
  static Emails emails(Section shop) {
    List<String> disposable =
        shop.texts("disposable-domains").stream()
            .map(domain -> domain.toLowerCase(Locale.ROOT))
            .toList();
    return new Emails(shop.flag("gmail-is-one-mailbox"), disposable);
  }
}
