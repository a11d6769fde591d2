package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;

/** HubSpot's contacts as Fivetran copies them. */
final class HubspotFile implements Closeable {
  private static final String HEADER =
      "id,property_email,property_firstname,property_lastname,property_phone,property_mobilephone,"
          + "property_address,property_city,property_zip,property_country,property_date_of_birth,"
          + "property_gender,property_annual_income,property_shopify_customer_id,"
          + "property_createdate,property_lastmodifieddate,_fivetran_deleted,_fivetran_synced";

  private final History history;
  private final String synced;
  private final ShuffledCsv contacts;

  HubspotFile(Path folder, History history, Draw shuffle) {
    this.history = history;
    this.synced = history.synced();
    this.contacts = new ShuffledCsv(folder.resolve("contact/contact.csv"), HEADER, shuffle);
  }

  /**
   * Writes a contact. Planted: 60 % of phones are mobile, 70 % give their birthday, 80 % their
   * gender, 30 % an income (euro a year, to the thousand).
   *
   * @param customer the Shopify customer it names, null where it names none
   */
  void contact(long id, Person person, Contact contact, Long customer, long created, Draw draw) {
    Address home = person.home().address();
    boolean mobile = draw.chance(.6);
    long lastMoment = history.moment(history.lastDay(), 0);
    contacts.row(
        id,
        contact.email(),
        contact.firstName(),
        contact.lastName(),
        mobile ? null : contact.phone(),
        mobile ? contact.phone() : null,
        home.street(),
        home.city(),
        home.zip(),
        home.country(),
        draw.chance(.7) ? person.born() : null,
        draw.chance(.8) ? (person.woman() ? "Female" : "Male") : null,
        draw.chance(.3) ? income(person, draw) : null,
        customer,
        history.timestamp(created),
        history.timestamp(created + (long) (draw.uniform() * Math.max(0, lastMoment - created))),
        false,
        synced);
  }

  private static String income(Person person, Draw draw) {
    int typical = person.tier() == BrandTier.PREMIUM ? 58 : 46;
    return Math.max(18, Math.round(typical * Math.exp(.3 * draw.normal()))) + "000";
  }

  long contacts() {
    return contacts.rows();
  }

  @Override
  public void close() {
    contacts.close();
  }
}
