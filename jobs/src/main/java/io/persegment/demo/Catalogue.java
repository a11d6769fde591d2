package io.persegment.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the shop sells: 120 products of eight brands, half of them premium. Each garden group's
 * category has four subcategories with a product of every brand; Gifts and Books are neutral.
 */
final class Catalogue {
  static final String HEADER =
      "product_id,name,category,subcategory,brand,brand_tier,price,in_stock,image_url,url";

  private static final List<String> NEUTRAL = List.of("Gifts", "Books");
  private static final List<String> BRANDS =
      List.of(
          "Aurelia",
          "Hortus & Co",
          "Linnea Atelier",
          "Maison Vert",
          "Budgetgro",
          "Greenix",
          "Haveland",
          "Plantastic");
  private static final List<String> WORDS =
      List.of("Classic", "Nordic", "Sunny", "Evergreen", "Breeze", "Meadow", "Amber", "Dew");

  /** Category, subcategory, one product's name, a budget price in euro. */
  private static final List<List<String>> RANGES =
      List.of(
          List.of("Lounging", "Loungers", "Lounger", "89"),
          List.of("Lounging", "Hammocks", "Hammock", "45"),
          List.of("Lounging", "Barbecues", "Barbecue", "119"),
          List.of("Lounging", "Parasols", "Parasol", "59"),
          List.of("Decoration", "Lanterns", "Lantern", "19"),
          List.of("Decoration", "Fountains", "Fountain", "99"),
          List.of("Decoration", "Pots", "Pot", "14"),
          List.of("Decoration", "Lights", "String of Lights", "24"),
          List.of("Growing", "Vegetable seeds", "Vegetable Seeds", "4"),
          List.of("Growing", "Raised beds", "Raised Bed", "49"),
          List.of("Growing", "Compost", "Compost, 40 l", "9"),
          List.of("Growing", "Tools", "Hand Tools", "17"),
          List.of("Gifts", "Gift cards", "Gift Card", "25"),
          List.of("Gifts", "Gift boxes", "Gift Box", "29"),
          List.of("Books", "Garden books", "Garden Book", "18"));

  private final List<Product> products = new ArrayList<>();
  private final List<List<Product>> byGroupAndTier = new ArrayList<>();
  private final List<Product> neutral;

  Catalogue(long seed) {
    Draw draw = Draw.of(seed, Draw.Topic.CATALOGUE, 0);
    for (List<String> range : RANGES) {
      for (int brand = 0; brand < BRANDS.size(); brand++) {
        products.add(product(range, brand, draw));
      }
    }
    for (GardenGroup group : GardenGroup.values()) {
      for (BrandTier tier : BrandTier.values()) {
        byGroupAndTier.add(
            products.stream()
                .filter(product -> product.category().equals(group.category()))
                .filter(product -> product.tier() == tier)
                .toList());
      }
    }
    neutral = products.stream().filter(p -> NEUTRAL.contains(p.category())).toList();
  }

  private Product product(List<String> range, int brand, Draw draw) {
    BrandTier tier = brand < BRANDS.size() / 2 ? BrandTier.PREMIUM : BrandTier.BUDGET;
    double euro = Double.parseDouble(range.get(3)) * (tier == BrandTier.PREMIUM ? 1.9 : 1);
    long price = Math.round(euro * (.8 + .4 * draw.uniform())) * 100 - 5;
    String name = BRANDS.get(brand) + " " + WORDS.get(brand) + " " + range.get(2);
    return new Product(
        products.size() + 1,
        name,
        range.get(0),
        range.get(1),
        BRANDS.get(brand),
        tier,
        price,
        !draw.chance(.06));
  }

  /** Draws a product to a person's taste: 87 % own group, 8 % neutral, 5 % another group. */
  Product drawn(Person person, Draw draw) {
    BrandTier tier = draw.chance(.85) ? person.tier() : person.tier().other();
    return switch (draw.index(.87, .08, .05)) {
      case 0 -> draw.pick(products(person.group().ordinal(), tier));
      case 1 -> draw.pick(neutral);
      default -> draw.pick(products((person.group().ordinal() + draw.between(1, 2)) % 3, tier));
    };
  }

  private List<Product> products(int group, BrandTier tier) {
    return byGroupAndTier.get(group * BrandTier.values().length + tier.ordinal());
  }

  /** Writes the catalogue and returns how many products it has. */
  long write(Path path) {
    try (CsvFile file = new CsvFile(path, HEADER)) {
      for (Product product : products) {
        file.row(
            product.id(),
            product.name(),
            product.category(),
            product.subcategory(),
            product.brand(),
            product.tier().label(),
            Money.text(product.price()),
            product.inStock(),
            product.imageUrl(),
            product.url());
      }
    }
    return products.size();
  }
}
