package io.persegment.source;

import java.time.ZoneId;
import java.util.function.Supplier;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;

/** Gives a source's expressions the zone in which it writes timestamps without one. */
final class SourceSql {
  private static final String ZONE = "spark.sql.session.timeZone";

  private SourceSql() {}

  /**
   * Returns what {@code plan} describes. Spark puts the session's zone into each cast when it
   * analyses a plan, which it does at once; the zone is put back afterwards.
   */
  static <T> T in(SparkSession spark, ZoneId zone, Supplier<T> plan) {
    RuntimeConfig conf = spark.conf();
    String before = conf.get(ZONE);
    conf.set(ZONE, zone.getId());
    try {
      return plan.get();
    } finally {
      conf.set(ZONE, before);
    }
  }
}
