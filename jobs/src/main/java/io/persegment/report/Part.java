package io.persegment.report;

import java.util.Optional;

/**
 * One part of a summary: it is there, or it is missing for a reason.
 *
 * @param found the part, where it is there
 * @param reason why it is missing, as a sentence; empty where it is there
 */
public record Part<T>(Optional<T> found, String reason) {

  static <T> Part<T> of(T value) {
    return new Part<>(Optional.of(value), "");
  }

  static <T> Part<T> missing(String reason) {
    return new Part<>(Optional.empty(), reason);
  }

  public boolean there() {
    return found.isPresent();
  }

  /** Returns the part; only where it is {@link #there}. */
  public T value() {
    return found.orElseThrow();
  }
}
