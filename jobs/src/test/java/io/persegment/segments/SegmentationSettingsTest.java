package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.features.FeatureSettings;
import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import io.persegment.segments.RuleSettings.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SegmentationSettingsTest {
  private static final String NONE =
      "segmentations { lifecycle = null, discount = null, value = null }\n";

  @Test
  void defaults() {
    List<SegmentationSettings> settings = read("");

    assertThat(settings)
        .extracting(SegmentationSettings::name)
        .containsExactly("discount", "lifecycle", "value");
    assertThat(settings.get(0))
        .isEqualTo(
            new BucketSettings(
                "discount",
                "discount_share",
                List.of(0.02, 0.1),
                0,
                List.of("Full Price", "Some Discount", "Discount Hunters"),
                Condition.parse("orders_365d > 0"),
                "Not Bought in a Year"));
    assertThat(((RuleSettings) settings.get(1)).segments())
        .containsExactly(
            "Never Bought", "Frequent Buyers", "Engaged Browsers", "Lapsed", "Occasional Buyers");
    assertThat(((ClusterSettings) settings.get(2)).fit())
        .isEqualTo(
            new Fit(
                Method.K_MEANS,
                0,
                0,
                0,
                List.of("recency", "orders_lifetime", "spend_lifetime"),
                Condition.parse("orders_lifetime > 0"),
                0,
                Transform.LOG,
                Scale.STANDARD,
                0,
                3,
                6,
                10,
                20_000,
                0.02,
                0.02,
                0.6,
                1));
  }

  @Test
  void everySettingCanBeSet() {
    List<SegmentationSettings> settings =
        read(
            NONE
                + """
                segmentations {
                  engaged { kind = rules, first-match = [{ name = A, when = "opens_30d > 1" }], otherwise = B }
                  loyal { kind = buckets, feature = tenure, edges = [30], names = [New, Old], population = "tenure > 1", unknown = U }
                  mail {
                    kind = k-means, features = ["opens_*", clicks_30d], population = "emails_90d > 0", unknown = U
                    transform = hellinger, scale = none, k = 4, starts = 2, sample = 1000, tolerance = 0.1
                    least-share = 0.05, refit = 1 week, seed = 7, names { few-opens = Sleepers }
                  }
                }
                """);

    assertThat(settings.get(0))
        .isEqualTo(
            new RuleSettings(
                "engaged",
                List.of(new Rule("A", Condition.parse("opens_30d > 1"))),
                true,
                Optional.of("B")));
    assertThat(settings.get(1))
        .isEqualTo(
            new BucketSettings(
                "loyal",
                "tenure",
                List.of(30.0),
                0,
                List.of("New", "Old"),
                Condition.parse("tenure > 1"),
                "U"));
    ClusterSettings mail = (ClusterSettings) settings.get(2);
    assertThat(mail)
        .isEqualTo(
            new ClusterSettings(
                "mail",
                new Fit(
                    Method.K_MEANS,
                    0,
                    0,
                    0,
                    List.of("opens_30d", "opens_90d", "clicks_30d"),
                    Condition.parse("emails_90d > 0"),
                    0,
                    Transform.HELLINGER,
                    Scale.NONE,
                    0,
                    4,
                    4,
                    2,
                    1_000,
                    0.1,
                    0.05,
                    0.6,
                    7),
                "U",
                7,
                0.25,
                0.5,
                Map.of("few-opens", "Sleepers"),
                mail.definition()));
    assertThat(mail.columns())
        .containsExactlyInAnyOrder("opens_30d", "opens_90d", "clicks_30d", "emails_90d");
  }

  @Test
  void aModelDependsOnItsOwnFeaturesAndOnNoOthers() {
    String own = "features.opens.windows = [7 days, 30 days, 60 days, 90 days]\n";
    String other = "features.visits.windows = [7 days]\n";
    String clusters = NONE + "segmentations.mail { kind = k-means, features = [opens_30d] ";

    String definition = definition(clusters + "}");
    assertThat(definition(other + clusters + "}")).isEqualTo(definition);
    assertThat(definition(clusters + ", refit = 1 day, names { a = B }, unknown = U }"))
        .isEqualTo(definition);
    assertThat(definition(own + clusters + "}")).isNotEqualTo(definition);
    assertThat(definition(clusters + ", k = 3 }")).isNotEqualTo(definition);
  }

  @Test
  void everyMistakeIsTold() {
    String text =
        """
        segmentations {
          lifecycle { first-match = [{ name = A, when = "order_30d > 3" }, { name = a, wen = "x" }] }
          discount { feature = discount_shar, edges = [0.3, 0.1], names = [Low, High], population = "sum(orders_30d) > 3" }
          value { features = [recenci, "visit*"], k = 1..3, transform = sqrt, tolerance = 2, names { a = Top, b = top } }
          "a b" { kind = rule, whatever = 1 }
          best { kind = rules, first-match = [], otherwise = Rest }
          mail { kind = k-means }
        }
        """;

    assertThatThrownBy(() -> read(text))
        .hasMessageContaining(
            "test.conf:2: segmentations.lifecycle.first-match[0].when names no feature:"
                + " order_30d; did you mean orders_30d?")
        .hasMessageContaining(
            "there is no setting wen in segmentations.lifecycle.first-match[1]; did you mean when?")
        .hasMessageContaining("segmentations.lifecycle.first-match[1].when is missing")
        .hasMessageContaining("segmentations.lifecycle.first-match names two segments A;")
        .hasMessageContaining(
            "test.conf:3: segmentations.discount.feature is discount_shar; did you mean"
                + " discount_share?")
        .hasMessageContaining(
            "segmentations.discount.edges are [0.3, 0.1]; write them rising, each once")
        .hasMessageContaining("segmentations.discount.names are 2, but 2 edges make 3 buckets")
        .hasMessageContaining(
            "segmentations.discount.population looks at many customers; write a condition on"
                + " one")
        .hasMessageContaining(
            "segmentations.value.features names no feature: recenci; did you mean recency?")
        .hasMessageContaining("segmentations.value.k is 1..3; 2 clusters are the fewest")
        .hasMessageContaining(
            "segmentations.value.transform is sqrt; there are: centred-log-ratio,")
        .hasMessageContaining(
            "segmentations.value.tolerance must be between 0.0 and 1.0, but is 2.0")
        .hasMessageContaining("segmentations.value.names name two segments")
        .hasMessageContaining(
            "segmentations.a b has a name that is not plain; use letters, digits, _ and - only")
        .hasMessageContaining("segmentations.a b.kind is rule; did you mean rules?")
        .hasMessageContaining("segmentations.best.first-match has no rules; list them as")
        .hasMessageContaining(
            "test.conf:7: segmentations.mail.features are missing: name the features to find clusters in")
        .hasMessageContaining("The settings have 17 mistakes");
  }

  @Test
  void conditionsAreJudgedTogether() {
    String text =
        """
        segmentations {
          lifecycle { first-match = [
            { name = A, when = "orders_30d > 3" }
            { name = B, when = "orders_30d > 5 and recency < 9" }
            { name = C, when = "orders_30d < 0" }
            { name = D, when = "recency" }
            { name = E, when = "score('purchase_30') > 1 or decile('purchase_30d') = 11" }
            { name = F, when = "in_segment('discount', 'Full Prize') or in_segment('value', 'whatever')" }
            { name = G, when = "in_segment('lifecycle', 'A') or in_segment('x') or nullif(recency) > 1" }
          ], otherwise = H }
          discount { population = "in_segment('loop', 'one')" }
          loop { kind = rules, many = [{ name = one, when = "in_segment('discount', 'full price') and decile('purchase_30d') = 11" }] }
          both { kind = combination, of = [loop, discunt], least-size = 0 }
          one { kind = combination, of = discount }
        }
        """;

    assertThatThrownBy(() -> read(text))
        .hasMessageContaining(
            "test.conf:4: segmentations.lifecycle.first-match[1].when catches nobody: wherever it"
                + " holds, the rule A does, which comes first")
        .hasMessageContaining(
            "first-match[2].when can never hold: no customer can have such values")
        .hasMessageContaining(
            "first-match[3].when gives INT; write a condition that is true or false, such as"
                + " orders_30d > 3")
        .hasMessageContaining(
            "first-match[4].when names no target: purchase_30; did you mean purchase_30d?")
        .hasMessageContaining(
            "first-match[5].when names no segment of discount: Full Prize; did you mean Full"
                + " Price?")
        .hasMessageContaining(
            "segmentations.lifecycle goes round in a circle: lifecycle, which names lifecycle")
        .hasMessageContaining(
            "first-match[6].when has in_segment() with 1 names; write"
                + " in_segment('segmentation', 'segment')")
        .hasMessageContaining("many[0].when can never hold")
        .hasMessageContaining(
            "segmentations.both.of names no other segmentation: discunt; did you mean discount?")
        .hasMessageContaining(
            "segmentations.both is made of loop, in which a customer may be in many segments")
        .hasMessageContaining("segmentations.both.least-size must be at least 1, but is 0")
        .hasMessageContaining(
            "segmentations.one.of are [discount]; name two or more segmentations, each once")
        .hasMessageContaining(
            "segmentations.loop goes round in a circle: loop, which names discount, which names"
                + " loop")
        .hasMessageContaining("The settings have 13 mistakes");
  }

  @Test
  void eachComesAfterWhatItNeeds() {
    List<SegmentationSettings> settings =
        read(
            """
            segmentations {
              aa { kind = combination, of = [value, lifecycle] }
              discount { population = "in_segment('zz', 'Good') or score('purchase_30d') > 0.5" }
              zz { kind = rules, many = [{ name = Good, when = "orders_30d > 3" }, { name = Better, when = "orders_30d > 5" }] }
            }
            """);

    assertThat(settings)
        .extracting(SegmentationSettings::name)
        .containsExactly("lifecycle", "value", "aa", "zz", "discount");
    assertThat(settings.get(2))
        .isEqualTo(
            new CombinationSettings(
                "aa", List.of("value", "lifecycle"), 100, 60, "Not enough known", Map.of()));
    assertThat(settings.get(3).segments()).containsExactly("Good", "Better");
  }

  @Test
  void anAmountHasNoMost() {
    assertThat(
            read(
                "segmentations.worth { kind = rules, first-match = ["
                    + "{ name = Best, when = \"score('clv_365d') > 500\" }], otherwise = Others }"))
        .extracting(SegmentationSettings::name)
        .contains("worth");
  }

  private static String definition(String text) {
    return ((ClusterSettings) read(text).get(0)).definition();
  }

  private static List<SegmentationSettings> read(String text) {
    Section tree = TextSection.of(text);
    List<SegmentationSettings> settings = all(tree);
    tree.problems().throwIfAny();
    return settings;
  }

  static List<SegmentationSettings> all(Section tree) {
    return SegmentationSettings.all(
        tree.section("segmentations"),
        tree.section("segmentation-defaults"),
        FeatureSettings.from(tree.section("features")),
        Map.of("purchase_30d", 1.0, "clv_365d", Double.POSITIVE_INFINITY));
  }
}
