package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GardenCompanyTest {
  private static final LocalDate UNTIL = LocalDate.of(2026, 6, 30);

  @TempDir Path folder;

  @Test
  void samePlanMakesTheSameBytes() throws IOException {
    assertThat(generated("one", 60, 7)).isEqualTo(generated("two", 60, 7));
  }

  @Test
  void anotherSeedMakesOtherBytes() throws IOException {
    Map<String, Integer> seven = generated("one", 60, 7);
    Map<String, Integer> eight = generated("two", 60, 8);
    assertThat(eight.get("shopify/customer/customer.csv"))
        .isNotEqualTo(seven.get("shopify/customer/customer.csv"));
    assertThat(eight.get("truth/purchase_30d.csv"))
        .isNotEqualTo(seven.get("truth/purchase_30d.csv"));
  }

  @Test
  void replacesWhatWasGeneratedAndLeavesTheRest() throws IOException {
    Path stale = folder.resolve("one/shopify/order/order_1999-01.csv");
    Path foreign = folder.resolve("one/notes.txt");
    Path halfWritten = folder.resolve("one/.partial/shopify/order/order_1999-01.csv");
    for (Path path : Arrays.asList(stale, foreign, halfWritten)) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, "left by somebody");
    }
    generated("one", 3, 7);
    assertThat(stale).doesNotExist();
    assertThat(halfWritten).doesNotExist();
    assertThat(folder.resolve("one/.partial")).doesNotExist();
    assertThat(foreign).hasContent("left by somebody");
  }

  @Test
  void makesAMonthlyFileEvenForMonthsWithoutRows() throws IOException {
    assertThat(generated("one", 1, 7).keySet())
        .contains("shopify/refund/refund_2024-07.csv", "shopify/refund/refund_2026-06.csv")
        .contains("klaviyo/event/event_2024-07.csv", "ga4/events_202606.json.gz")
        .doesNotContain("shopify/order/order_2024-06.csv", "shopify/order/order_2026-07.csv");
  }

  @Test
  void countsWhatItWrote() {
    GardenSummary summary =
        GardenCompany.generate(new GardenPlan(80, UNTIL, 7, folder.resolve("one")));
    Exports exports = new Exports(folder.resolve("one"));
    assertThat(summary)
        .isEqualTo(
            new GardenSummary(
                80,
                exports.rows("truth/persons.csv").size() - 80,
                exports.rows("shopify/customer").size(),
                exports.rows("hubspot/contact").size(),
                exports.rows("klaviyo/person").size(),
                exports.rows("shopify/order").size(),
                exports.rows("shopify/order_line").size(),
                exports.rows("shopify/refund").size(),
                exports.webEvents().size(),
                exports.rows("klaviyo/event").size(),
                exports.rows("newsletter/consents.csv").size(),
                exports.rows("catalogue/products.csv").size()));
  }

  /** Generates a shop and returns a hash of each of its files. */
  private Map<String, Integer> generated(String name, int customers, long seed) throws IOException {
    Path exports = folder.resolve(name);
    GardenCompany.generate(new GardenPlan(customers, UNTIL, seed, exports));
    Map<String, Integer> hashes = new TreeMap<>();
    for (Path file : new Exports(exports).files(".")) {
      String path = exports.relativize(file.normalize()).toString();
      hashes.put(path, Arrays.hashCode(Files.readAllBytes(file)));
    }
    return hashes;
  }
}
