package io.persegment.demo;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Objects;

/**
 * What to generate. Equal plans give equal bytes.
 *
 * @param customers how many people with a name to make up, 1 to 10 million; visitors who never say
 *     who they are come on top
 * @param until the last day of history, inclusive, UTC; history is the 24 months that end there
 * @param seed another seed makes another shop
 * @param exports the folder to write to; what was generated there before is replaced
 */
public record GardenPlan(int customers, LocalDate until, long seed, Path exports) {
  static final int MOST_CUSTOMERS = 10_000_000;

  public GardenPlan {
    Objects.requireNonNull(until, "until");
    Objects.requireNonNull(exports, "exports");
    if (customers < 1 || customers > MOST_CUSTOMERS) {
      throw new IllegalArgumentException(
          "customers must be 1 to " + MOST_CUSTOMERS + ", but is " + customers);
    }
    if (until.getYear() < 2000 || until.getYear() > 2100) {
      throw new IllegalArgumentException(
          "until must be in the years 2000 to 2100, but is " + until);
    }
  }

  /** Returns the plan that the command line starts from: 5,000 customers until 30 June 2026. */
  public static GardenPlan defaults() {
    return new GardenPlan(5000, LocalDate.of(2026, 6, 30), 1, Path.of("demo/exports"));
  }
}
