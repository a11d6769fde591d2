package io.persegment.demo;

import java.util.List;

/** One visit to the website, told as GA4's events. The clock runs on with every event. */
final class Visit {
  private static final long MICROS = 1_000_000;

  private final GaFiles files;
  private final History history;
  private final Address place;
  private final Device device;
  private final TrafficSource source;
  private final Draw draw;
  private final GaJson json;
  private final long session;
  private long moment;
  private String user;

  /**
   * @param user who is logged in from the start, null if nobody
   * @param begun moment of the first event
   */
  Visit(
      GaFiles files,
      History history,
      Address place,
      Device device,
      String user,
      long begun,
      GaJson json,
      Draw draw) {
    this.files = files;
    this.history = history;
    this.place = place;
    this.device = device;
    this.user = user;
    this.session = begun;
    this.moment = begun;
    this.json = json;
    this.draw = draw;
    this.source = TrafficSource.drawn(draw);
  }

  void home() {
    send("page_view", "/", "The Garden Company", null, List.of());
  }

  void login(String customer) {
    user = customer;
    device.login();
    send("page_view", "/account", "My account", null, List.of());
  }

  void signUp(String customer) {
    user = customer;
    device.login();
    send("sign_up", "/account/register", "Welcome", null, List.of());
  }

  void search(Product product) {
    String path = "/search?q=" + Names.plain(product.subcategory());
    send("view_search_results", path, "Search", null, List.of());
  }

  void view(Product product) {
    onProduct("view_item", product);
  }

  void addToCart(List<GaItem> items) {
    send("add_to_cart", "/cart", "Cart", null, items);
  }

  void removeFromCart(Product product) {
    onProduct("remove_from_cart", product);
  }

  void checkout(List<GaItem> items) {
    send("begin_checkout", "/checkout", "Checkout", null, items);
  }

  void purchase(Order order, List<GaItem> items) {
    send("purchase", "/checkout/thank-you", "Thank you", order, items);
  }

  private void onProduct(String event, Product product) {
    send(event, product.path(), product.name(), null, List.of(new GaItem(product, 1)));
  }

  private void send(String event, String path, String title, Order order, List<GaItem> items) {
    long micros = moment * MICROS + draw.between(0, (int) MICROS - 1);
    String date = history.dateText(history.day(moment));
    json.begin(date, micros, event, device.nextSequence(), user, device.id());
    json.param("page_location", Product.SITE + path).param("page_title", title);
    json.param("ga_session_id", session);
    json.param("engagement_time_msec", draw.between(200, 60_000));
    if (moment == session && source.medium() != null) {
      json.param("campaign", source.campaign()).param("medium", source.medium());
      json.param("source", source.source());
    }
    json.origin(device, place, source).purchase(order);
    files.event(moment, json.end(items));
    moment += draw.between(5, 80);
  }
}
