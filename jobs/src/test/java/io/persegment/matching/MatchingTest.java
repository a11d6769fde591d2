package io.persegment.matching;

import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.persegment.config.TextSection;
import io.persegment.conformed.Contacts;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.Town;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who is one person in a made-up town. */
@ExtendWith(LocalSpark.class)
class MatchingTest {
  @TempDir Path folder;

  @Test
  void findsWhoIsOnePersonWhateverTheOrder(LocalSpark.Handle spark) {
    List<String> town = Town.contacts();
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
    assertThat(right / (Town.PERSONS / 3.0)).as("recall").isGreaterThan(0.95);

    Collections.shuffle(town, new Random(5));
    Map<String, Double> again = pairs(spark, town, 5);
    assertThat(again.keySet()).isEqualTo(pairs.keySet());
    pairs.forEach(
        (pair, probability) -> assertThat(again.get(pair)).isCloseTo(probability, offset(1e-9)));
  }

  @Test
  void comparesNobodyWhereThereIsTooLittleToLearnFrom(LocalSpark.Handle spark) {
    assertThat(pairs(spark, Town.contacts().subList(0, 50), 1)).isEmpty();
    Dataset<Row> few =
        numbered(spark.rows(Contacts.TABLE, Town.select(Town.contacts().subList(0, 50))));
    var report = new StageReport();
    var settings = MatchingSettings.from(TextSection.of("").section("identity"));
    new Matching(new Lake(spark.session(), folder.toString()), settings, Optional.empty())
        .compare(few, nothing(spark), report);
    assertThat(report.notes())
        .containsExactly(
            "Contacts are not compared: there are 50, and 100 are needed to learn from. Identifiers alone link");
  }

  @Test
  void whereNothingCanBeLearntAnewTheModelOfBeforeStands(LocalSpark.Handle spark) {
    var lake = new Lake(spark.session(), folder.toString());
    var settings =
        MatchingSettings.from(TextSection.of("identity.refit = always").section("identity"));
    var matching = new Matching(lake, settings, Optional.empty());
    Matching.Before none = nothing(spark);
    Dataset<Row> town = numbered(spark.rows(Contacts.TABLE, Town.select(Town.contacts())));
    LearntModel model = matching.compare(town, none, new StageReport()).model().orElseThrow();

    // Two records of one person never have one postcode, of which strangers share a third.
    Dataset<Row> odd =
        numbered(
            spark.rows(
                Contacts.TABLE,
                """
                select * except (postcode), array('1000', '2000', '3000')[
                  (int(split(record_id, '/')[0]) + ascii(split(record_id, '/')[1])) %% 3] as postcode
                from (%s)
                """
                    .formatted(Town.select(Town.contacts()))));
    var report = new StageReport();
    Matching.Compared compared =
        matching.compare(
            odd, new Matching.Before(Optional.of(model), none.compared(), none.leftOut()), report);
    assertThat(compared.model().orElseThrow()).isSameAs(model);
    assertThat(compared.isNew()).isFalse();
    assertThat(report.warnings())
        .contains("Records are compared by the model of before, as none could be learnt anew");
  }

  /** As after a run that found too few records to compare: what came back is not all there is. */
  @Test
  void someAreComparedAloneOnlyWhereAllOthersWere(LocalSpark.Handle spark) {
    var matching =
        new Matching(
            new Lake(spark.session(), folder.toString()),
            MatchingSettings.from(TextSection.of("").section("identity")),
            Optional.empty());
    Dataset<Row> town = numbered(spark.rows(Contacts.TABLE, Town.select(Town.contacts())));
    Matching.Before none = nothing(spark);
    Matching.Compared all = matching.compare(town, none, new StageReport());
    Column isSome = Contacts.RECORD_ID.col().startsWith("12");
    Dataset<Row> some = town.where(isSome);
    var before = new Matching.Before(all.model(), none.compared(), all.leftOut());
    Dataset<Row> others =
        matching
            .comparables(town.where(not(isSome)))
            .select(Matching.NODE.col(), Matching.KEYS.col());
    long records = town.count();
    UnaryOperator<Dataset<Row>> contacts =
        nodes -> town.join(nodes.select(Matching.NODE.col()), Matching.NODE.name());
    Matching.Compared compared =
        matching
            .compareSome(some, others, contacts, records, before, new StageReport())
            .orElseThrow();
    assertThat(compared.pairs().count()).isPositive();
    Dataset<Row> fewer = others.limit(250);
    assertThat(matching.compareSome(some, fewer, contacts, records, before, new StageReport()))
        .isEmpty();
  }

  private static Dataset<Row> numbered(Dataset<Row> contacts) {
    return contacts.withColumn(Matching.NODE.name(), xxhash64(Contacts.RECORD_ID.col()));
  }

  @Test
  void refusesTooManyPairsBeforeAnyIsCompared(LocalSpark.Handle spark) {
    assertThatThrownBy(() -> pairs(spark, Town.contacts(), 1, "identity.most-pairs = 100"))
        .hasMessageContaining("more than identity.most-pairs = 100; none was compared")
        .hasMessageContaining("[everybody]: 51,040"); // 320 * 319 / 2
  }

  /**
   * A shop that writes one postcode and one birth date for everybody whose own it does not know.
   */
  @Test
  @Tag("long")
  void twoHundredThousandOfOnePostcodeStopNothing(LocalSpark.Handle spark) {
    Dataset<Row> contacts =
        spark
            .rows(
                Contacts.TABLE,
                """
                select 'crm' as source, string(id) as record_id, timestamp'2026-01-01 00:00:00' as created_at,
                  concat('first', string(person * 7919 % 4999)) as first_name,
                  concat('last', string(person * 104729 % 19997)) as last_name,
                  concat('Gade ', string(person)) as street, date'1970-01-01' as birth_date,
                  '1000' as postcode, 'Aarhus' as city,
                  '' as source_file, current_timestamp() as ingested_at, map() as attributes
                from (select id, id % 195000 as person from range(200000))
                """)
            .withColumn(Matching.NODE.name(), xxhash64(Contacts.RECORD_ID.col()));
    var report = new StageReport();
    Matching.Compared compared =
        new Matching(
                new Lake(spark.session(), folder.toString()),
                MatchingSettings.from(TextSection.of("").section("identity")),
                Optional.empty())
            .compare(contacts, nothing(spark), report);
    assertThat(compared.pairs().where(Matching.PROBABILITY.col().gt(0.8)).count())
        .as("each of the first 5,000 twice")
        .isBetween(4_900L, 5_100L);
    assertThat(report.rows().get("pairs_compared")).isLessThan(16 * 2 * 200_000L);
    assertThat(report.rows().keySet()).anyMatch(name -> name.contains("left out"));
  }

  private static boolean isOnePerson(String pair) {
    return pair.matches("(\\d+)/. \\1/.");
  }

  private Map<String, Double> pairs(
      LocalSpark.Handle spark, List<String> rows, int partitions, String... settings) {
    Dataset<Row> contacts =
        spark
            .rows(Contacts.TABLE, Town.select(rows))
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
            MatchingSettings.from(TextSection.of(String.join("\n", settings)).section("identity")),
            Optional.empty());
    Map<String, Double> pairs = new TreeMap<>();
    for (Row row :
        matching.compare(contacts, nothing(spark), new StageReport()).pairs().collectAsList()) {
      var both = new TreeSet<>(List.of(ids.get(row.getLong(0)), ids.get(row.getLong(1))));
      pairs.put(String.join(" ", both), row.getAs(Matching.PROBABILITY.name()));
    }
    return pairs;
  }

  private static Matching.Before nothing(LocalSpark.Handle spark) {
    Dataset<Row> none =
        spark.session().sql("select bigint(0) node, bigint(0) hash, bigint(0) key where false");
    return new Matching.Before(Optional.empty(), none, none);
  }
}
