package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds in every generated shop, looked at in one of 400 people. */
class GardenExportsTest {
  private static final Pattern MICROS = Pattern.compile("\"event_timestamp\":(\\d+)");
  private static final Pattern USER = Pattern.compile("\"user_id\":\"(\\d+)\"");
  private static final Pattern DEVICE = Pattern.compile("\"user_pseudo_id\":\"([0-9.]+)\"");
  private static final Pattern SALE = Pattern.compile("\"transaction_id\":\"(\\d+)\"");

  private static Exports exports;

  @BeforeAll
  static void generate(@TempDir Path folder) {
    GardenCompany.generate(new GardenPlan(400, LocalDate.of(2025, 2, 28), 5, folder));
    exports = new Exports(folder);
  }

  @Test
  void moneyAddsUp() {
    Map<String, BigDecimal> listed =
        exports.rows("shopify/order_line").stream()
            .collect(
                Collectors.toMap(
                    line -> line.get("order_id"),
                    line -> money(line, "price").multiply(money(line, "quantity")),
                    BigDecimal::add));
    assertThat(exports.rows("shopify/order"))
        .isNotEmpty()
        .allSatisfy(
            order -> {
              BigDecimal lines = money(order, "total_line_items_price");
              BigDecimal subtotal = money(order, "subtotal_price");
              BigDecimal tax = money(order, "total_tax");
              assertThat(lines).isEqualByComparingTo(listed.get(order.get("id")));
              assertThat(subtotal)
                  .isEqualByComparingTo(lines.subtract(money(order, "total_discounts")));
              assertThat(tax)
                  .isEqualByComparingTo(
                      subtotal.multiply(new BigDecimal("0.25")).setScale(2, RoundingMode.HALF_UP));
              assertThat(money(order, "total_price"))
                  .isEqualByComparingTo(subtotal.add(tax).add(money(order, "total_shipping")));
            });
  }

  @Test
  void refundsGiveBackNoMoreThanWasPaid() {
    Map<String, Map<String, String>> lines = byId("shopify/order_line");
    assertThat(exports.rows("shopify/order_line_refund"))
        .isNotEmpty()
        .allSatisfy(
            back -> {
              Map<String, String> line = lines.get(back.get("order_line_id"));
              BigDecimal paid =
                  money(line, "price")
                      .multiply(money(line, "quantity"))
                      .subtract(money(line, "total_discount"));
              assertThat(money(back, "subtotal")).isLessThanOrEqualTo(paid);
            });
  }

  @Test
  void everythingBelongsToSomethingThatIsThere() {
    Set<String> orders = ids("shopify/order");
    assertThat(orders).containsAll(exports.column("shopify/order_line", "order_id"));
    assertThat(orders).containsAll(exports.column("shopify/refund", "order_id"));
    assertThat(orders).containsAll(found(SALE));
    assertThat(ids("shopify/refund"))
        .containsAll(exports.column("shopify/order_line_refund", "refund_id"));
    assertThat(ids("klaviyo/person")).containsAll(exports.column("klaviyo/event", "person_id"));
    assertThat(ids("klaviyo/metric")).containsAll(exports.column("klaviyo/event", "metric_id"));
    assertThat(ids("klaviyo/campaign")).containsAll(exports.column("klaviyo/event", "campaign_id"));
    assertThat(exports.column("catalogue/products.csv", "product_id"))
        .containsAll(exports.column("shopify/order_line", "product_id"));
    assertThat(ids("shopify/customer")).containsAll(found(USER));
  }

  @Test
  void noIdIsGivenTwice() {
    for (String path :
        List.of(
            "shopify/customer",
            "shopify/order",
            "shopify/order_line",
            "hubspot/contact",
            "klaviyo/person",
            "klaviyo/event",
            "klaviyo/campaign",
            "newsletter")) {
      assertThat(exports.column(path, "id")).as(path).doesNotHaveDuplicates();
    }
  }

  @Test
  void truthKnowsEveryRecordOnceAndNoOther() {
    Stream<String> guests =
        exports.rows("shopify/order").stream()
            .filter(order -> order.get("customer_id").isEmpty())
            .map(order -> "shopify/order/" + order.get("id"));
    List<String> records =
        Stream.of(
                ids("shopify/customer").stream().map(id -> "shopify/contact/" + id),
                ids("hubspot/contact").stream().map(id -> "hubspot/contact/" + id),
                ids("klaviyo/person").stream().map(id -> "klaviyo/contact/" + id),
                ids("newsletter").stream().map(id -> "newsletter/contact/" + id),
                found(USER).stream().map(id -> "ga4/login/" + id),
                found(DEVICE).stream().map(id -> "ga4/anonymous_id/" + id),
                guests)
            .flatMap(Function.identity())
            .toList();
    assertThat(exports.rows("truth/records.csv"))
        .extracting(
            record ->
                String.join(
                    "/", record.get("source"), record.get("record_type"), record.get("record_id")))
        .containsExactlyInAnyOrderElementsOf(records);
    assertThat(exports.column("truth/persons.csv", "person_id"))
        .doesNotHaveDuplicates()
        .containsAll(exports.column("truth/records.csv", "person_id"));
  }

  @Test
  void nothingHappensAfterTheLastDay() {
    String end = "2025-03-01";
    assertThat(
            Stream.of(
                    exports.column("shopify/order", "created_at"),
                    exports.column("shopify/order", "updated_at"),
                    exports.column("shopify/order", "cancelled_at"),
                    exports.column("shopify/refund", "created_at"),
                    exports.column("shopify/customer", "created_at"),
                    exports.column("shopify/customer", "updated_at"),
                    exports.column("hubspot/contact", "property_lastmodifieddate"),
                    exports.column("klaviyo/person", "updated"),
                    exports.column("klaviyo/event", "datetime"),
                    exports.column("newsletter", "changed_at"))
                .flatMap(List::stream))
        .allSatisfy(moment -> assertThat(moment).isLessThan(end));
    long endMicros = LocalDate.parse(end).toEpochDay() * 86_400_000_000L;
    assertThat(found(MICROS)).allSatisfy(m -> assertThat(Long.parseLong(m)).isLessThan(endMicros));
  }

  @Test
  void rowsStandInTheFileOfTheirMonth() {
    for (Path file : exports.files("shopify/order")) {
      String month = file.getFileName().toString().substring("order_".length(), 13);
      assertThat(exports.column("shopify/order/" + file.getFileName(), "created_at"))
          .allSatisfy(moment -> assertThat(moment).startsWith(month));
    }
  }

  @Test
  void truthSaysWhetherAnOrderWasPaidByTheLastDay() {
    Set<String> paidIds =
        exports.rows("shopify/order").stream()
            .filter(
                order ->
                    Set.of("paid", "refunded", "partially_refunded")
                        .contains(order.get("financial_status")))
            .filter(order -> order.get("test").equals("FALSE"))
            .map(order -> order.get("id"))
            .collect(Collectors.toSet());
    assertThat(paidIds).isNotEmpty();
    Map<String, String> persons =
        exports.rows("truth/records.csv").stream()
            .filter(record -> record.get("source").equals("shopify"))
            .collect(Collectors.toMap(r -> r.get("record_id"), r -> r.get("person_id")));
    Set<String> buyers =
        exports.rows("shopify/order").stream()
            .filter(order -> paidIds.contains(order.get("id")))
            .map(
                order ->
                    persons.get(
                        order.get("customer_id").isEmpty()
                            ? order.get("id")
                            : order.get("customer_id")))
            .collect(Collectors.toSet());
    Set<String> eligible =
        exports.rows("truth/purchase_30d.csv").stream()
            .filter(row -> row.get("as_of").equals("2025-02-28"))
            .filter(row -> row.get("eligible").equals("TRUE"))
            .map(row -> row.get("person_id"))
            .collect(Collectors.toSet());
    assertThat(eligible).isEqualTo(buyers);
  }

  private static BigDecimal money(Map<String, String> row, String column) {
    return new BigDecimal(row.get(column));
  }

  private static Set<String> ids(String path) {
    return new HashSet<>(exports.column(path, "id"));
  }

  private static Map<String, Map<String, String>> byId(String path) {
    return exports.rows(path).stream()
        .collect(Collectors.toMap(row -> row.get("id"), Function.identity()));
  }

  private static Set<String> found(Pattern pattern) {
    return exports.webEvents().stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toSet());
  }
}
