package io.persegment.experiments;

import io.persegment.experiments.Measurement.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What sums say of an experiment.
 *
 * @param customers who take part, by arm
 * @param sums by metric and group, of those of whom the metric is known
 */
record Reading(
    Experiment experiment, Map<String, Long> customers, Map<String, Map<Group, Sums>> sums) {
  /** The segment of all customers. */
  static final String ALL = "all";

  /**
   * One arm, metric and segment.
   *
   * @param lift empty of the control, and where nothing may be read
   * @param adjusted its p-value among those of the segment
   * @param explained part of the variance that the covariate explains; empty where there is none
   */
  record Result(
      String segment,
      String metric,
      String arm,
      Sums sums,
      Optional<Lift> lift,
      Optional<Double> adjusted,
      Optional<Double> explained,
      String sentence) {}

  /** Returns the p-value of arms having as many customers as they have. */
  double sampleRatio() {
    List<Long> sizes =
        experiment.arms().keySet().stream().map(arm -> customers.getOrDefault(arm, 0L)).toList();
    return sizes.stream().allMatch(size -> size == 0)
        ? 1
        : Lift.sampleRatio(sizes, List.copyOf(experiment.arms().values()));
  }

  /** Returns whether arms are as large as chance makes them; where not, nothing may be read. */
  boolean isReadable() {
    return sampleRatio() >= Lift.RATIO_ALPHA;
  }

  /** Returns every arm of every metric, of all customers and by segment. */
  List<Result> results() {
    var segments = new ArrayList<Optional<String>>();
    segments.add(Optional.empty());
    var named = new TreeSet<String>();
    sums.values()
        .forEach(groups -> groups.keySet().forEach(group -> group.segment().ifPresent(named::add)));
    named.forEach(segment -> segments.add(Optional.of(segment)));
    var results = new ArrayList<Result>();
    segments.forEach(segment -> results.addAll(results(segment)));
    return results;
  }

  private List<Result> results(Optional<String> segment) {
    var lifts = new LinkedHashMap<List<String>, Lift>();
    if (isReadable()) {
      for (Metric metric : experiment.metrics()) {
        for (String arm : experiment.arms().keySet()) {
          if (!arm.equals(experiment.control())) {
            lift(metric, arm, segment).ifPresent(lift -> lifts.put(key(metric, arm), lift));
          }
        }
      }
    }
    List<List<String>> keys = List.copyOf(lifts.keySet());
    List<Double> adjusted = Lift.holm(lifts.values().stream().map(Lift::p).toList());
    var results = new ArrayList<Result>();
    for (Metric metric : experiment.metrics()) {
      for (String arm : experiment.arms().keySet()) {
        int place = keys.indexOf(key(metric, arm));
        Optional<Lift> lift = Optional.ofNullable(lifts.get(key(metric, arm)));
        Sums own = group(sums.get(metric.name()), arm, segment);
        results.add(
            new Result(
                segment.orElse(ALL),
                metric.name(),
                arm,
                own,
                lift,
                place < 0 ? Optional.empty() : Optional.of(adjusted.get(place)),
                explained(metric, segment),
                sentence(metric, arm, segment, own, lift)));
      }
    }
    return results;
  }

  private static List<String> key(Metric metric, String arm) {
    return List.of(metric.name(), arm);
  }

  private Optional<Lift> lift(Metric metric, String arm, Optional<String> segment) {
    Map<Group, Sums> groups = sums.get(metric.name());
    Sums own = group(groups, arm, segment);
    Sums control = group(groups, experiment.control(), segment);
    if (own.n() < 2 || control.n() < 2) {
      return Optional.empty();
    }
    Sums all = all(groups, segment);
    return Optional.of(Lift.of(own, control, all.theta(), all.covariate())).filter(Lift::isKnown);
  }

  private Optional<Double> explained(Metric metric, Optional<String> segment) {
    boolean any = experiment.covariate().isPresent() && !(metric instanceof Metric.Ratio);
    return any ? Optional.of(all(sums.get(metric.name()), segment).explained()) : Optional.empty();
  }

  private Sums all(Map<Group, Sums> groups, Optional<String> segment) {
    return experiment.arms().keySet().stream()
        .map(arm -> group(groups, arm, segment))
        .reduce(Sums.NOTHING, Sums::plus);
  }

  private static Sums group(Map<Group, Sums> groups, String arm, Optional<String> segment) {
    return groups.getOrDefault(new Group(arm, segment), Sums.NOTHING);
  }

  private String sentence(
      Metric metric, String arm, Optional<String> segment, Sums own, Optional<Lift> lift) {
    String whose =
        "%s of %,d customers in %s%s"
            .formatted(
                own.n() == 0 ? "nothing" : number(own.mean()),
                own.n(),
                arm,
                segment.map(name -> " and " + name).orElse(""));
    if (arm.equals(experiment.control())) {
      return "%s: %s, the control.".formatted(metric.name(), whose);
    }
    if (!isReadable()) {
      return "%s: %s. Not to be read: arms have other sizes than their shares make (p = %s), so something chose who is counted."
          .formatted(metric.name(), whose, p(sampleRatio()));
    }
    if (lift.isEmpty()) {
      return "%s: %s. Too few to compare.".formatted(metric.name(), whose);
    }
    Lift known = lift.get();
    Sums control = group(sums.get(metric.name()), experiment.control(), segment);
    String range =
        "%s to %s"
            .formatted(
                number(known.lift() - known.halfWidth()), number(known.lift() + known.halfWidth()));
    String verdict =
        known.lift() - known.halfWidth() > 0
            ? "more than in %s, by %s (95 of 100 such intervals hold the truth: %s; p = %s)"
            : known.lift() + known.halfWidth() < 0
                ? "less than in %s, by %s (95 of 100 such intervals hold the truth: %s; p = %s)"
                : "no difference to %s that chance could not make: %s (%s; p = %s)";
    return "%s: %s, beside %s of %,d; %s."
        .formatted(
            metric.name(),
            whose,
            number(control.mean()),
            control.n(),
            verdict.formatted(experiment.control(), number(known.lift()), range, p(known.p())));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.4f" : "%.2f", value);
  }

  private static String p(double p) {
    return p < 0.0001 ? "less than 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }
}
