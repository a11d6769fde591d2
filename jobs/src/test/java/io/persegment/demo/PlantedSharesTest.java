package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shares of what was planted in 1,500 people; bands are about three standard errors wide. */
class PlantedSharesTest {
  private static Exports exports;
  private static List<Map<String, String>> people;

  @BeforeAll
  static void generate(@TempDir Path folder) {
    GardenCompany.generate(new GardenPlan(1500, LocalDate.of(2026, 6, 30), 11, folder));
    exports = new Exports(folder);
    people =
        exports.rows("truth/persons.csv").stream()
            .filter(person -> !person.get("lifecycle").equals("visitor"))
            .toList();
  }

  @Test
  void peopleAreOfThreeGroupsAndTwoTiers() {
    assertThat(share(people, has("garden_group", "lounge"))).isCloseTo(.35, within(.04));
    assertThat(share(people, has("garden_group", "decor"))).isCloseTo(.33, within(.04));
    assertThat(share(people, has("brand_tier", "premium"))).isCloseTo(.5, within(.04));
    assertThat(share(people, has("discount_hunter", "TRUE"))).isCloseTo(.15, within(.03));
  }

  @Test
  void someBrowseSomeAreNewSomeHaveLeft() {
    assertThat(share(people, has("lifecycle", "browser"))).isCloseTo(.08, within(.025));
    assertThat(share(people, has("lifecycle", "new"))).isCloseTo(.075, within(.025));
    assertThat(share(people, has("lifecycle", "lapsed"))).isCloseTo(.22, within(.04));
  }

  @Test
  void someShareAPhone() {
    Map<String, Long> sizes =
        people.stream()
            .collect(Collectors.groupingBy(p -> p.get("household_id"), Collectors.counting()));
    assertThat(share(people, p -> sizes.get(p.get("household_id")) == 2))
        .isCloseTo(.08, within(.03));
  }

  @Test
  void aFewOrdersAreGuestsRefundedOrTests() {
    List<Map<String, String>> orders = exports.rows("shopify/order");
    assertThat(share(orders, has("customer_id", ""))).isCloseTo(.12, within(.02));
    assertThat(share(orders, order -> order.get("financial_status").endsWith("refunded")))
        .isCloseTo(.037, within(.01));
    assertThat(share(orders, has("test", "TRUE"))).isBetween(.0005, .01);
    assertThat(share(orders, has("financial_status", "voided"))).isCloseTo(.023, within(.01));
  }

  @Test
  void someDevicesAreNeverTied() {
    List<Map<String, String>> devices =
        exports.rows("truth/records.csv").stream()
            .filter(has("record_type", "anonymous_id"))
            .toList();
    assertThat(share(devices, device -> device.get("person_id").startsWith("v")))
        .isCloseTo(.2, within(.04));
  }

  @Test
  void mostSayYesAFewSayNoAndSomeSayNothing() {
    Map<String, String> persons =
        exports.rows("truth/records.csv").stream()
            .filter(has("source", "newsletter"))
            .collect(Collectors.toMap(r -> r.get("record_id"), r -> r.get("person_id")));
    assertThat(Set.copyOf(persons.values()).size() / 1500.0).isCloseTo(.88, within(.03));
    assertThat(lastStatus(persons, "marketing", "granted")).isCloseTo(.75, within(.04));
    assertThat(lastStatus(persons, "profiling", "withdrawn")).isCloseTo(.03, within(.015));
  }

  @Test
  void lessThanAThirdOfBuyersBuyInTheNextMonth() {
    List<Map<String, String>> eligible =
        exports.rows("truth/purchase_30d.csv").stream().filter(has("eligible", "TRUE")).toList();
    assertThat(share(eligible, has("purchased", "TRUE"))).isBetween(.15, .32);
  }

  /** Share of all people whose last e-mail consent for the purpose has this status. */
  private static double lastStatus(Map<String, String> persons, String purpose, String status) {
    Map<String, Map<String, String>> last =
        exports.rows("newsletter").stream()
            .filter(has("channel", "email").and(has("purpose", purpose)))
            .sorted(Comparator.comparing(consent -> consent.get("changed_at")))
            .collect(
                Collectors.toMap(c -> persons.get(c.get("id")), c -> c, (before, after) -> after));
    return last.values().stream().filter(has("status", status)).count() / 1500.0;
  }

  private static double share(
      List<Map<String, String>> rows, Predicate<Map<String, String>> condition) {
    return rows.stream().filter(condition).count() / (double) rows.size();
  }

  private static Predicate<Map<String, String>> has(String column, String value) {
    return row -> row.get(column).equals(value);
  }
}
