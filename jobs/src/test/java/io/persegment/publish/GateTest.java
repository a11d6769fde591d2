package io.persegment.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class GateTest {
  private static final LocalDate RELEASED = LocalDate.parse("2026-06-29");
  private static final LocalDate NOW = LocalDate.parse("2026-06-30");

  @Test
  void aSegmentThatIsCalledOtherwiseOrWhoseSegmentationIsGoneIsNotEmptied(LocalSpark.Handle spark) {
    Dataset<Row> before =
        spark
            .session()
            .sql(
                "select map('garden', if(id < 6, 'Lounging', 'Growing'), 'brand', 'Premium',"
                    + " 'campaigns', 'A; B') as segments from range(10)");
    Dataset<Row> now =
        spark
            .session()
            .sql(
                "select map('garden', 'Sun Loungers', 'campaigns', 'A') as segments from range(9)");
    Dataset<Row> segments =
        spark
            .session()
            .sql(
                """
                select * from values
                  (date'2026-06-29', 'garden', 'lounging', 'Lounging'), (date'2026-06-29', 'garden', 'growing', 'Growing'),
                  (date'2026-06-29', 'brand', 'premium', 'Premium'), (date'2026-06-29', 'campaigns', 'b', 'B'),
                  (date'2026-06-30', 'garden', 'lounging', 'Sun Loungers'), (date'2026-06-30', 'garden', 'growing', 'Growing'),
                  (date'2026-06-30', 'campaigns', 'a', 'A'), (date'2026-06-30', 'campaigns', 'b', 'B')
                  as t(as_of, segmentation, segment_id, name)""");

    assertThat(Gate.emptied(before, now, 4, segments, RELEASED, NOW))
        .containsExactly(
            "the segment B of campaigns would have nobody, after 10 customers in the last release",
            "the segment Growing of garden would have nobody, after 4 customers in the last release");
  }
}
