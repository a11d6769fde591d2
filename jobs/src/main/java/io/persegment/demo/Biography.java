package io.persegment.demo;

import java.time.LocalDate;
import java.util.List;

/** Lives one person's life and writes what each system, and the truth, has of it. */
final class Biography {
  /** Days before the last on which the truth about the next 30 days is told. */
  private static final List<Integer> CUTS = List.of(0, 30, 61, 91);

  private final GardenWorld world;
  private final GardenFiles files;
  private final Visitors visitors;
  private final List<Campaign> campaigns;
  private final PurchaseProbability probability;

  Biography(GardenWorld world, GardenFiles files, Visitors visitors, List<Campaign> campaigns) {
    this.world = world;
    this.files = files;
    this.visitors = visitors;
    this.campaigns = campaigns;
    this.probability = new PurchaseProbability(world.season());
  }

  /** Writes the person with this index. */
  void write(int index) {
    History history = world.history();
    Person person = Person.drawn(world.seed(), index, history);
    Life life = Life.lived(person, world.season(), history, world.draw(Draw.Topic.LIFE, person));
    Contacts contacts = new Contacts(person, world.ids(), world.draw(Draw.Topic.CONTACT, person));
    Footprint footprint =
        Footprint.drawn(person, contacts, world.draw(Draw.Topic.FOOTPRINT, person));
    Systems systems = new Systems(person, footprint, world, files);
    Ordering ordering =
        new Ordering(person, footprint, contacts, world, world.draw(Draw.Topic.SHOP, person));
    List<Order> orders = ordering.ordersOf(life);
    systems.orders(orders);
    Browsing browsing = new Browsing(person, systems.login(), files.ga(), world);
    browsing.visit(life, orders);
    systems.devices(browsing.devices(), visitors);
    systems.contacts(systems.newsletter(life, campaigns), orders);
    truth(person, life);
  }

  private void truth(Person person, Life life) {
    History history = world.history();
    files
        .truth()
        .person(person, Lifecycle.of(person, life, history), history.date(person.firstDay()));
    for (int daysBefore : CUTS) {
      int day = history.lastDay() - daysBefore;
      if (day >= life.firstDay()) {
        purchase(person, life, day, history.date(day));
      }
    }
  }

  private void purchase(Person person, Life life, int day, LocalDate asOf) {
    files
        .truth()
        .purchase(
            asOf,
            person,
            life.paysBetween(0, day),
            probability.after(day, person, life),
            life.paysBetween(day + 1, day + History.HORIZON_DAYS));
  }
}
