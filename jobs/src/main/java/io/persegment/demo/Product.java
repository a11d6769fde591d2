package io.persegment.demo;

import java.util.Locale;

/**
 * Something the shop sells.
 *
 * @param price in cents of euro, without tax
 */
record Product(
    int number,
    String name,
    String category,
    String subcategory,
    String brand,
    BrandTier tier,
    long price,
    boolean inStock) {
  static final String SITE = "https://garden.example";

  String id() {
    return Integer.toString(7_000_000 + number * 37);
  }

  String variantId() {
    return Integer.toString(41_000_000 + number * 53);
  }

  String sku() {
    return "GC-" + category.substring(0, 3).toUpperCase(Locale.ROOT) + "-" + (1000 + number);
  }

  String path() {
    return "/products/" + Names.plain(brand) + "-" + Names.plain(subcategory) + "-" + number;
  }

  String url() {
    return SITE + path();
  }

  String imageUrl() {
    return SITE + "/images/" + sku() + ".jpg";
  }
}
