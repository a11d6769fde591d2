package io.persegment.experiments;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.segments.Condition;
import io.persegment.segments.CustomerValue;
import io.persegment.segments.Vocabulary;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One declared experiment.
 *
 * @param population who takes part, of those who may be written to
 * @param arms share by arm, 0 to 1, adding up to 1
 * @param control the arm that others are compared with
 * @param given which arm somebody is in, where that was decided elsewhere; then who takes part is
 *     who has one, written to or not
 * @param group experiments of one group never share a customer
 * @param start the first day, from which on what customers do counts
 * @param end the last day
 * @param covariate what was known of a customer before, by which metrics are made less noisy
 * @param by segmentation whose segments are told apart
 * @param smallestEffect the smallest change worth knowing, as part of the control's mean
 * @param winsorise part of customers, 0 to 1, above whose largest value values count as it
 * @param expected customers at whom intervals that may be looked at every day are narrowest
 */
public record Experiment(
    String name,
    Condition population,
    Map<String, Double> arms,
    String control,
    Optional<CustomerValue> given,
    Optional<String> group,
    LocalDate start,
    LocalDate end,
    List<Metric> metrics,
    Optional<CustomerValue> covariate,
    Optional<String> by,
    double smallestEffect,
    double winsorise,
    int expected) {
  private static final double EXACT = 1e-9;

  public Experiment {
    arms = Collections.unmodifiableMap(new LinkedHashMap<>(arms));
    metrics = List.copyOf(metrics);
  }

  /** Returns whether anybody may be taken in, or is shown an arm, on that day. */
  boolean runsOn(LocalDate day) {
    return !day.isBefore(start) && !day.isAfter(end);
  }

  /**
   * Reads the section {@code experiments}, in order of names.
   *
   * @param vocabulary what conditions and values may name
   * @param segmentations names of those in which a customer is in one segment
   */
  public static List<Experiment> all(
      Section experiments, Section defaults, Vocabulary vocabulary, List<String> segmentations) {
    defaults.ignoreRest();
    return new ArrayList<>(
        experiments
            .each(
                (name, section) ->
                    from(name, section.withDefaults(defaults), vocabulary, segmentations))
            .values());
  }

  private static Experiment from(
      String name, Section section, Vocabulary vocabulary, List<String> segmentations) {
    if (name.equals(Assignments.HOLDOUT)) {
      section.problem(
          "arms",
          "are of an experiment called holdout, which is publish.holdout; give it another name");
    }
    Map<String, Double> arms = arms(section);
    String control = section.oneOf("control", arms.keySet());
    LocalDate start = day(section, "start");
    LocalDate end = day(section, "end");
    if (end.isBefore(start)) {
      section.problem("end", "is %s, before the start, %s".formatted(end, start));
    }
    Map<String, Metric> known = metrics(section, vocabulary);
    var metrics = new ArrayList<Metric>();
    for (String each : section.texts("metrics")) {
      if (known.containsKey(each)) {
        metrics.add(known.get(each));
      } else {
        section.problem(
            "metrics",
            "names no metric: %s; %s".formatted(each, Nearest.hint(each, known.keySet())));
      }
    }
    if (metrics.isEmpty()) {
      section.problem("metrics", "are none; list what is to be compared");
    }
    Optional<String> by = section.optionalText("by");
    by.filter(each -> !segmentations.contains(each))
        .ifPresent(
            each ->
                section.problem(
                    "by",
                    "names no segmentation in which a customer is in one segment: %s; %s"
                        .formatted(each, Nearest.hint(each, segmentations))));
    Condition population = vocabulary.condition("", section, "population", Optional.empty());
    Optional<CustomerValue> given = value(section, "arm", vocabulary);
    if (given.isPresent() && !population.sql().calls().isEmpty()) {
      section.problem(
          "population",
          "asks for scores or segments; where arms are given write it over features alone");
    }
    return new Experiment(
        name,
        population,
        arms,
        control,
        given,
        section.optionalText("group"),
        start,
        end,
        metrics,
        value(section, "covariate", vocabulary),
        by,
        section.decimal("smallest-effect", 0, Double.MAX_VALUE),
        section.decimal("winsorise", 0.5, 1),
        section.integer("expected-customers", 1));
  }

  private static Map<String, Double> arms(Section section) {
    var arms = new LinkedHashMap<String, Double>();
    Section written = section.section("arms");
    for (String arm : written.given()) {
      arms.put(arm, written.decimal(arm, 0, 1));
    }
    written.close();
    double all = arms.values().stream().mapToDouble(Double::doubleValue).sum();
    if (arms.containsValue(0.0)) {
      section.problem("arms", "have one of share 0; take it out");
    }
    if (arms.size() < 2) {
      section.problem(
          "arms",
          "are %d; write two at least, as { standard = 0.5, extra = 0.5 }".formatted(arms.size()));
    } else if (Math.abs(all - 1) > EXACT) {
      section.problem("arms", "have shares that add up to %s and not to 1".formatted(all));
    }
    return arms;
  }

  private static LocalDate day(Section section, String key) {
    String written = section.text(key);
    try {
      return LocalDate.parse(written);
    } catch (DateTimeParseException e) {
      if (section.has(key)) {
        section.problem(key, "is %s; write a date such as 2026-06-30".formatted(written));
      }
      return LocalDate.EPOCH;
    }
  }

  private static Map<String, Metric> metrics(Section section, Vocabulary vocabulary) {
    var metrics = new HashMap<>(Metric.USUAL);
    Section values = section.section("values");
    for (String name : values.given()) {
      value(values, name, vocabulary)
          .ifPresent(value -> metrics.put(name, new Metric.Known(name, value)));
    }
    Section ratios = section.section("ratios");
    ratios
        .each(
            (name, ratio) ->
                new Metric.Ratio(
                    name,
                    metrics.get(ratio.oneOf("of", metrics.keySet())),
                    metrics.get(ratio.oneOf("per", metrics.keySet()))))
        .forEach(metrics::put);
    return metrics;
  }

  /**
   * Reads a value of customers and features; of their segments and scores nothing is known here.
   */
  private static Optional<CustomerValue> value(Section section, String key, Vocabulary vocabulary) {
    if (!section.has(key)) {
      return Optional.empty();
    }
    Optional<CustomerValue> value = vocabulary.value(section, key, section.text(key));
    if (value.isPresent() && !value.get().sql().calls().isEmpty()) {
      section.problem(
          key, "asks for scores or segments; write it over features and customers alone");
    }
    return value;
  }
}
