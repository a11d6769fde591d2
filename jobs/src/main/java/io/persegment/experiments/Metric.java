package io.persegment.experiments;

import io.persegment.features.Outcome;
import io.persegment.features.Outcome.Event;
import io.persegment.segments.CustomerValue;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is compared between arms: a number of each customer, or a ratio of two. */
public sealed interface Metric {
  /** Those that every shop has. */
  Map<String, Metric> USUAL = usual();

  /** Name in the settings and in {@code experiment_results}. */
  String name();

  /** Returns the numbers of a customer that it is made of. */
  default Stream<Metric> parts() {
    return Stream.of(this);
  }

  /**
   * What a customer did from the start of the experiment on.
   *
   * @param event empty where it is what they spent
   * @param once whether it counts once for each customer, however often it happened
   */
  record Happened(String name, Optional<Event> event, boolean once) implements Metric {
    /** Returns what happens within so many days. */
    Outcome outcome(int days) {
      return event.map(each -> Outcome.counted(each, days)).orElseGet(() -> Outcome.spent(days));
    }
  }

  /** A value that is known of a customer. */
  record Known(String name, CustomerValue value) implements Metric {}

  /** The total of one metric over the total of another. */
  record Ratio(String name, Metric of, Metric per) implements Metric {
    @Override
    public Stream<Metric> parts() {
      return Stream.of(of, per);
    }
  }

  private static Map<String, Metric> usual() {
    var usual = new TreeMap<String, Metric>();
    Stream.of(
            new Happened("purchases", Optional.of(Event.PURCHASE), false),
            new Happened("buyers", Optional.of(Event.PURCHASE), true),
            new Happened("revenue", Optional.empty(), false),
            new Happened("opens", Optional.of(Event.OPEN), false),
            new Happened("openers", Optional.of(Event.OPEN), true),
            new Happened("clicks", Optional.of(Event.CLICK), false),
            new Happened("clickers", Optional.of(Event.CLICK), true),
            new Happened("unsubscribes", Optional.of(Event.UNSUBSCRIBE), true),
            new Happened("visits", Optional.of(Event.VISIT), false),
            new Happened("visitors", Optional.of(Event.VISIT), true))
        .forEach(metric -> usual.put(metric.name(), metric));
    return Map.copyOf(usual);
  }
}
