package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.Tuple2;

@ExtendWith(LocalSpark.class)
class RankingTest {
  @Test
  void decilesAreOfEqualSizeAndTiesGoByCustomer(LocalSpark.Handle spark) {
    var people = new ArrayList<Tuple2<String, Double>>();
    var random = new Random(1);
    for (int i = 0; i < 203; i++) {
      // Many are equal, many lie in one bucket, and some are at the very ends.
      double score = i < 60 ? 0.5 : i < 120 ? 0.5 + i * 1e-9 : random.nextInt(40) / 39.0;
      people.add(new Tuple2<>("c%03d".formatted(i), score));
    }

    Map<String, Integer> expected = new TreeMap<>();
    people.sort(
        Comparator.comparing((Tuple2<String, Double> each) -> -each._2())
            .thenComparing(Tuple2::_1));
    for (int place = 0; place < people.size(); place++) {
      expected.put(people.get(place)._1(), place * 10 / people.size() + 1);
    }
    Collections.shuffle(people, random);
    assertThat(deciles(rows(spark, people).repartition(5))).isEqualTo(expected);
    assertThat(
            expected.values().stream()
                .collect(Collectors.groupingBy(d -> d, Collectors.counting()))
                .values())
        .hasSize(10)
        .allMatch(size -> size == 20 || size == 21);
  }

  @Test
  void fewCustomersAreTheBestOfTheirTenths(LocalSpark.Handle spark) {
    assertThat(deciles(rows(spark, List.of(new Tuple2<>("b", .1), new Tuple2<>("a", .9)))))
        .isEqualTo(Map.of("a", 1, "b", 6));
    assertThat(deciles(rows(spark, List.of()))).isEmpty();
  }

  private static Dataset<Row> rows(LocalSpark.Handle spark, List<Tuple2<String, Double>> people) {
    return spark
        .session()
        .createDataset(people, Encoders.tuple(Encoders.STRING(), Encoders.DOUBLE()))
        .toDF(CustomerScores.CUSTOMER_ID.name(), CustomerScores.SCORE.name());
  }

  private static Map<String, Integer> deciles(Dataset<Row> rows) {
    return Ranking.withDeciles(rows).collectAsList().stream()
        .collect(
            Collectors.toMap(
                row -> row.getAs(CustomerScores.CUSTOMER_ID.name()),
                row -> row.getAs(CustomerScores.DECILE.name())));
  }
}
