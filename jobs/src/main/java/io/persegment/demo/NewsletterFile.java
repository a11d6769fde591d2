package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;

/** The opt-in log: one row each time somebody says yes or no. */
final class NewsletterFile implements Closeable {
  private static final String HEADER = "id,email,phone,channel,purpose,status,changed_at";

  private final History history;
  private final ShuffledCsv consents;

  NewsletterFile(Path folder, History history, Draw shuffle) {
    this.history = history;
    this.consents = new ShuffledCsv(folder.resolve("consents.csv"), HEADER, shuffle);
  }

  /** Writes an entry; the phone is null but for text messages. */
  void consent(long id, Contact contact, Consent consent) {
    consents.row(
        id,
        contact.email(),
        consent.channel().equals("sms") ? contact.phone() : null,
        consent.channel(),
        consent.purpose(),
        consent.granted() ? "granted" : "withdrawn",
        history.timestamp(consent.moment()));
  }

  long consents() {
    return consents.rows();
  }

  @Override
  public void close() {
    consents.close();
  }
}
