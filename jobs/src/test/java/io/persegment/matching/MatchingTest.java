package io.persegment.matching;

import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.persegment.config.TextSection;
import io.persegment.conformed.Contacts;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A made-up town: persons, some in households, and their second records with other spellings. */
@ExtendWith(LocalSpark.class)
class MatchingTest {
  private static final int PERSONS = 240;
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

  @TempDir Path folder;

  @Test
  void findsWhoIsOnePersonWhateverTheOrder(LocalSpark.Handle spark) {
    List<String> town = town();
    Map<String, Double> pairs = pairs(spark, town, 1);
    var found = new TreeSet<String>();
    pairs.forEach(
        (pair, probability) -> {
          if (probability >= 0.8) {
            found.add(pair);
          }
        });
    long right = found.stream().filter(MatchingTest::isOnePerson).count();
    assertThat(right / (double) found.size()).as("precision").isGreaterThan(0.97);
    assertThat(right / (PERSONS / 3.0)).as("recall").isGreaterThan(0.95);

    Collections.shuffle(town, new Random(5));
    Map<String, Double> again = pairs(spark, town, 5);
    assertThat(again.keySet()).isEqualTo(pairs.keySet());
    pairs.forEach(
        (pair, probability) -> assertThat(again.get(pair)).isCloseTo(probability, offset(1e-9)));
  }

  @Test
  void comparesNobodyWhereThereIsTooLittleToLearnFrom(LocalSpark.Handle spark) {
    assertThat(pairs(spark, town().subList(0, 50), 1)).isEmpty();
  }

  @Test
  void refusesTooManyPairsBeforeAnyIsCompared(LocalSpark.Handle spark) {
    assertThatThrownBy(() -> pairs(spark, town(), 1, "identity.most-pairs = 100"))
        .hasMessageContaining("more than identity.most-pairs = 100; none was compared")
        .hasMessageContaining("[everybody]: 51,040"); // 320 * 319 / 2
  }

  /** Every third person has a second record; two of seven live with the one before. */
  private static List<String> town() {
    var random = new Random(11);
    List<String> rows = new ArrayList<>();
    String last = "";
    String street = "";
    int postcode = 0;
    for (int person = 0; person < PERSONS; person++) {
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

  private static boolean isOnePerson(String pair) {
    return pair.matches("(\\d+)/. \\1/.");
  }

  private Map<String, Double> pairs(
      LocalSpark.Handle spark, List<String> rows, int partitions, String... settings) {
    Dataset<Row> contacts =
        spark
            .rows(
                Contacts.TABLE,
                "select * from values %s as t(source, record_id, first_name, last_name, birth_date, street, city, postcode)"
                    .formatted(String.join(", ", rows)))
            .withColumn(Matching.NODE.name(), xxhash64(Contacts.RECORD_ID.col()))
            .repartition(partitions);
    Map<Long, String> ids = new HashMap<>();
    contacts
        .select(Matching.NODE.col(), Contacts.RECORD_ID.col())
        .collectAsList()
        .forEach(row -> ids.put(row.getLong(0), row.getString(1)));
    var matching =
        new Matching(
            new Lake(spark.session(), folder.toString()),
            MatchingSettings.from(TextSection.of(String.join("\n", settings)).section("identity")));
    Map<String, Double> pairs = new TreeMap<>();
    for (Row row : matching.pairs(contacts, new StageReport()).collectAsList()) {
      var both = new TreeSet<>(List.of(ids.get(row.getLong(0)), ids.get(row.getLong(1))));
      pairs.put(String.join(" ", both), row.getAs(Matching.PROBABILITY.name()));
    }
    return pairs;
  }
}
