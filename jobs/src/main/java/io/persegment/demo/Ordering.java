package io.persegment.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * Fills in one person's orders: what, how, at which price. Planted: guests place 12 % of orders,
 * discount hunters use a code with 93 % of theirs and others with 10 %, 4 % of paid orders are
 * refunded in whole or in part 2 to 20 days later.
 */
final class Ordering {
  /** Half past ten; leaves time for what follows an order on the same day. */
  private static final int LATEST_SECOND = 81_000;

  private static final int EARLIEST_SECOND = 21_600;
  private static final double ACCOUNT_GUESTS = .11;
  private static final List<String> CODES = List.of("SPRING10", "GARDEN15", "WELCOME10", "GREEN20");

  private final Person person;
  private final Footprint footprint;
  private final Contacts contacts;
  private final Catalogue catalogue;
  private final Ids ids;
  private final History history;
  private final Draw draw;
  private int orders;
  private int lines;
  private int refundedLines;

  Ordering(Person person, Footprint footprint, Contacts contacts, GardenWorld world, Draw draw) {
    this.person = person;
    this.footprint = footprint;
    this.contacts = contacts;
    this.catalogue = world.catalogue();
    this.ids = world.ids();
    this.history = world.history();
    this.draw = draw;
  }

  /** Returns the orders of the history, oldest first. */
  List<Order> ordersOf(Life life) {
    List<Order> placed = new ArrayList<>();
    for (int day = life.firstDay(); day <= history.lastDay(); day++) {
      if (life.ordersOn(day)) {
        placed.add(order(day, life.outcome(day)));
      }
    }
    return placed;
  }

  private Order order(int day, Outcome outcome) {
    long moment = history.moment(day, draw.between(EARLIEST_SECOND, LATEST_SECOND));
    boolean guest = !footprint.account() || draw.chance(ACCOUNT_GUESTS);
    String code = draw.chance(person.discountHunter() ? .93 : .1) ? draw.pick(CODES) : null;
    int percent = code == null ? 0 : Integer.parseInt(code.substring(code.length() - 2));
    long id = ids.row(Ids.Kind.ORDER, person.index(), orders++);
    List<OrderLine> basket = basket(percent);
    return new Order(
        id,
        moment,
        outcome,
        guest ? footprint.guest(contacts, draw) : null,
        draw.chance(.88) ? "web" : "pos",
        code,
        basket,
        outcome == Outcome.CANCELLED ? moment + draw.between(60, 3600) : 0,
        outcome == Outcome.PAID && draw.chance(.04) ? refund(day, basket) : null);
  }

  private List<OrderLine> basket(int percent) {
    int products = 1 + draw.index(.5, .27, .14, .09);
    List<OrderLine> basket = new ArrayList<>(products);
    for (int product = 0; product < products; product++) {
      OrderLine line =
          new OrderLine(
              ids.row(Ids.Kind.ORDER_LINE, person.index(), lines++),
              catalogue.drawn(person, draw),
              1 + draw.index(.75, .17, .08),
              0);
      long discount = Money.percent(line.listed(), percent);
      basket.add(new OrderLine(line.id(), line.product(), line.quantity(), discount));
    }
    return basket;
  }

  /** Returns null where the refund would come after the history. */
  private Refund refund(int orderDay, List<OrderLine> basket) {
    int day = orderDay + draw.between(2, 20);
    boolean everything = draw.chance(.6);
    long moment = history.moment(day, draw.between(30_000, 60_000));
    if (day > history.lastDay()) {
      return null;
    }
    List<Refund.Line> back = new ArrayList<>();
    for (OrderLine line : everything ? basket : basket.subList(0, 1)) {
      long id = ids.row(Ids.Kind.LINE_REFUND, person.index(), refundedLines++);
      back.add(new Refund.Line(id, line, everything ? line.quantity() : 1));
    }
    boolean whole = everything || (basket.size() == 1 && basket.get(0).quantity() == 1);
    return new Refund(ids.row(Ids.Kind.REFUND, person.index(), orders), moment, whole, back);
  }
}
