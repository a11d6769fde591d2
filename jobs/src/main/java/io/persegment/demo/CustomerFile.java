package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * Shopify's tables as Fivetran copies them: customers and, by month, orders and what is in them.
 */
final class CustomerFile implements Closeable {
  private static final String HEADER =
      "id,first_name,last_name,email,phone,state,created_at,updated_at,accepts_marketing,"
          + "default_address_address_1,default_address_city,default_address_zip,"
          + "default_address_country_code,_fivetran_synced";
  private final History history;
  private final String synced;
  private final ShuffledCsv customers;

  CustomerFile(Path folder, History history, Draw shuffle) {
    this.history = history;
    this.synced = history.synced();
    this.customers = new ShuffledCsv(folder.resolve("customer/customer.csv"), HEADER, shuffle);
  }

  /** Writes a shop account; {@code created} and {@code updated} are moments. */
  void write(
      long id, Contact contact, Address home, long created, long updated, boolean marketing) {
    customers.row(
        id,
        contact.firstName(),
        contact.lastName(),
        contact.email(),
        contact.phone(),
        "enabled",
        history.timestamp(created),
        history.timestamp(updated),
        marketing,
        home.street(),
        home.city(),
        home.zip(),
        home.countryCode(),
        synced);
  }

  long customers() {
    return customers.rows();
  }

  @Override
  public void close() {
    customers.close();
  }
}
