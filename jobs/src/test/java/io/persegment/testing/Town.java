package io.persegment.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A made-up town. Every third person has a second contact with another spelling; two of seven live
 * with the one before.
 */
public final class Town {
  public static final int PERSONS = 240;
  private static final List<String> FIRST =
      List.of(
          "Anna",
          "Bertil",
          "Cecilie",
          "David",
          "Elin",
          "Frederik",
          "Greta",
          "Henrik",
          "Ingrid",
          "Jonas",
          "Karen",
          "Lukas",
          "Mathilde",
          "Niels",
          "Olivia",
          "Peter",
          "Robert",
          "Sofie");
  private static final List<String> LAST =
      List.of(
          "Bergqvist",
          "Christoffersen",
          "Dalgaard",
          "Enevoldsen",
          "Fjeldstad",
          "Gammelgaard",
          "Holmström",
          "Iversen",
          "Jepsen",
          "Kirkegaard",
          "Lindholm",
          "Mortensen",
          "Nygaard",
          "Overgaard",
          "Pilgaard",
          "Rosenkilde",
          "Sandberg",
          "Thorvaldsen",
          "Ulfeldt",
          "Westergaard");

  private Town() {}

  /** Returns the rows of {@link #select}, in an order that may be changed. */
  public static List<String> contacts() {
    return contacts(PERSONS);
  }

  /** Returns those of a town of so many persons. */
  public static List<String> contacts(int persons) {
    var random = new Random(11);
    List<String> rows = new ArrayList<>();
    String last = "";
    String street = "";
    int postcode = 0;
    for (int person = 0; person < persons; person++) {
      String first = FIRST.get(random.nextInt(FIRST.size()));
      if (person % 7 < 5) {
        last = LAST.get(random.nextInt(LAST.size()));
        street = "Gade %d, %d".formatted(random.nextInt(40), 1 + random.nextInt(90));
        postcode = 1000 + 10 * random.nextInt(60);
      }
      String born =
          "%d-%02d-%02d"
              .formatted(1940 + random.nextInt(65), 1 + random.nextInt(12), 1 + random.nextInt(28));
      rows.add(row(person, "a", first, last, born, street, postcode));
      if (person % 3 == 0) {
        switch (person % 4) {
          case 0 -> first = first.substring(0, 1) + first.substring(2);
          case 1 -> last = last.substring(0, 4) + last.substring(5);
          case 2 -> postcode += 3;
          default -> street = "Vej 3";
        }
        rows.add(row(person, "b", first, last, born, street, postcode));
      }
    }
    return rows;
  }

  private static String row(
      int person,
      String record,
      String first,
      String last,
      String born,
      String street,
      int postcode) {
    return "('s', '%d/%s', '%s', '%s', date'%s', '%s', 'By %d', '%d')"
        .formatted(person, record, first, last, born, street, postcode / 10, postcode);
  }

  /** Returns SQL that gives contacts. */
  public static String select(List<String> rows) {
    return """
        select *, 'f' as source_file, now() as ingested_at
        from values %s
        as t(source, record_id, first_name, last_name, birth_date, street, city, postcode)"""
        .formatted(String.join(", ", rows));
  }
}
