package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.table.Lake;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark: as spark-submit says, else inside this process. */
final class Sessions {
  private Sessions() {}

  /**
   * Returns whether there is a session in this process already, which is then used, and is not ours
   * to stop.
   */
  static boolean isRunning() {
    return SparkSession.getDefaultSession().isDefined();
  }

  /** Returns a session in which the lake works. What spark-submit was given wins. */
  static SparkSession start(PersegmentSettings settings) {
    var given = new SparkConf();
    var conf = new SparkConf();
    if (!given.contains("spark.master")) {
      conf.setMaster("local[*]");
      conf.set("spark.sql.shuffle.partitions", "4");
      // A million contacts are one file of some 50 MB: without parts of their own, one core's work.
      conf.set("parquet.block.size", "16777216");
      conf.set("spark.sql.files.maxPartitionBytes", "16777216");
      conf.set("spark.ui.enabled", "false");
      conf.set("spark.sql.ui.explainMode", "simple"); // a plan in words that nobody sees
      // Spark makes this folder where it is started; nothing of ours lies in it.
      conf.set(
          "spark.sql.warehouse.dir",
          Path.of(System.getProperty("java.io.tmpdir"), "persegment-warehouse").toString());
      conf.set("spark.driver.host", "127.0.0.1");
      conf.set("spark.driver.bindAddress", "127.0.0.1");
    }
    conf.setAppName("persegment " + settings.shop().name());
    conf.set("spark.ui.showConsoleProgress", "false");
    // Parts of so little are joined by a table of hashes, which neither sorts them nor outgrows a
    // task.
    conf.set("spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold", "64m");
    // The Java machine compiles no method larger than this, and would interpret it for each row.
    conf.set("spark.sql.codegen.hugeMethodLimit", "8000");
    settings.spark().forEach(conf::set);
    for (var each : given.getAll()) {
      conf.set(each._1(), each._2());
    }
    Lake.SESSION.forEach(conf::set);
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
