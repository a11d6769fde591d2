package io.persegment.demo;

/** Where a visit came from; all null where nobody knows. */
record TrafficSource(String campaign, String medium, String source) {
  static TrafficSource drawn(Draw draw) {
    return switch (draw.index(.4, .25, .2, .15)) {
      case 0 -> new TrafficSource("(organic)", "organic", "google");
      case 1 -> new TrafficSource("newsletter", "email", "klaviyo");
      case 2 -> new TrafficSource("garden_search", "cpc", "google");
      default -> new TrafficSource(null, null, null);
    };
  }
}
