package io.persegment.features;

import io.persegment.config.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time before the end of the as-of date, of whole days, of which day 1 is the last.
 *
 * @param first the day that is nearest, at least 1
 * @param days the day that is furthest, at least {@code first}; empty for all time before
 */
record Window(int first, Optional<Integer> days) {
  static final Window LIFETIME = new Window(1, Optional.empty());

  private static final long MICROS_A_DAY = 86_400_000_000L;
  private static final String NAME = "lifetime";
  private static final Pattern RANGE =
      Pattern.compile("(\\d{1,6})\\s*\\.\\.\\s*(\\d{1,6})\\s*(day|days|d)?");

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
    return days.map(number -> first == 1 ? number + "d" : first + "_" + number + "d").orElse(NAME);
  }

  String inWords() {
    return days.map(number -> first == 1 ? "last %d days".formatted(number) : ago(number))
        .orElse("ever");
  }

  /**
   * Returns what is said after the name of something that is of this window; nothing of all time.
   *
   * @param recent what is said before the number of the last days, such as "in the last"
   */
  String after(String recent) {
    return days.map(
            number -> first == 1 ? " %s %d days".formatted(recent, number) : " " + ago(number))
        .orElse("");
  }

  /**
   * Returns the condition on what lies in it, as SQL.
   *
   * @param ago column of microseconds before the end, with which it costs less than with times
   */
  String condition(String ago) {
    String within =
        days.map(number -> "%s <= %d".formatted(ago, number * MICROS_A_DAY)).orElse("true");
    return first == 1
        ? within
        : "%s and %s > %d".formatted(within, ago, (first - 1) * MICROS_A_DAY);
  }

  private String ago(int last) {
    return "%d to %d days ago".formatted(first, last);
  }

  private static Window parse(Section feature, String key, String text) {
    if (text.equals(NAME)) {
      return LIFETIME;
    }
    if (!text.contains("..")) {
      return new Window(1, Optional.of(feature.days(key, text)));
    }
    Matcher range = RANGE.matcher(text.trim());
    if (range.matches()) {
      int first = Integer.parseInt(range.group(1));
      int last = Integer.parseInt(range.group(2));
      if (first >= 1 && first <= last) {
        return new Window(first, Optional.of(last));
      }
    }
    feature.problem(
        key,
        "has %s; write an earlier span from its nearest day, such as 91..180 days".formatted(text));
    return LIFETIME;
  }
}
