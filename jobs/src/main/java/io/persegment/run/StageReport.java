package io.persegment.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stage counted, measured and has to say; written to {@link Runs} also when the stage fails.
 * Not thread-safe: what is done {@link Aside} has its own.
 */
public final class StageReport {
  private final Map<String, Long> rows = new TreeMap<>();
  private final Map<String, Double> metrics = new TreeMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Notes a count, such as {@code customers}; a later one of the same name replaces it. */
  public void rows(String name, long count) {
    rows.put(name, count);
  }

  /** Notes a measure, such as {@code purchase_30d.auc}. */
  public void metric(String name, double value) {
    metrics.put(name, value);
  }

  /** Notes all that another report has, such as that of work done {@link Aside}. */
  public void addAll(StageReport other) {
    rows.putAll(other.rows);
    metrics.putAll(other.metrics);
    warnings.addAll(other.warnings);
    notes.addAll(other.notes);
  }

  /** Notes a sentence for the person on call; the stage's status becomes {@code warned}. */
  public void warn(String sentence) {
    warnings.add(sentence);
  }

  /** Notes a sentence for whoever watches; unlike a warning it calls for nothing. */
  public void note(String sentence) {
    notes.add(sentence);
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  public Map<String, Long> rows() {
    return Map.copyOf(rows);
  }

  public Map<String, Double> metrics() {
    return Map.copyOf(metrics);
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
