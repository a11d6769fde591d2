package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.identity.EvaluationResult.Mistake;
import io.persegment.identity.EvaluationResult.Point;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four persons of eight records in five customers: k1 is a1, a2 and b1, k2 is a3, k3 is b2, k4 is
 * c1, k5 is d1 and d2. Of the five pairs of one person a1-a2 and d1-d2 are found, and beside them
 * a1-b1 and a2-b1, which are wrong.
 */
@ExtendWith(LocalSpark.class)
class EvaluationTest {
  private static final String CLUSTERS =
      "record_id,cluster\na1,A\na2,A\n a3 ,A\nb1,B\nb2,B\nc1,C\nd1,D\nd2,D\nd2,D\ngone,E\nlater,\n";

  @TempDir static Path folder;
  private static Lake lake;
  private static EvaluationResult result;

  @BeforeAll
  static void linkedRecords() throws IOException {
    LocalSpark.Handle spark = LocalSpark.handle();
    lake = new Lake(spark.session(), folder.resolve("lake").toString());
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            """
            select 'crm' as source, 'contact' as record_type, *, date'2026-01-05' as since
            from values ('a1', 'k1'), ('a2', 'k1'), ('b1', 'k1'), ('a3', 'k2'), ('b2', 'k3'),
              ('c1', 'k4'), ('d1', 'k5'), ('d2', 'k5'), ('later', 'k5') as t(record_id, customer_id)
            """));
    lake.overwrite(
        IdentityLinks.TABLE,
        spark.rows(
            IdentityLinks.TABLE,
            """
            select concat('crm/contact/', l) as left_key, *,
              if(rule = 'matched', concat('crm/contact/', r), concat('identifier:', r)) as right_key,
              cut_reason is null as kept
            from values ('a1', 'x', 'email', 1, null), ('a2', 'x', 'email', 1, null),
              ('later', 'x', 'email', 1, null),
              ('d1', 'p', 'phone+name', 1, null), ('d2', 'p', 'phone+name', 1, null),
              ('b1', 'info', 'email', 1, 'on too many records'),
              ('b2', 'info', 'email', 1, 'on too many records'),
              ('b1', 'a2', 'matched', 0.96, null),
              ('a1', 'a3', 'matched', 0.7, 'below the threshold'),
              ('b1', 'd1', 'matched', 0.2, 'below the threshold')
              as t(l, r, rule, match_probability, cut_reason)
            """));
    result = evaluate(CLUSTERS, Map.of());
  }

  @Test
  void countsPairsAndPersonsByHand() {
    assertThat(result.labels()).isEqualTo(9);
    assertThat(result.withoutRecord()).isEqualTo(1);
    assertThat(result.records()).isEqualTo(8);
    assertThat(result.truePairs()).isEqualTo(5);
    assertThat(result.foundPairs()).isEqualTo(4);
    assertThat(result.rightPairs()).isEqualTo(2);
    assertThat(result.precision().orElseThrow().value()).isEqualTo(2 / 4.0);
    // Recall's residuals are -0.2, -0.4 and 0.6: 0.56 / 25 * 3 / 2, which is less than five
    // independent pairs have.
    assertThat(result.recall()).contains(Share.wilson(2 / 5.0, 5));
    assertThat(result.f1().orElseThrow().value()).isCloseTo(4 / 9.0, within(1e-12));

    var persons = result.persons().orElseThrow();
    assertThat(persons.exact()).as("c and d").isEqualTo(2);
    assertThat(persons.persons()).isEqualTo(4);
    assertThat(persons.bcubedPrecision())
        .isCloseTo((2 / 3.0 + 2 / 3.0 + 1 / 3.0 + 5) / 8, within(1e-12));
    assertThat(persons.bcubedRecall())
        .isCloseTo((2 / 3.0 + 2 / 3.0 + 1 / 3.0 + 0.5 + 0.5 + 3) / 8, within(1e-12));
  }

  @Test
  void everyThresholdHasItsLinks() {
    assertThat(result.curve())
        .containsExactly(
            new Point(0.5, 4, 3, 5),
            new Point(0.6, 4, 3, 5),
            new Point(0.7, 4, 3, 5),
            new Point(0.8, 3, 2, 5),
            new Point(0.9, 3, 2, 5),
            new Point(0.95, 3, 2, 5),
            new Point(0.99, 2, 2, 5));
  }

  @Test
  void mistakesAreToldByWhatLedToThem() {
    assertThat(result.twoPersons())
        .containsExactly(
            mistake("linked directly by matched", "a2", "b1"),
            mistake("only through other records", "a1", "b1"));
    assertThat(result.twoCustomers())
        .containsExactlyInAnyOrder(
            mistake("compared and below the threshold", "a1", "a3"),
            mistake("never compared, or found less likely than 1 %", "a2", "a3"),
            mistake("linked by email, but cut: on too many records", "b1", "b2"));
  }

  @Test
  void pairsCanBeLabelledInsteadOfPersons() throws IOException {
    String pairs =
        """
        id_l,id_r,score
        a2,a1,1
        b1,a1,0
        a1,a3,0.9
        c1,d1,0.2
        a2,gone,1
        c1,a1,
        """;

    EvaluationResult ofPairs =
        evaluate(
            Truth.Grain.PAIR,
            pairs,
            Map.of("left-record-id", "id_l", "right-record-id", "id_r", "match", "score"));

    assertThat(ofPairs.labels()).isEqualTo(5);
    assertThat(ofPairs.withoutRecord()).isEqualTo(1);
    assertThat(ofPairs.records()).isEqualTo(6);
    assertThat(ofPairs.truePairs()).isEqualTo(2);
    assertThat(ofPairs.foundPairs()).isEqualTo(2);
    assertThat(ofPairs.rightPairs()).isEqualTo(1);
    assertThat(ofPairs.recall()).as("two pairs leave one to vary").contains(Share.wilson(0.5, 1));
    assertThat(ofPairs.persons()).isEmpty();
    assertThat(ofPairs.curve().get(0)).isEqualTo(new Point(0.5, 2, 2, 2));
    assertThat(ofPairs.twoPersons())
        .containsExactly(mistake("only through other records", "a1", "b1"));
    assertThat(ofPairs.twoCustomers())
        .containsExactly(mistake("compared and below the threshold", "a1", "a3"));
  }

  @Test
  void badLabelsAreToldInASentence() {
    refused(
        Fault.SETTINGS, "There is no file of labels", () -> Evaluation.of(lake, truth("no.csv")));
    refused(
        Fault.SETTINGS,
        "--cluster reads column cluster, which",
        () -> evaluate("record_id,person\na1,A\n", Map.of()));
    refused(
        Fault.SETTINGS,
        "has not got; it has: record_id, person.",
        () -> evaluate("record_id,person\na1,A\n", Map.of("cluster", "upper(persom)")));
    refused(
        Fault.SETTINGS,
        "--cluster is no SQL expression",
        () -> evaluate(CLUSTERS, Map.of("cluster", "upper(")));
    refused(
        Fault.SETTINGS,
        "--match says nothing of a label of grain cluster, which has: --source, --record-type",
        () -> evaluate(CLUSTERS, Map.of("match", "1")));
    refused(
        Fault.DATA,
        "labels 1 of its records or pairs twice and differently, such as crm/contact/a1.",
        () -> evaluate("record_id,cluster\na1,A\na1,B\na2,A\na2,A\n", Map.of()));
    refused(
        Fault.DATA,
        "None of the 2 labels of",
        () -> evaluate("record_id,cluster\nz1,A\nz2,A\n", Map.of()));
    refused(Fault.DATA, "has no label", () -> evaluate("record_id,cluster\na1,\n", Map.of()));
    refused(
        Fault.DATA,
        "has 4 rows whose match is neither 0 or 1, nor true or false, nor a score from 0 to 1, the first in row 2 below its header.",
        () ->
            evaluate(
                Truth.Grain.PAIR,
                "left_record_id,right_record_id,match\na1,a3,true\na1,a2,maybe\na1,b1,NaN\na1,b2,7\na1,c1,-1\n",
                Map.of()));
    refused(
        Fault.DATA,
        "has 1 pair of a record with itself, such as crm/contact/a1 and crm/contact/a1.",
        () ->
            evaluate(
                Truth.Grain.PAIR, "left_record_id,right_record_id,match\na1,a1,1\n", Map.of()));
  }

  /** A mark of the encoding, semicolons, a value of two lines, and a note that has a comma. */
  @Test
  void labelsAreReadAsSpreadsheetsWriteThem() throws IOException {
    String clusters =
        CLUSTERS
            .replaceAll(",(.*)\n", "; $1;\"a\r\nb, c\"\r\n")
            .replaceFirst("(?s)^[^\"]*\"[^\"]*\"", "\uFEFFrecord_id;cluster;note");

    EvaluationResult read = evaluate(clusters, Map.of());

    assertThat(read.labels()).isEqualTo(result.labels());
    assertThat(read.recall()).isEqualTo(result.recall());
    assertThat(read.persons()).isEqualTo(result.persons());
  }

  @Test
  void whoseRecordsTheyAreMustBeSaidWhereSeveralSourcesHaveContacts(LocalSpark.Handle spark)
      throws IOException {
    Path file = Files.writeString(folder.resolve("truth.csv"), CLUSTERS);
    var twoSources =
        spark.rows(
            IdentityMap.TABLE,
            "select *, 'contact' as record_type, '1' as record_id, 'k' as customer_id,"
                + " date'2026-01-05' as since from values ('crm'), ('shop') as t(source)");
    TruthFile open = TruthFile.open(spark.session(), truth(file.toString()), twoSources);

    refused(
        Fault.SETTINGS,
        "has no column source, and more than one source has contacts. Say by --",
        open::labels);
  }

  private static Mistake mistake(String kind, String left, String right) {
    String pair = "crm/contact/%s and crm/contact/%s".formatted(left, right);
    return new Mistake(kind, 1, List.of(pair));
  }

  private static void refused(Fault fault, String says, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(fault))
        .hasMessageContaining(says);
  }

  private static Truth truth(String file) {
    return Truth.of(file, Truth.Grain.CLUSTER, Map.of());
  }

  private static EvaluationResult evaluate(String csv, Map<String, String> told)
      throws IOException {
    return evaluate(Truth.Grain.CLUSTER, csv, told);
  }

  private static EvaluationResult evaluate(Truth.Grain grain, String csv, Map<String, String> told)
      throws IOException {
    Path file = Files.writeString(folder.resolve("truth.csv"), csv);
    return Evaluation.of(lake, Truth.of(file.toString(), grain, told));
  }
}
