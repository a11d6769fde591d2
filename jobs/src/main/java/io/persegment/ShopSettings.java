package io.persegment;

import io.persegment.config.Section;
import java.util.Optional;

/**
 * Settings of the shop as a whole: {@code shop}.
 *
 * @param currency ISO 4217; all amounts are in it
 * @param country ISO 3166, two letters: region of phone numbers without a prefix
 * @param timezone zone of timestamps that come without one
 */
public record ShopSettings(
    String name, String currency, Optional<String> country, String timezone) {

  static ShopSettings from(Section shop) {
    String currency = shop.text("currency");
    if (shop.has("currency") && !currency.matches("[A-Z]{3}")) {
      shop.problem("currency", "is %s; write it as ISO 4217 does, such as EUR".formatted(currency));
    }
    Optional<String> country = shop.optionalText("country");
    if (country.isPresent() && !country.get().matches("[A-Z]{2}")) {
      shop.problem("country", "is %s; write two letters, such as DK".formatted(country.get()));
    }
    return new ShopSettings(shop.text("name"), currency, country, shop.text("timezone"));
  }
}
