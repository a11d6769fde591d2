package io.persegment.demo;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * One person's visits. Planted: 22 % of people use two devices; of orders on the website 35 % are
 * followed by GA4, the others' buyers declined its cookie.
 */
final class Browsing {
  private static final int LATEST_SECOND = 81_000;
  private static final double FOLLOWED = .35;

  private final GardenWorld world;
  private final GaFiles files;
  private final Person person;
  private final String customer;
  private final Draw draw;
  private final int rhythm;
  private final GaJson json = new GaJson();
  private final List<Device> devices = new ArrayList<>();

  /** Makes the visits of a person; {@code customer} is null without a shop account. */
  Browsing(Person person, String customer, GaFiles files, GardenWorld world) {
    this.world = world;
    this.files = files;
    this.person = person;
    this.customer = customer;
    this.draw = world.draw(Draw.Topic.WEB, person);
    this.rhythm = draw.between(0, 27);
    int count = draw.chance(.22) ? 2 : 1;
    long since = world.history().moment(person.firstDay(), draw.between(0, 20_000));
    for (int device = 0; device < count; device++) {
      devices.add(new Device(world.ids().device(person.index(), device), since, draw));
    }
  }

  /** Writes the visits of all days, those made to order included. */
  void visit(Life life, List<Order> orders) {
    if (customer != null && person.firstDay() >= 0) {
      signUp();
    }
    Iterator<Order> next = orders.iterator();
    for (int day = life.firstDay(); day <= world.history().lastDay(); day++) {
      Interest interest = life.interest(day);
      if (interest.visits(day, rhythm)) {
        look(day, interest);
      }
      if (life.ordersOn(day)) {
        buy(next.next());
      }
    }
  }

  /** The devices that were used. */
  List<Device> devices() {
    return devices.stream().filter(Device::used).toList();
  }

  private void signUp() {
    Visit visit =
        begin(device(), world.history().moment(person.firstDay(), draw.between(20_000, 20_800)));
    visit.home();
    visit.signUp(customer);
  }

  private void look(int day, Interest interest) {
    Visit visit = begin(device(), world.history().moment(day, draw.between(21_600, LATEST_SECOND)));
    Product product = world.catalogue().drawn(person, draw);
    if (interest == Interest.COLD) {
      visit.home(); // the cold look at no product
      return;
    }
    if (draw.chance(.03)) {
      visit.search(product);
    }
    visit.view(product);
    if (interest == Interest.HOT && draw.chance(.06)) {
      visit.view(world.catalogue().drawn(person, draw));
    }
    if (draw.chance(interest.cart())) {
      abandonedCart(visit, product);
    }
  }

  private void abandonedCart(Visit visit, Product product) {
    visit.addToCart(List.of(new GaItem(product, 1)));
    switch (draw.index(.2, .2, .6)) {
      case 0 -> visit.removeFromCart(product);
      case 1 -> visit.checkout(List.of(new GaItem(product, 1)));
      default -> {}
    }
  }

  /** The visit ends with the order, so it begins some minutes before. */
  private void buy(Order order) {
    Device device = device();
    boolean nameless = order.guest() != null && !device.known(); // the order would give it away
    if (!order.online() || nameless || !draw.chance(FOLLOWED)) {
      return;
    }
    Visit visit = begin(device, order.moment() - 120L * order.lines().size());
    List<GaItem> items =
        order.lines().stream().map(line -> new GaItem(line.product(), line.quantity())).toList();
    for (GaItem item : items) {
      visit.view(item.product());
    }
    visit.addToCart(items);
    visit.purchase(order, items);
  }

  private Device device() {
    return draw.chance(.8) ? devices.get(0) : devices.get(devices.size() - 1);
  }

  private Visit begin(Device device, long moment) {
    String user = customer != null && device.known() && draw.chance(.7) ? customer : null;
    Address home = person.home().address();
    Visit visit = new Visit(files, world.history(), home, device, user, moment, json, draw);
    if (customer != null && device.timeToLogin()) {
      visit.login(customer);
    }
    return visit;
  }
}
