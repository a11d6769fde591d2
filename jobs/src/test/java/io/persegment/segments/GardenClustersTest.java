package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.demo.GardenCompany;
import io.persegment.demo.GardenPlan;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What was planted in the made-up shop is found again, from shares counted in the exports. */
@ExtendWith(LocalSpark.class)
class GardenClustersTest {

  @Test
  void threeGroupsAndTwoTiersAreFound(LocalSpark.Handle spark, @TempDir Path folder)
      throws Refused {
    GardenCompany.generate(new GardenPlan(1_500, LocalDate.of(2026, 6, 30), 1, folder));
    Map<String, SegmentationSettings> segmentations =
        PersegmentSettings.from(SettingsFile.read(List.of(Path.of("conf/garden.conf")), Map.of()))
            .segmentations()
            .stream()
            .collect(Collectors.toMap(SegmentationSettings::name, Function.identity()));
    Dataset<Row> people = people(spark, folder).persist();
    try {
      assertThat(agreement(people, segmentations.get("garden"), "garden_group", 3))
          .isGreaterThan(0.9);
      assertThat(agreement(people, segmentations.get("brand"), "brand_tier", 2)).isGreaterThan(0.9);
    } finally {
      people.unpersist();
    }
  }

  /** Returns everybody who paid for an order, with the shares of what they bought. */
  private static Dataset<Row> people(LocalSpark.Handle spark, Path exports) {
    view(spark, exports, "shopify/order", "orders");
    view(spark, exports, "shopify/order_line", "lines");
    view(spark, exports, "catalogue", "products");
    view(spark, exports, "truth/persons.csv", "persons");
    view(spark, exports, "truth/records.csv", "records");
    return spark
        .session()
        .sql(
            """
            with bought as (
              select o.customer_id, o.id as order_id, p.category, p.brand_tier,
                l.price * l.quantity - l.total_discount as net
              from orders o join lines l on l.order_id = o.id join products p using (product_id)
              where o.customer_id is not null and o.test = 'FALSE' and o.cancelled_at is null
                and o.financial_status not in ('pending', 'authorized')
            )
            select person_id as customer_id, first(garden_group) as garden_group, first(persons.brand_tier) as brand_tier,
              count(distinct order_id) as orders_lifetime,
              sum(if(category = 'Lounging', net, 0)) / sum(net) as category_share_lounging,
              sum(if(category = 'Decoration', net, 0)) / sum(net) as category_share_decoration,
              sum(if(category = 'Growing', net, 0)) / sum(net) as category_share_growing,
              count_if(bought.brand_tier = 'premium') / count(1) as brand_share_premium,
              count_if(bought.brand_tier = 'budget') / count(1) as brand_share_budget
            from bought join records on record_id = customer_id and source = 'shopify'
              join persons using (person_id)
            group by person_id
            """);
  }

  private static void view(LocalSpark.Handle spark, Path exports, String path, String name) {
    spark
        .session()
        .read()
        .option("header", true)
        .option("escape", "\"")
        .csv(exports.resolve(path).toString())
        .createOrReplaceTempView(name);
  }

  /** Returns the adjusted Rand index over those who bought three times or more. */
  private static double agreement(
      Dataset<Row> people, SegmentationSettings settings, String planted, int k) throws Refused {
    var fit = ((ClusterSettings) settings).fit();
    var trained =
        ClusterTraining.train(
            people.where(Preparation.known(fit, fit.population().sql().column())), fit);
    assertThat(trained.chosen().k()).isEqualTo(k);
    List<Row> cells =
        new ClusterModel(trained.pipeline())
            .score(people.where("orders_lifetime >= 3"))
            .groupBy(col(ClusterModel.CLUSTER), col(planted))
            .agg(count(lit(1)))
            .collectAsList();
    return adjustedRand(cells);
  }

  /** Hubert and Arabie, "Comparing partitions", Journal of Classification 2, 1985. */
  private static double adjustedRand(List<Row> cells) {
    double both = cells.stream().mapToDouble(cell -> pairs(cell.getLong(2))).sum();
    double rows = pairsOf(cells, cell -> cell.get(0));
    double columns = pairsOf(cells, cell -> cell.get(1));
    double all = pairs(cells.stream().mapToLong(cell -> cell.getLong(2)).sum());
    double expected = rows * columns / all;
    return (both - expected) / ((rows + columns) / 2 - expected);
  }

  private static double pairsOf(List<Row> cells, Function<Row, Object> side) {
    return cells.stream()
        .collect(Collectors.groupingBy(side, Collectors.summingLong(cell -> cell.getLong(2))))
        .values()
        .stream()
        .mapToDouble(GardenClustersTest::pairs)
        .sum();
  }

  private static double pairs(long n) {
    return n * (n - 1) / 2.0;
  }
}
