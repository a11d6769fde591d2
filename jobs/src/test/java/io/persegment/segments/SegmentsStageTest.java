package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.Placement.Clause;
import io.persegment.segments.Placement.Left;
import io.persegment.segments.Placement.Rival;
import io.persegment.segments.Placement.Stay;
import io.persegment.segments.Placement.Value;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Ninety customers who buy things of three categories, thirty mostly of each. */
@ExtendWith(LocalSpark.class)
class SegmentsStageTest {
  private static final String GARDEN =
      """
      features.category_share {
        from = order_lines, aggregate = share, by = category, values = [Lounging, Decoration, Growing]
        meaning = "Part of what was spent"
      }
      segmentations {
        lifecycle = null, discount = null, value = null
        garden {
          kind = k-means, features = ["category_share_*"], population = "orders_lifetime > 0"
          transform = hellinger, scale = none, k = 2..5
        }
      }
      """;

  @TempDir Path folder;
  private LocalSpark.Handle spark;
  private Lake lake;

  @BeforeEach
  void fillTheLake(LocalSpark.Handle spark) {
    this.spark = spark;
    lake = new Lake(spark.session(), folder.toString());
    customers("id = 5");
  }

  /** Writes a hundred customers, of whom some may not be profiled. */
  private void customers(String withdrawn) {
    lake.overwrite(
        Customers.TABLE,
        spark.rows(
            Customers.TABLE,
            "select concat('c', id) as customer_id, true as is_known, 1 as record_count,"
                + " array('shop') as sources, map() as provenance, now() as updated_at,"
                + " if(%s, 'withdrawn', null) as profiling_consent from range(100)"
                    .formatted(withdrawn)));
  }

  @Test
  void rulesAndBucketsDivideEverybody() {
    String text =
        """
        segmentations.value = null
        segmentations.lifecycle.first-match = [
          { name = "Never Bought", when = "orders_lifetime = 0" }
          { name = "Frequent Buyers", when = "orders_30d > 3" }
          { name = "Nobody", when = "orders_30d > 2 and recency > 999" }
          { name = "Lapsed", when = "recency > 60" }
        ]
        """;
    features(
        text,
        "2026-06-01",
        """
        select * from values
          ('new', 0, 0, 0, null, 0.0), ('often', 4, 9, 4, 2, 0.02), ('gone', 0, 1, 1, 80, 0.019),
          ('never-known', null, null, 3, null, 0.5), ('some', 1, 1, 1, 9, 0.0999), ('cheap', 1, 3, 1, 9, null)
          as t(customer_id, orders_30d, orders_lifetime, orders_365d, recency, discount_share)
        """);

    StageReport report = run(text, "2026-06-01");

    assertThat(
            lines(
                "select customer_id, segmentation, segment_id, segment, confidence, since from"
                    + " segment_membership order by segmentation desc, customer_id"))
        .containsExactly(
            "cheap|lifecycle|occasional-buyers|Occasional Buyers|1.0|2026-06-01",
            "gone|lifecycle|lapsed|Lapsed|1.0|2026-06-01",
            "never-known|lifecycle|occasional-buyers|Occasional Buyers|1.0|2026-06-01",
            "new|lifecycle|never-bought|Never Bought|1.0|2026-06-01",
            "often|lifecycle|frequent-buyers|Frequent Buyers|1.0|2026-06-01",
            "some|lifecycle|occasional-buyers|Occasional Buyers|1.0|2026-06-01",
            "cheap|discount|not-bought-in-a-year|Not Bought in a Year|1.0|2026-06-01",
            "gone|discount|full-price|Full Price|1.0|2026-06-01",
            "never-known|discount|discount-hunters|Discount Hunters|1.0|2026-06-01",
            "new|discount|not-bought-in-a-year|Not Bought in a Year|1.0|2026-06-01",
            "often|discount|some-discount|Some Discount|1.0|2026-06-01",
            "some|discount|some-discount|Some Discount|1.0|2026-06-01");
    assertThat(
            lines(
                "select segmentation, name, size, round(share, 3), model_version, description from"
                    + " segments order by segmentation desc, size desc, name"))
        .contains(
            "lifecycle|Occasional Buyers|3|0.5|null|Where no rule holds.",
            "lifecycle|Frequent Buyers|1|0.167|null|Where orders_30d > 3 holds, and no rule before"
                + " it does.",
            "lifecycle|Nobody|0|0.0|null|Where orders_30d > 2 and recency > 999 holds, and no rule"
                + " before it does.",
            "discount|Some Discount|2|0.333|null|Part of the list price that was taken off: from"
                + " 0.02 to below 0.1.",
            "discount|Not Bought in a Year|2|0.333|null|Where orders_365d > 0 does not hold, or"
                + " discount_share is not known.");
    assertThat(
            lines(
                "select name, p.feature, p.mean, round(p.overall, 6), round(p.lift, 4) from (select name,"
                    + " explode(profile) as p from segments) where name in ('Lapsed', 'Nobody',"
                    + " 'Some Discount') and p.feature not like 'score%' order by name, p.feature"))
        .containsExactly(
            "Lapsed|orders_30d|0.0|1.2|0.0",
            "Lapsed|orders_lifetime|1.0|2.8|0.3571",
            "Lapsed|recency|80.0|25.0|3.2",
            "Nobody|orders_30d|null|1.2|null",
            "Nobody|orders_lifetime|null|2.8|null",
            "Nobody|recency|null|25.0|null",
            "Some Discount|discount_share|0.05995|0.159725|0.3753",
            "Some Discount|orders_lifetime|5.0|3.666667|1.3636");
    assertThat(report.warnings()).isEmpty();
    assertThat(report.rows()).containsEntry("segmentations", 2L).containsEntry("segments", 9L);

    Placement gone = placement(text, "gone", "lifecycle");
    assertThat(gone.segment()).isEqualTo("Lapsed");
    assertThat(gone.rules())
        .extracting(rule -> rule.segment() + " " + rule.holds())
        .containsExactly(
            "Never Bought false", "Frequent Buyers false", "Nobody false", "Lapsed true");
    assertThat(gone.rules().get(2).clauses())
        .containsExactly(
            clause("(orders_30d > 2)", false, "orders_30d", "0"),
            clause("(recency > 999)", false, "recency", "80"));
    assertThat(placement(text, "never-known", "lifecycle").rules().get(0).clauses())
        .singleElement()
        .satisfies(clause -> assertThat(clause.holds()).isEmpty());
    assertThat(placement(text, "some", "discount").values())
        .contains(new Value("discount_share", Optional.of("0.0999")));
  }

  @Test
  void clustersAreFoundNamedAndKept() {
    shares(GARDEN, "2026-06-01", "id % 3");
    run(GARDEN, "2026-06-01");

    assertThat(
            lines(
                "select segment_id, name, size, model_version, description from segments"
                    + " order by segment_id"))
        .containsExactly(
            "decoration|Decoration|29|1|Decoration 90 % against 32 % overall; Lounging 6 % against"
                + " 34 %; Growing 6 % against 34 %.",
            "growing|Growing|30|1|Growing 90 % against 34 % overall; Lounging 5 % against 34 %;"
                + " Decoration 5 % against 32 %.",
            "lounging|Lounging|30|1|Lounging 90 % against 34 % overall; Growing 4 % against 34 %;"
                + " Decoration 4 % against 32 %.",
            "not-enough-known|Not enough known|10|1|Where orders_lifetime > 0 does not hold, or a"
                + " feature of the clusters is not known.");
    // Customer 5 refused profiling, customers from 90 on bought nothing.
    assertThat(lines("select customer_id from segment_membership where customer_id = 'c5'"))
        .isEmpty();
    assertThat(
            lines(
                "select customer_id, segment, confidence > 0.7 and confidence < 1, since from"
                    + " segment_membership where customer_id in ('c0', 'c1', 'c2', 'c95')"
                    + " order by customer_id"))
        .containsExactly(
            "c0|Lounging|true|2026-06-01",
            "c1|Growing|true|2026-06-01",
            "c2|Decoration|true|2026-06-01",
            "c95|Not enough known|false|2026-06-01");
    Row model = lake.read(SegmentModels.TABLE).head();
    assertThat(model.getInt(model.fieldIndex("k"))).isEqualTo(3);
    assertThat(model.getList(model.fieldIndex("evidence"))).hasSize(4);
    assertThat(model.<String, Double>getJavaMap(model.fieldIndex("metrics")))
        .containsEntry("customers", 89.0)
        .hasEntrySatisfying("silhouette", s -> assertThat(s).isGreaterThan(0.9))
        .hasEntrySatisfying(
            "cost",
            c -> assertThat(c).isBetween(0.004, 0.006)) // 89 times the variance of sqrt(much)
        .containsKey("iterations");
    assertThat(model.<String>getAs("path")).isEqualTo("_models/segments/garden/1");

    // The next day one moves over, by the standing model.
    shares(GARDEN, "2026-06-02", "if(id = 0, 1, id % 3)");
    run(GARDEN, "2026-06-02");
    assertThat(membership("2026-06-02", "'c0', 'c1'"))
        .containsExactly("c0|growing|2026-06-02", "c1|growing|2026-06-01");

    assertThat(
            lines(
                "select segment_id, to_json(came_from) from segments where as_of = '2026-06-02'"
                    + " order by 1"))
        .containsExactly(
            "decoration|[{\"segment_id\":\"decoration\",\"customers\":29}]",
            "growing|[{\"segment_id\":\"growing\",\"customers\":30},{\"segment_id\":\"lounging\",\"customers\":1}]",
            "lounging|[{\"segment_id\":\"lounging\",\"customers\":29}]",
            "not-enough-known|[{\"segment_id\":\"not-enough-known\",\"customers\":10}]");
    assertThat(lines("select distinct to_json(came_from) from segments where as_of = '2026-06-01'"))
        .containsExactly("[]");

    Placement moved = placement(GARDEN, "c0", "garden");
    assertThat(moved.before())
        .containsExactly(
            new Stay("Lounging", LocalDate.parse("2026-06-01"), LocalDate.parse("2026-06-01")));
    Rival rival = moved.rival().orElseThrow();
    assertThat(rival.distance()).isLessThan(rival.otherDistance());
    assertThat(rival.pulls())
        .filteredOn(pull -> pull.value().name().equals("category_share_growing"))
        .singleElement()
        .satisfies(
            pull -> {
              assertThat(pull.value().value()).contains("0.88");
              assertThat(pull.average().orElseThrow()).isBetween(0.88, 0.92);
              assertThat(pull.otherAverage().orElseThrow()).isLessThan(0.1);
            });
    assertThat(placement(GARDEN, "c95", "garden").rival()).isEmpty();

    // A month later the model is fitted anew; its clusters come in another order, and are the same.
    customers("id in (5, 7)");
    shares(GARDEN, "2026-06-29", "if(id = 0, 1, if(id > 80, 0, id % 3))");
    run(GARDEN, "2026-06-29");
    assertThat(membership("2026-06-29", "'c0', 'c1', 'c3', 'c82'"))
        .containsExactly(
            "c0|growing|2026-06-02",
            "c1|growing|2026-06-01",
            "c3|lounging|2026-06-01",
            "c82|lounging|2026-06-29");
    assertThat(lines("select version, trained_as_of from segment_models order by version"))
        .containsExactly("1|2026-06-01", "2|2026-06-29");
    Placement.All ofWithdrawn = placements(GARDEN, "c7");
    assertThat(ofWithdrawn.now()).isEmpty();
    assertThat(ofWithdrawn.left())
        .containsExactly(
            new Left(
                "garden",
                new Stay("Growing", LocalDate.parse("2026-06-01"), LocalDate.parse("2026-06-02")),
                true,
                List.of()));

    // A backfill older than every model fits its own, whose clusters are the segments of later on.
    shares(GARDEN, "2026-05-01", "if(id = 1, 0, id % 3)");
    run(GARDEN, "2026-05-01");
    assertThat(membership("2026-05-01", "'c0', 'c1', 'c2'"))
        .containsExactly(
            "c0|lounging|2026-05-01", "c1|lounging|2026-05-01", "c2|decoration|2026-05-01");
    assertThat(membership("2026-06-29", "'c0'")).containsExactly("c0|growing|2026-06-02");
  }

  @Test
  void aDateThatIsDoneAgainComesOutTheSameHoweverItsRowsLie() {
    shares(GARDEN, "2026-06-01", "id % 3");
    run(GARDEN, "2026-06-01");
    List<String> membership =
        lines("select * except (confidence) from segment_membership order by 2, 3");
    List<String> segments =
        lines("select as_of, segment_id, name, description, size from segments order by 2");
    List<String> models =
        lines(
            "select segmentation, version, k, path, definition, to_json(clusters) from segment_models");
    List<Double> numbers = numbers();

    Table table = CustomerFeatures.table(settings(GARDEN));
    List<Row> rows = lake.read(table).collectAsList();
    Dataset<Row> shuffled =
        spark
            .session()
            .createDataFrame(rows, table.schema())
            .orderBy("category_share_growing", "customer_id");
    lake.overwrite(table, shuffled.repartition(7));
    run(GARDEN, "2026-06-01");

    assertThat(lines("select * except (confidence) from segment_membership order by 2, 3"))
        .isEqualTo(membership);
    assertThat(lines("select as_of, segment_id, name, description, size from segments order by 2"))
        .isEqualTo(segments);
    assertThat(
            lines(
                "select segmentation, version, k, path, definition, to_json(clusters) from segment_models"))
        .isEqualTo(models);
    List<Double> again = numbers();
    assertThat(again).hasSameSizeAs(numbers);
    for (int i = 0; i < again.size(); i++) {
      assertThat(again.get(i)).isCloseTo(numbers.get(i), within(1e-9));
    }
  }

  @Test
  void aModelWhoseSizesMovedIsFittedAnewOrKeptWhereItCannotBe() {
    String rotated = GARDEN + "segmentations.garden.components = 3";
    shares(rotated, "2026-06-01", "id % 3");
    run(rotated, "2026-06-01");
    shares(rotated, "2026-06-02", "if(id < 80, 0, id % 3)");
    assertThat(run(rotated, "2026-06-02").warnings()).as("by the standing model").isEmpty();

    shares(rotated, "2026-06-03", "id % 3", "if(id < 15, 3, 0)"); // few have bought
    assertThat(run(rotated, "2026-06-03").warnings())
        .satisfiesExactly(
            moved ->
                assertThat(moved)
                    .startsWith(
                        "The segmentation garden is to be fitted anew on 2026-06-03: the sizes")
                    .endsWith("since 2026-06-01 (refit-psi = 0.25)."),
            kept ->
                assertThat(kept)
                    .isEqualTo(
                        "The segmentation garden could not be fitted anew on 2026-06-03, and keeps"
                            + " version 1: 14 customers can be clustered, but 2 clusters need 20."));
    assertThat(membership("2026-06-03", "'c0', 'c1'"))
        .containsExactly("c0|lounging|2026-06-01", "c1|growing|2026-06-03");

    // What passed, as when a file was wrong for a night, fits no model anew and names nothing anew.
    shares(rotated, "2026-06-04", "id % 3");
    assertThat(run(rotated, "2026-06-04").warnings()).isEmpty();
    assertThat(membership("2026-06-04", "'c0', 'c1', 'c2'"))
        .containsExactly(
            "c0|lounging|2026-06-01", "c1|growing|2026-06-03", "c2|decoration|2026-06-03");
    for (String date : List.of("2026-06-05", "2026-06-06")) {
      shares(rotated, date, "if(id < 60, 0, id % 3)");
      run(rotated, date);
    }
    assertThat(lines("select version, trained_as_of from segment_models order by version"))
        .containsExactly("1|2026-06-01", "2|2026-06-06");
    assertThat(membership("2026-06-06", "'c0', 'c61', 'c62'"))
        .as("by what the model of before would say")
        .containsExactly(
            "c0|lounging|2026-06-01", "c61|growing|2026-06-04", "c62|decoration|2026-06-04");

    assertThat(placement(rotated, "c0", "garden").rival().orElseThrow().pulls())
        .as("of components, as many as there are features, none is one of these")
        .isEmpty();

    // A date that is done again keeps to what followed being built on it.
    run(rotated, "2026-06-03");
    assertThat(lines("select max(version) from segment_models")).containsExactly("2");
  }

  @Test
  void whatCannotBeClusteredIsLeftOutWithASentence() {
    String one = GARDEN + "segmentations.garden.k = 9..10";
    shares(one, "2026-06-01", "0");

    assertThat(run(one, "2026-06-01").warnings())
        .containsExactly(
            "The segmentation garden has no segments on 2026-06-01: 89 customers can be clustered,"
                + " but 9 clusters need 90.");
    assertThat(lines("select * from segment_membership")).isEmpty();
  }

  @Test
  void featuresMustBeThereAndOfTheSettingsInForce() {
    shares(GARDEN, "2026-06-01", "id % 3");

    assertThatThrownBy(() -> run(GARDEN, "2026-06-02"))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA))
        .hasMessage(
            "There are no customer_features as of 2026-06-02. Run the stage features for that date"
                + " first.");
    assertThatThrownBy(() -> run(GARDEN + "features.orders.where = \"net > 0\"", "2026-06-01"))
        .hasMessage(
            "The customer_features as of 2026-06-01 were made by other settings than today's. Run"
                + " the stage features for that date with --force first.");
  }

  @Test
  void segmentationsAreMadeOfOthers() {
    String text =
        GARDEN
            + """
            segmentations {
              buyer { kind = rules, otherwise = Once, first-match = [{ name = Often, when = "orders_lifetime > 3" }] }
              both { kind = combination, of = [garden, buyer], least-size = 10, names { "growing+once" = "Young gardens", "growin+once" = "Old gardens" } }
              garden.names { loungin = "Sun" }
              likes {
                kind = rules, otherwise = Nothing
                many = [
                  { name = "Sun", when = "in_segment('garden', 'lounging', 'no-such')" }
                  { name = "Often", when = "in_segment('buyer', 'Often')" }
                  { name = "Likely", when = "decile('purchase_30d') = 1 and score('purchase_30d') > 0.2" }
                ]
              }
            }
            """;
    shares(text, "2026-06-01", "id % 3", "if(id % 10 = 0 and id % 3 < 2 or id = 5, 4, 3)");
    lake.overwrite(
        CustomerScores.TABLE,
        spark.rows(
            CustomerScores.TABLE,
            "select date'2026-06-01' as as_of, concat('c', id) as customer_id, 'purchase_30d' as target,"
                + " 0.3 as score, 1 as decile, array() as reasons, 1 as model_version from range(2)"));

    StageReport report = run(text, "2026-06-01");

    // Of the thirty of Lounging and of Growing three each bought often, too few: they are taken for
    // the larger of what they are, which is not the six who bought often.
    assertThat(
            lines(
                "select segment_id, name, size, description, is_profiling from segments where"
                    + " segmentation = 'both' order by 1"))
        .containsExactly(
            "decoration+once|Decoration, Once|29|Decoration, Once, of garden and buyer.|true",
            "growing+*|Growing, any buyer|3|Growing of garden; no segments of their own with any of buyer.|true",
            "growing+once|Young gardens|27|Growing, Once, of garden and buyer.|true",
            "lounging+*|Lounging, any buyer|3|Lounging of garden; no segments of their own with any of buyer.|true",
            "lounging+once|Lounging, Once|27|Lounging, Once, of garden and buyer.|true",
            "not-enough-known|Not enough known|10|Where not enough is known for garden or"
                + " buyer.|true");
    assertThat(
            lines(
                "select name, size, is_profiling, round(share, 4) from segments where segmentation = 'likes'"
                    + " order by 1"))
        .containsExactly(
            "Likely|2|true|0.02", "Nothing|65|true|0.65", "Often|7|false|0.07", "Sun|30|true|0.3");
    assertThat(
            lines(
                "select distinct round(p.overall, 4) from (select explode(profile) as p from segments"
                    + " where segmentation = 'likes') where p.feature = 'orders_lifetime'"))
        .as("of 100 customers, each once: 83 with 3 orders, 7 with 4 and 10 with none")
        .containsExactly("2.77");
    assertThat(
            lines(
                "select customer_id, segmentation, segment from segment_membership where customer_id"
                    + " in ('c0', 'c1', 'c5', 'c99') and segmentation <> 'garden' order by 1, 2, 3"))
        .containsExactly(
            "c0|both|Lounging, any buyer",
            "c0|buyer|Often",
            "c0|likes|Likely",
            "c0|likes|Often",
            "c0|likes|Sun",
            "c1|both|Young gardens",
            "c1|buyer|Once",
            "c1|likes|Likely",
            "c5|buyer|Often",
            "c5|likes|Often", // which takes no profiling, as others of likes do
            "c99|both|Not enough known",
            "c99|buyer|Once",
            "c99|likes|Nothing");
    assertThat(
            lines(
                "select name, round(p.mean, 3), round(p.overall, 3) from (select name, explode(profile) as p"
                    + " from segments where segmentation = 'likes') where p.feature = 'score(\\'purchase_30d\\')'"
                    + " order by 1"))
        .containsExactly("Likely|0.3|0.3", "Nothing|null|0.3", "Often|0.3|0.3", "Sun|0.3|0.3");
    assertThat(
            LastSegments.in(lake)
                .orElseThrow()
                .small(SegmentationSettingsTest.all(TextSection.of(text)), 4))
        .contains(
            "on 2026-06-01 these segments had fewer than 4 customers (segments.worth-an-email): both:"
                + " Growing, any buyer (3); both: Lounging, any buyer (3); likes: Likely (2)");
    String few = text + "segmentations.both.most-combinations = 2";
    run(few, "2026-06-01");
    assertThat(
            lines("select segment_id, size from segments where segmentation = 'both' order by 1"))
        .as("the two largest, all others fall back")
        .containsExactly(
            "*+once|27",
            "decoration+once|29",
            "growing+*|3",
            "growing+once|27",
            "lounging+*|3",
            "not-enough-known|10");
    assertThat(placement(text, "c0", "both").values())
        .containsExactly(
            new Value("garden", Optional.of("Lounging")), new Value("buyer", Optional.of("Often")));
    assertThat(placement(text, "c1", "likes").rules())
        .singleElement()
        .satisfies(
            rule ->
                assertThat(rule.clauses().get(1).values())
                    .containsExactly(new Value("score('purchase_30d')", Optional.of("0.3"))));
    assertThat(report.warnings())
        .containsExactly(
            "The segmentation garden has a name for loungin, which is none of its segments; did you"
                + " mean lounging?",
            "The segmentation both has a name for growin+once, which is none of its segments; did you"
                + " mean growing+once?",
            "The segmentation likes names garden.no-such, a segment that there is not on 2026-06-01:"
                + " nobody is in it.");
  }

  /** Writes features of a hundred customers; {@code group} is which category they buy most of. */
  private void shares(String text, String asOf, String group) {
    shares(text, asOf, group, "3");
  }

  private void shares(String text, String asOf, String group, String orders) {
    features(
        text,
        asOf,
        """
        select customer_id, if(id < 90, %s, 0) as orders_lifetime,
          if(id < 90, if(g = 0, much, little), null) as category_share_lounging,
          if(id < 90, if(g = 1, much, little), null) as category_share_growing,
          if(id < 90, if(g = 2, much, little), null) as category_share_decoration
        from (select id, concat('c', id) as customer_id, %s as g, 0.88 + id %% 5 / 100 as much,
          0.04 + id %% 3 / 100 as little from range(100))
        """
            .formatted(orders, group));
  }

  private void features(String text, String asOf, String sql) {
    FeatureSettings settings = settings(text);
    Table table = CustomerFeatures.table(settings);
    lake.replaceWhere(
        table,
        "as_of = DATE'%s'".formatted(asOf),
        spark.rows(
            table,
            "select date'%s' as as_of, '%s' as definition, * from (%s)"
                .formatted(asOf, settings.definition(), sql)));
  }

  /** Returns why a customer is in the one segment of a segmentation that they are in. */
  private Placement placement(String text, String customer, String segmentation) {
    return placements(text, customer).now().stream()
        .filter(each -> each.segmentation().equals(segmentation))
        .findFirst()
        .orElseThrow();
  }

  private Placement.All placements(String text, String customer) {
    Section tree = TextSection.of(text);
    return Placements.of(
        lake,
        SegmentationSettingsTest.all(tree),
        settings(text),
        ConsentSettings.from(tree.section("consent")),
        customer);
  }

  private static Clause clause(String text, boolean holds, String feature, String value) {
    return new Clause(text, Optional.of(holds), List.of(new Value(feature, Optional.of(value))));
  }

  private StageReport run(String text, String asOf) {
    Section tree = TextSection.of(text);
    List<SegmentationSettings> segmentations = SegmentationSettingsTest.all(tree);
    ConsentSettings consent = ConsentSettings.from(tree.section("consent"));
    tree.problems().throwIfAny();
    var report = new StageReport();
    var all = new SegmentsSettings(List.of("orders_lifetime"), List.of("purchase_30d"), 50);
    new SegmentsStage(segmentations, settings(text), consent, all)
        .run(
            new StageContext(
                lake, LocalDate.parse(asOf), "run", Instant.parse("2026-07-01T02:00:00Z"), report));
    return report;
  }

  private static FeatureSettings settings(String text) {
    Section tree = TextSection.of(text);
    FeatureSettings settings = FeatureSettings.from(tree.section("features"));
    tree.problems().throwIfAny();
    return settings;
  }

  private List<String> membership(String asOf, String customers) {
    return lines(
        "select customer_id, segment_id, since from segment_membership where as_of = date'%s' and customer_id in (%s) order by 1"
            .formatted(asOf, customers));
  }

  private List<Double> numbers() {
    return query(
            "select * from (select customer_id as a, 0 as b, confidence as number from segment_membership"
                + " union all select segment_id, i, p.mean from"
                + " (select segment_id, posexplode(profile) as (i, p) from segments)"
                + " union all select key, version, value from"
                + " (select version, explode(metrics) as (key, value) from segment_models))"
                + " where number is not null order by a, b")
        .collectAsList()
        .stream()
        .map(row -> row.getDouble(2))
        .toList();
  }

  private List<String> lines(String sql) {
    return query(sql).collectAsList().stream().map(row -> row.mkString("|")).toList();
  }

  private Dataset<Row> query(String sql) {
    for (Table table : List.of(SegmentMembership.TABLE, Segments.TABLE, SegmentModels.TABLE)) {
      lake.readOrEmpty(table).createOrReplaceTempView(table.name());
    }
    return spark.session().sql(sql);
  }
}
