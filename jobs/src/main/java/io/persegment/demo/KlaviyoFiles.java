package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/** Klaviyo's tables as Fivetran copies them: profiles, metrics, campaigns and, by month, events. */
final class KlaviyoFiles implements Closeable {
  private static final String PERSON =
      "id,email,first_name,last_name,phone_number,city,country,zip,created,updated,"
          + "_fivetran_deleted,_fivetran_synced";
  private static final String METRIC =
      "id,name,integration_name,integration_category,created,updated,_fivetran_deleted,"
          + "_fivetran_synced";
  private static final String CAMPAIGN =
      "id,name,subject,from_name,from_email,campaign_type,status,created,updated,send_time,sent_at,"
          + "archived,_fivetran_deleted,_fivetran_synced";
  private static final String EVENT =
      "id,metric_id,person_id,campaign_id,datetime,property_url,property_bounce_type,"
          + "property_machine_open,_fivetran_deleted,_fivetran_synced";

  private final Path folder;
  private final History history;
  private final String synced;
  private final ShuffledCsv persons;
  private final MonthlyCsv events;

  KlaviyoFiles(Path folder, History history, Draw shuffle) {
    this.folder = folder;
    this.history = history;
    this.synced = history.synced();
    this.persons = new ShuffledCsv(folder.resolve("person/person.csv"), PERSON, shuffle);
    this.events = new MonthlyCsv(folder, "event/event", history, EVENT);
  }

  /** Writes the metrics and the campaigns, which do not depend on any person. */
  void lists(List<Campaign> campaigns) {
    String created = history.timestamp(history.moment(-900, 36_000));
    try (CsvFile file = new CsvFile(folder.resolve("metric/metric.csv"), METRIC)) {
      for (Metric metric : Metric.values()) {
        file.row(metric.id(), metric.label(), "Klaviyo", "Email", created, created, false, synced);
      }
    }
    try (CsvFile file = new CsvFile(folder.resolve("campaign/campaign.csv"), CAMPAIGN)) {
      campaigns.forEach(campaign -> write(campaign, file));
    }
  }

  private void write(Campaign campaign, CsvFile file) {
    String written = history.timestamp(campaign.sent() - 86_400);
    String sent = history.timestamp(campaign.sent());
    file.row(
        campaign.id(),
        campaign.name(),
        campaign.subject(),
        "The Garden Company",
        "hello@garden.example",
        "Regular",
        "sent",
        written,
        sent,
        sent,
        sent,
        false,
        false,
        synced);
  }

  /** Writes a profile; Klaviyo keeps all phones in one form. */
  void person(String id, Contact contact, Address home, long created, long updated) {
    persons.row(
        id,
        contact.email(),
        contact.firstName(),
        contact.lastName(),
        contact.phone() == null ? null : Phones.international(contact.phone()),
        home.city(),
        home.country(),
        home.zip(),
        history.timestamp(created),
        history.timestamp(updated),
        false,
        synced);
  }

  /** Writes an event; {@code url}, {@code bounce} and {@code machine} are null where unfit. */
  void event(
      String id,
      Metric metric,
      String person,
      Campaign campaign,
      long moment,
      String url,
      String bounce,
      Boolean machine) {
    events.row(
        moment,
        id,
        metric.id(),
        person,
        campaign.id(),
        history.timestamp(moment),
        url,
        bounce,
        machine,
        false,
        synced);
  }

  long persons() {
    return persons.rows();
  }

  long events() {
    return events.rows();
  }

  @Override
  public void close() {
    persons.close();
    events.close();
  }
}
