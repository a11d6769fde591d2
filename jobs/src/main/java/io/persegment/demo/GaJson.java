package io.persegment.demo;

import java.util.List;

/** Builds one GA4 event as a line of JSON. Reused from event to event. */
final class GaJson {
  private final StringBuilder json = new StringBuilder(2048);

  /** Begins an event; {@code user} is null before the login. */
  GaJson begin(String date, long micros, String name, int sequence, String user, String device) {
    json.setLength(0);
    json.append("{\"event_date\":\"").append(date, 0, 4);
    json.append(date, 5, 7).append(date, 8, 10);
    json.append("\",\"event_timestamp\":").append(micros);
    json.append(",\"event_name\":\"").append(name);
    json.append("\",\"event_bundle_sequence_id\":").append(sequence);
    json.append(",\"user_id\":");
    text(user).append(",\"user_pseudo_id\":\"").append(device).append("\",\"event_params\":[");
    return this;
  }

  /** Adds a parameter with a text. */
  GaJson param(String key, String value) {
    param(key);
    text(value).append(",\"int_value\":null,\"float_value\":null,\"double_value\":null}}");
    return this;
  }

  /** Adds a parameter with a whole number. */
  GaJson param(String key, long value) {
    param(key);
    json.append("null,\"int_value\":").append(value);
    json.append(",\"float_value\":null,\"double_value\":null}}");
    return this;
  }

  private void param(String key) {
    if (json.charAt(json.length() - 1) == '}') {
      json.append(',');
    }
    json.append("{\"key\":\"").append(key).append("\",\"value\":{\"string_value\":");
  }

  /** Ends the parameters and says where the visit came from; nulls where it was typed in. */
  GaJson origin(Device device, Address place, TrafficSource source) {
    json.append("],\"device\":{\"category\":\"").append(device.category());
    json.append("\",\"operating_system\":\"").append(device.system());
    json.append("\",\"web_info\":{\"browser\":\"").append(device.browser());
    json.append("\"}},\"geo\":{\"country\":\"").append(place.country()).append("\",\"city\":");
    text(place.city()).append("},\"traffic_source\":{\"name\":");
    text(source.campaign()).append(",\"medium\":");
    text(source.medium()).append(",\"source\":");
    text(source.source()).append('}');
    return this;
  }

  /** Says which order a purchase is; {@code ecommerce} is null for other events. */
  GaJson purchase(Order order) {
    if (order == null) {
      json.append(",\"ecommerce\":null");
    } else {
      json.append(",\"ecommerce\":{\"transaction_id\":\"").append(order.id());
      json.append("\",\"purchase_revenue\":").append(Money.text(order.total())).append('}');
    }
    return this;
  }

  /** Adds the items and ends the event. */
  CharSequence end(List<GaItem> items) {
    json.append(",\"items\":[");
    for (int place = 0; place < items.size(); place++) {
      if (place > 0) {
        json.append(',');
      }
      item(items.get(place));
    }
    return json.append("]}");
  }

  private void item(GaItem item) {
    Product product = item.product();
    json.append("{\"item_id\":\"").append(product.id()).append("\",\"item_name\":");
    text(product.name()).append(",\"item_category\":\"").append(product.category());
    json.append("\",\"item_brand\":\"").append(product.brand());
    json.append("\",\"price\":").append(Money.text(product.price()));
    json.append(",\"quantity\":").append(item.quantity()).append('}');
  }

  /** Appends a JSON string; the shop's texts have no control characters. */
  private StringBuilder text(String value) {
    if (value == null) {
      return json.append("null");
    }
    json.append('"');
    for (int at = 0; at < value.length(); at++) {
      char letter = value.charAt(at);
      if (letter == '"' || letter == '\\') {
        json.append('\\');
      }
      json.append(letter);
    }
    return json.append('"');
  }
}
