package io.persegment.features;

import io.persegment.config.Section;
import java.util.List;
import java.util.Optional;

/**
 * A span of time that ends with the as-of date.
 *
 * @param days how long, at least 1; empty for all time before
 */
record Window(Optional<Integer> days) {
  static final Window LIFETIME = new Window(Optional.empty());

  private static final String NAME = "lifetime";

  /**
   * Reads {@code window}, or {@code windows}; the lifetime where neither is there. A shop may write
   * either over the {@code windows} of the defaults.
   */
  static List<Window> from(Section feature) {
    String key = feature.has("window") ? "window" : "windows";
    if (feature.has("windows")
        && feature.has("window")
        && feature.place("windows").file().equals(feature.place("window").file())) {
      feature.problem("window", "and windows are both there; write one of them");
    }
    List<Window> windows =
        feature.texts(key).stream().map(text -> parse(feature, key, text)).distinct().toList();
    return windows.isEmpty() ? List.of(LIFETIME) : windows;
  }

  String suffix() {
    return days.map(number -> number + "d").orElse(NAME);
  }

  String inWords() {
    return days.map(number -> "last %d days".formatted(number)).orElse("ever");
  }

  private static Window parse(Section feature, String key, String text) {
    return text.equals(NAME) ? LIFETIME : new Window(Optional.of(feature.days(key, text)));
  }
}
