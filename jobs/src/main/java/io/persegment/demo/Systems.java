package io.persegment.demo;

import java.util.List;

/** Writes one person's records in each system, and beside each whose it is. */
final class Systems {
  private final Person person;
  private final Footprint footprint;
  private final GardenWorld world;
  private final GardenFiles files;
  private final Draw draw;
  private final long customer;
  private final long created;

  Systems(Person person, Footprint footprint, GardenWorld world, GardenFiles files) {
    this.person = person;
    this.footprint = footprint;
    this.world = world;
    this.files = files;
    this.draw = world.draw(Draw.Topic.CONSENT, person);
    this.customer = world.ids().row(Ids.Kind.CUSTOMER, person.index(), 0);
    this.created = world.history().moment(person.firstDay(), draw.between(18_000, 20_000));
  }

  /** Returns the id that GA4 knows the logged-in person by, null without a shop account. */
  String login() {
    return footprint.account() ? Long.toString(customer) : null;
  }

  /** Writes the orders; only guest orders are records of somebody. */
  void orders(List<Order> orders) {
    for (Order order : orders) {
      boolean guest = order.guest() != null;
      Contact contact = guest ? order.guest() : footprint.shop();
      files.orders().write(order, guest ? null : customer, contact, person.home().address());
      if (guest) {
        files.truth().record("shopify", "order", order.id(), person);
      }
    }
  }

  /** Says whose the devices are; those without a login are nobody's. */
  void devices(List<Device> devices, Visitors visitors) {
    for (Device device : devices) {
      if (device.known()) {
        files.truth().record("ga4", "anonymous_id", device.id(), person);
      } else {
        visitors.add(person, device);
      }
    }
    if (devices.stream().anyMatch(Device::known)) {
      files.truth().record("ga4", "login", login(), person);
    }
  }

  /** Sends the newsletter and writes the opt-in log and the Klaviyo profile. */
  Subscription newsletter(Life life, List<Campaign> campaigns) {
    Subscription subscription = Subscription.drawn(person, footprint, world.history(), draw);
    if (footprint.klaviyo() != null) {
      String profile = world.ids().code(Ids.Kind.PROFILE, person.index(), 0);
      new Mailing(person, profile, files.klaviyo(), world).send(campaigns, life, subscription);
      profile(profile, subscription.begun(created));
    }
    int entry = 0;
    for (Consent consent : subscription.consents()) {
      long id = world.ids().row(Ids.Kind.CONSENT, person.index(), entry++);
      files.newsletter().consent(id, footprint.klaviyo(), consent);
      files.truth().record("newsletter", "contact", id, person);
    }
    return subscription;
  }

  private void profile(String id, long since) {
    Address home = person.home().address();
    files.klaviyo().person(id, footprint.klaviyo(), home, since, since + 5);
    files.truth().record("klaviyo", "contact", id, person);
  }

  /** Writes the shop account and the HubSpot contact, where there are any. */
  void contacts(Subscription subscription, List<Order> orders) {
    if (footprint.account()) {
      long updated = orders.stream().mapToLong(Order::updated).reduce(created, Math::max);
      boolean marketing = subscription.allowsAtTheEnd();
      Address home = person.home().address();
      files.customers().write(customer, footprint.shop(), home, created, updated, marketing);
      files.truth().record("shopify", "contact", customer, person);
    }
    if (footprint.hubspot() != null) {
      long id = world.ids().row(Ids.Kind.CONTACT, person.index(), 0);
      Long tied = footprint.hubspotKnowsAccount() ? customer : null;
      files.hubspot().contact(id, person, footprint.hubspot(), tied, created + 60, draw);
      files.truth().record("hubspot", "contact", id, person);
    }
  }
}
