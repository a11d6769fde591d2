package io.persegment.demo;

import java.util.List;

/** A made-up postal address. Planted: 88 % in Denmark, 8 % in Germany, 4 % in Sweden. */
record Address(String street, String zip, String city, String countryCode, String country) {
  private static final List<String> STREETS =
      listed(
          """
          Rosenvej, Lindevej, Åbrinken, Bøgevænget, Kirkestræde, Strandgade, Æblehaven,
          Møllebakken, Syrenvej, Egeparken, Nørregade, Søndervang, Havnegade, Enghavevej,
          Skovbrynet, Birkelunden, Lærkevej, Mosevænget, Tulipanvej, Hybenvej,
          Gartnervænget, Solsikkevej, Østerled, Kastanjevej, Pilehegnet, Ribsvej,
          Stenløkken, Kløvermarken, Duevej, Humlehaven
          """);
  private static final List<String> GERMAN_STREETS =
      listed(
          """
          Gartenstraße, Lindenweg, Mühlgasse, Am Anger, Rosenallee, Tannenweg
          """);
  private static final List<String> SWEDISH_STREETS =
      listed(
          """
          Storgatan, Björkvägen, Ängsstigen, Åkervägen, Trädgårdsgatan
          """);
  private static final List<String> DANISH_TOWNS =
      listed(
          """
          2100 København Ø, 8000 Aarhus C, 5000 Odense C, 9000 Aalborg, 2200 København N,
          6700 Esbjerg, 8900 Randers C, 6000 Kolding, 8700 Horsens, 7100 Vejle,
          4000 Roskilde, 3000 Helsingør, 8600 Silkeborg, 4700 Næstved, 7000 Fredericia,
          8800 Viborg, 4600 Køge, 7500 Holstebro, 2630 Taastrup, 4200 Slagelse,
          3400 Hillerød, 6400 Sønderborg, 5700 Svendborg, 9800 Hjørring,
          2800 Kongens Lyngby, 9900 Frederikshavn, 3600 Frederikssund, 4100 Ringsted,
          6100 Haderslev, 3700 Rønne
          """);
  private static final List<String> GERMAN_TOWNS =
      listed(
          """
          24937 Flensburg, 24103 Kiel, 22765 Hamburg, 23552 Lübeck, 80331 München
          """);
  private static final List<String> SWEDISH_TOWNS =
      listed(
          """
          21119 Malmö, 22222 Lund, 41103 Göteborg, 25220 Helsingborg
          """);

  static Address drawn(Draw draw) {
    return switch (draw.index(.88, .08, .04)) {
      case 0 -> drawn(STREETS, DANISH_TOWNS, "DK", "Denmark", draw);
      case 1 -> drawn(GERMAN_STREETS, GERMAN_TOWNS, "DE", "Germany", draw);
      default -> drawn(SWEDISH_STREETS, SWEDISH_TOWNS, "SE", "Sweden", draw);
    };
  }

  private static Address drawn(
      List<String> streets, List<String> towns, String code, String country, Draw draw) {
    String street = draw.pick(streets) + " " + draw.between(1, 199) + door(draw);
    String town = draw.pickSkewed(towns);
    int space = town.indexOf(' ');
    return new Address(street, town.substring(0, space), town.substring(space + 1), code, country);
  }

  /** Some live in flats; the comma makes the CSV files need quotes. */
  private static String door(Draw draw) {
    return draw.chance(.25) ? ", " + draw.between(1, 5) + (draw.chance(.5) ? ". tv" : ". th") : "";
  }

  /** Returns the entries of a text, without what is around them. */
  private static List<String> listed(String text) {
    return List.of(text.strip().split("\\s*,\\s*"));
  }
}
