package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.matching.Matching;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class OversizedTest {
  /** Thirty records in six groups by identifiers, which matches hold together in one. */
  @Test
  void theWeakestMatchesOfWhatIsTooLargeAreCut(LocalSpark.Handle spark, @TempDir Path folder) {
    var lake = new Lake(spark.session(), folder.toString());
    Dataset<Row> certain =
        spark.session().sql("select id as larger, id - id % 5 as smaller from range(30)");
    // The groups of 0, 5 and 10 match well, others do not; 100 and 101 are far from it all.
    Dataset<Row> matches =
        spark
            .session()
            .sql(
                "select * from values (0L, 5L, 20d), (5L, 10L, 13d), (10L, 15L, 3d), (15L, 20L, 4d),"
                    + " (20L, 25L, 6d), (100L, 101L, 3d) as t(%s, %s, %s)"
                        .formatted(
                            Matching.LEFT.name(), Matching.RIGHT.name(), Matching.WEIGHT.name()));
    var report = new StageReport();

    Oversized broken = Oversized.broken(lake, certain, matches, 2, 15, report);

    assertThat(
            broken.cut().orElseThrow().orderBy("left").collectAsList().stream()
                .map(row -> row.mkString("|")))
        .containsExactly(
            "10|15|" + Oversized.REASON, "15|20|" + Oversized.REASON, "20|25|" + Oversized.REASON);
    assertThat(
            broken
                .components()
                .edges()
                .groupBy("smaller")
                .count()
                .orderBy("smaller")
                .collectAsList())
        .extracting(row -> row.getLong(0) + ": " + row.getLong(1))
        .containsExactly("0: 14", "15: 4", "20: 4", "25: 4", "100: 1");
    assertThat(report.warnings())
        .containsExactly(
            "1 group of over 15 records hung together; their weakest matches were cut until none was left");
  }

  /** Three steps, and what no match holds together. */
  @Test
  void theOutcomeIsToldOnce(LocalSpark.Handle spark, @TempDir Path folder) {
    var lake = new Lake(spark.session(), folder.toString());
    Dataset<Row> certain =
        spark.session().sql("select id as larger, id - id % 5 as smaller from range(15)");
    Dataset<Row> matches =
        spark
            .session()
            .sql(
                "select * from values (0L, 5L, 3d), (5L, 10L, 14d) as t(%s, %s, %s)"
                    .formatted(
                        Matching.LEFT.name(), Matching.RIGHT.name(), Matching.WEIGHT.name()));
    var report = new StageReport();

    Oversized broken = Oversized.broken(lake, certain, matches, 2, 4, report);

    assertThat(broken.cut().orElseThrow().count()).isEqualTo(2);
    assertThat(broken.whole().edges().count()).as("14 records with the least").isEqualTo(14);
    assertThat(report.warnings())
        .containsExactly(
            "1 group of over 4 records hung together; their weakest matches were cut, and 3 stayed");
  }

  /** A night looks at none of them, and says it all the same. */
  @Test
  void groupsThatStandAreTold(LocalSpark.Handle spark) {
    Dataset<Row> members =
        spark
            .session()
            .sql(
                "select id div 5 as %s from range(14)".formatted(IdentityRecords.COMPONENT.name()));
    var report = new StageReport();
    Oversized.tell(members, 5, report);
    assertThat(report.warnings()).isEmpty();
    Oversized.tell(members, 4, report);
    assertThat(report.warnings())
        .containsExactly("2 groups of over 4 records hung together; their weakest matches are cut");
  }

  @Test
  void whatIsNotTooLargeStaysAsItIs(LocalSpark.Handle spark, @TempDir Path folder) {
    var lake = new Lake(spark.session(), folder.toString());
    Dataset<Row> none = spark.session().sql("select 0L as larger, 0L as smaller where false");
    Dataset<Row> matches =
        spark
            .session()
            .sql(
                "select 1L as %s, 2L as %s, 3d as %s"
                    .formatted(
                        Matching.LEFT.name(), Matching.RIGHT.name(), Matching.WEIGHT.name()));
    var report = new StageReport();

    Oversized broken = Oversized.broken(lake, none, matches, 2, 2, report);

    assertThat(broken.cut()).isEmpty();
    assertThat(broken.components().edges().count()).isEqualTo(1);
    assertThat(report.warnings()).isEmpty();
  }
}
