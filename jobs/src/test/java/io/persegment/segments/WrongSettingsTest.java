package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slips of the pen in features and segmentations: each is told with its line and what to do. */
class WrongSettingsTest {
  private static final String SHOP = "shop { name = S, currency = EUR }, lake.root = l\n";

  /** A line of settings, and what is said of it. */
  private record Slip(String line, List<String> said) {
    @Override
    public String toString() {
      return line;
    }
  }

  private static Slip slip(String line, String... said) {
    return new Slip(line, List.of(said));
  }

  static Stream<Slip> slips() {
    return Stream.of(
        slip(
            "segments.profile = [spend_365]",
            "segments.profile names no feature: spend_365; did you mean spend_365d?"),
        slip(
            "segmentations.a { kind = rule, first-match = [] }",
            "segmentations.a.kind is rule; did you mean rules?"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"order_30d > 1\" }], otherwise = B }",
            "segmentations.a.first-match[0].when names no feature: order_30d; did you mean orders_30d?"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"orders_30d >> 1 1\" }], otherwise = B }",
            "segmentations.a.first-match[0].when is no SQL expression"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"orders_30d + 1\" }], otherwise = B }",
            "segmentations.a.first-match[0].when gives BIGINT; write a condition that is true or false, such as orders_30d > 3"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"orders_30d > 3 and orders_30d < 2\" }], otherwise = B }",
            "segmentations.a.first-match[0].when can never hold: no customer can have such values"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"orders_30d > 3\" }, { name = B, when = \"orders_30d > 5\" }], otherwise = C }",
            "segmentations.a.first-match[1].when catches nobody: wherever it holds, the rule A does, which comes first"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"in_segment('lifecycel', 'Lapsed')\" }], otherwise = B }",
            "segmentations.a.first-match[0].when names no other segmentation: lifecycel; did you mean lifecycle?"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"in_segment('lifecycle', 'Lapse')\" }], otherwise = B }",
            "segmentations.a.first-match[0].when names no segment of lifecycle: Lapse; did you mean Lapsed?"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"in_segment('a', 'A')\" }], otherwise = B }",
            "segmentations.a goes round in a circle: a, which names a"),
        slip(
            "segmentations { a { kind = rules, first-match = [{ name = A, when = \"in_segment('b', 'B')\" }], otherwise = X }, b { kind = rules, first-match = [{ name = B, when = \"in_segment('a', 'A')\" }], otherwise = X },"
                + " c { kind = rules, first-match = [{ name = C, when = \"in_segment('d', 'D')\" }], otherwise = X }, d { kind = rules, first-match = [{ name = D, when = \"in_segment('c', 'C')\" }], otherwise = X } }",
            "segmentations.a goes round in a circle: a, which names b, which names a",
            "segmentations.c goes round in a circle: c, which names d, which names c"),
        slip(
            "segmentation-defaults.k-means.tolerence = 0.1",
            "there is no setting tolerence in segmentation-defaults.k-means; did you mean tolerance?"),
        slip(
            "segmentation-defaults.kmeans.starts = 3",
            "there is no setting kmeans in segmentation-defaults; did you mean k-means?"),
        slip(
            "features.town { from = customers, value = city, type = text, meaning = Town }, segmentations.a { kind = rules, first-match = [{ name = A, when = \"town > 3\" }], otherwise = B }",
            "segmentations.a.first-match[0].when cannot be evaluated: town is a text, and is compared with a number; write a text, or cast(town as double)"),
        slip(
            "segmentations.a { kind = hierarchical, features = [recency], k = 2..6, height = 3 }",
            "segmentations.a.height and k are both there; write one of them"),
        slip(
            "features.town { from = customers, value = city, type = text, meaning = Town }, segmentations.a { kind = rules, first-match = [{ name = A, when = \"int(town) > 3 and town > '3' and recency > '3'\" }, { name = B, when = \"town >= 4\" }], otherwise = C }",
            "segmentations.a.first-match[1].when cannot be evaluated: town is a text"),
        slip(
            "segmentations.a { kind = hierarchical, features = [recency], starts = 3 }",
            "segmentations.a.starts says nothing of kind = hierarchical; leave it out"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], k = 2..60 }",
            "segmentations.a.k is 2..60; 50 clusters are the most"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"score('purchase') > 0.5\" }], otherwise = B }",
            "segmentations.a.first-match[0].when names no target: purchase"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"score('purchase_30d') > 5\" }], otherwise = B }",
            "segmentations.a.first-match[0].when can never hold"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"decile('purchase_30d') = 0\" }], otherwise = B }",
            "segmentations.a.first-match[0].when can never hold: no customer can have such values"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"recency > 'often'\" }], otherwise = B }",
            "segmentations.a.first-match[0].when cannot be evaluated: a number is compared with 'often'; write a number"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"orders_30d > 1\" }, { name = A, when = \"recency < 3\" }], otherwise = B }",
            "segmentations.a.first-match names two segments A; join their conditions by or"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"orders_30d > 1\" }] }",
            "segmentations.a.otherwise is missing: set it"),
        slip(
            "segmentations.a { kind = rules, first-match = [{ name = A, when = \"sum(orders_30d) > 1\" }], otherwise = B }",
            "segmentations.a.first-match[0].when looks at many customers; write a condition on one"),
        slip(
            "segmentations.a { kind = rules, otherwise = B }",
            "segmentations.a.first-match has no rules; list them as { name = \"...\", when = \"SQL\" }"),
        slip(
            "segmentations.a { kind = k-means, features = [spend_30, recency] }",
            "segmentations.a.features names no feature: spend_30; did you mean spend_30d?"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], k = 1..4 }",
            "segmentations.a.k is 1..4; 2 clusters are the fewest"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], k = 6..4 }",
            "segmentations.a.k is 6..4; write a range such as 2..8",
            "segmentations.a.k is 6..4; 2 clusters are the fewest"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], k = many }",
            "segmentations.a.k is many; write a range such as 2..8",
            "segmentations.a.k is many; 2 clusters are the fewest"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], transform = logarithm }",
            "segmentations.a.transform is logarithm"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], tolerance = 2 }",
            "segmentations.a.tolerance must be between 0.0 and 1.0, but is 2.0"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], populaton = \"orders_30d > 0\" }",
            "there is no setting populaton in segmentations.a; did you mean population?"),
        slip(
            "segmentations.a { kind = k-means, features = [recency], components = 3 }",
            "segmentations.a.components is 3, but there are 1 features; write as many at most"),
        slip(
            "segmentations.a { kind = k-means }",
            "segmentations.a.features are missing: name the features to find clusters in"),
        slip(
            "segmentations.a { kind = buckets, feature = spend_30d, edges = [200, 50], names = [A, B, C] }",
            "segmentations.a.edges are [200.0, 50.0]; write them rising, each once"),
        slip(
            "segmentations.a { kind = buckets, feature = spend_30d, edges = [50, 200], names = [A, B] }",
            "segmentations.a.names are 2, but 2 edges make 3 buckets"),
        slip(
            "segmentations.a { kind = buckets, feature = spend_30d, equal = 1 }",
            "segmentations.a.equal must be at least 2, but is 1"),
        slip(
            "segmentations.a { kind = combination, of = [lifecycle] }",
            "segmentations.a.of are [lifecycle]; name two or more segmentations, each once"),
        slip(
            "segmentations.a { kind = combination, of = [lifecycle, discnt] }",
            "segmentations.a.of names no other segmentation: discnt; did you mean discount?"),
        slip(
            "segmentations.a { kind = combination, of = [lifecycle, b] }, segmentations.b { kind = combination, of = [a, discount] }",
            "segmentations.a goes round in a circle: a, which names b, which names a"),
        slip(
            "features.a { from = order, aggregate = count, meaning = M }",
            "features.a.from is order; did you mean orders?"),
        slip(
            "features.a { from = orders, aggregate = \"sum(nett)\", meaning = M }",
            "features.a.aggregate names no column: nett; did you mean net?"),
        slip(
            "features.a { from = orders, aggregate = \"net\", meaning = M }",
            "features.a.aggregate is net; write count, recency, tenure, gap, gap_spread, share, favourite, or an SQL aggregate such as sum(net)"),
        slip(
            "features.a { from = orders, aggregate = \"sum(net\", meaning = M }",
            "features.a.aggregate is no SQL expression",
            "features.a.aggregate is sum(net; write count, recency, tenure, gap, gap_spread, share, favourite, or an SQL aggregate such as sum(net)"),
        slip(
            "features.a { from = orders, aggregate = count, window = soon, meaning = M }",
            "features.a.window is soon; write a span such as 30 days"),
        slip(
            "features.a { from = orders, aggregate = count, window = 99999999999 days, meaning = M }",
            "features.a.window is 99999999999 days; write a span such as 30 days"),
        slip(
            "segmentations.value.k = 2..99999999999",
            "segmentations.value.k is 2..99999999999; write a range such as 2..8"),
        slip(
            "features.a { from = orders, aggregate = count, where = \"stat = 'paid'\", meaning = M }",
            "features.a.where names no column: stat; did you mean status?"),
        slip(
            "features.a { from = orders, aggregate = count }",
            "features.a.meaning is missing: set it"),
        slip(
            "features.a { from = order_lines, aggregate = share, by = category, meaning = M }",
            "features.a.values is missing: list the values of category to tell apart"),
        slip(
            "features.a { from = features, value = \"spend_30d / order_30d\", meaning = M }",
            "features.a.value names no column: order_30d; did you mean orders_30d?"),
        slip(
            "features.orders_30d { from = orders, aggregate = count, window = 30 days, meaning = M }",
            "features.orders_30d makes a column orders_30d, which orders makes as well; give it another name"),
        slip(
            "features.spend_LIFETIME { from = orders, aggregate = count, meaning = M }",
            "features.spend_LIFETIME makes a column spend_LIFETIME, which spend makes as well; give it another name"),
        slip(
            "features.As_Of { from = orders, aggregate = recency, meaning = M }",
            "features.As_Of makes a column As_Of, which the table has already; give it another name"),
        slip(
            "features.sofa-count { from = orders, aggregate = count, meaning = M }",
            "features.sofa-count has a name that SQL would not read as one; begin with a letter, and use letters, digits and _ only"),
        slip(
            "features.a { from = customers, value = record_count, where = \"country = 'DK'\", meaning = M }",
            "features.a.where is there, but a customer is one row here; write value = \"case when ... then ... end\" instead"),
        slip(
            "features.a { from = orders, aggregate = \"max_by(channel, ordered_at)\", meaning = M }",
            "features.a.aggregate gives STRING, but the feature is a number; write type = text, or an expression that gives a number"),
        slip(
            "features.a { from = orders, aggregate = \"max(ordered_at) - min(ordered_at)\", meaning = M }",
            "but the feature is a number; write an expression that gives one"),
        slip(
            "features.a { from = customers, value = \"max(record_count)\", meaning = M }",
            "features.a.value looks at many rows; write an expression over one"),
        slip(
            "features.a { from = orders, aggregate = \"sum(net) / discount\", meaning = M }",
            "features.a.aggregate mixes an aggregate with a plain column; put every column into an aggregate, such as sum(net)"),
        slip(
            "features.a { from = orders, aggregate = \"sum(map(net, net))\", meaning = M }",
            "features.a.aggregate cannot be evaluated: "),
        slip(
            "features.a { from = orders, aggregate = count, where = channel, meaning = M }",
            "features.a.where gives STRING; write a condition that is true or false, such as source is not null"),
        slip(
            "features.a { from = orders, aggregate = share, by = channel, of = status, values = [web], meaning = M }",
            "features.a.of gives STRING; write an expression that is a number"),
        slip(
            "features.a { from = features, value = \"recency > 3\", type = date, meaning = M }",
            "features.a.value gives BOOLEAN, but the feature is a date; write type = flag, or an expression that gives a date"),
        slip(
            "features.a { from = orders, aggregate = \"first(channel)\", type = text, meaning = M }",
            "features.a.aggregate has first(), which depends on how rows lie; write min_by(x, (ordered_at, x))"),
        slip(
            "features.a { from = web_events, aggregate = \"mode(device)\", type = text, meaning = M }",
            "features.a.aggregate has mode(), which depends on how rows lie; write mode(x, true), which takes the least of equals"),
        slip(
            "targets.purchase_30d.where = channel",
            "targets.purchase_30d.where gives STRING; write a condition that is true or false"));
  }

  @ParameterizedTest
  @MethodSource("slips")
  void isTold(Slip slip) {
    PersegmentException told =
        catchThrowableOfType(
            PersegmentException.class,
            () -> PersegmentSettings.from(SettingsFile.parse("shop.conf", SHOP + slip.line())));

    assertThat(told.fault()).isEqualTo(Fault.SETTINGS);
    assertThat(told.getMessage()).contains("shop.conf:2: ").contains(slip.said());
  }
}
