package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.TextSection;
import io.persegment.conformed.Contacts;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.Town;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What matching learns from labels, in a made-up town of 80 pairs of one person. */
@ExtendWith(LocalSpark.class)
class LabelledContactsTest {
  private static final int PAIRS = Town.PERSONS / 3;

  @TempDir Path folder;
  private final StageReport report = new StageReport();
  private Lake lake;
  private Dataset<Row> contacts;
  private String settings = "";

  @BeforeEach
  void live(LocalSpark.Handle spark) {
    lake = new Lake(spark.session(), folder.resolve("lake").toString());
    contacts = spark.rows(Contacts.TABLE, Town.select(Town.contacts()));
  }

  @Test
  void labelsAreLearntFromUntilThereAreOthers() throws IOException {
    Path file = folder.resolve("labels.csv");
    List<String> labels = new ArrayList<>(List.of("id,person", "999/a,999", "1/b,"));
    for (int person = 0; person < Town.PERSONS; person++) {
      labels.add("%d/a,%d".formatted(person, person));
      if (person % 3 == 0) {
        labels.add("%d/b,%d".formatted(person, person));
      }
    }
    Files.write(file, labels);
    String[] columns = {"record-id = id", "cluster = person"};
    Matches matches = find(file, columns);
    Map<String, Double> metrics = matches.compared().model().orElseThrow().metrics();
    assertThat(metrics).containsEntry("labels.pairs_of_one_person", (double) PAIRS);
    assertThat(matches.threshold()).isEqualTo(metrics.get("labels.threshold")).isBetween(0.5, 1.0);
    assertThat(matches.linking().count()).isBetween(PAIRS - 4L, PAIRS + 4L);

    matches.writeModel(lake, LocalDate.of(2026, 1, 1));
    lake.overwrite(IdentityLinks.TABLE, lake.readOrEmpty(IdentityLinks.TABLE));
    matches.writeCompared(lake);
    Matches again = find(file, columns);
    assertThat(again.compared().isNew()).as("the model stands").isFalse();
    assertThat(again.threshold()).isEqualTo(matches.threshold());

    settings = "threshold = 0.999999999";
    Matches sure = find(file, columns);
    assertThat(sure.compared().isNew()).as("another threshold to be near to").isTrue();
    assertThat(sure.threshold()).as("as far as it must").isBetween(0.5, 0.99999);
    assertThat(sure.linking().count()).isBetween(PAIRS - 8L, PAIRS + 4L);
    Files.delete(file);
    assertThatThrownBy(() -> find(file, columns))
        .hasMessage(
            "There is no file of labels %s. Give a CSV with a header by identity.labels.file.",
            file);
  }

  @Test
  void labelsAreOthersWhereWhatIsReadOfThemDiffers() throws IOException {
    Path file =
        Files.writeString(folder.resolve("labels.csv"), "record_id,cluster\n1/a,1\n2/a,2\n");
    double number = fingerprint(file);
    Files.writeString(file, "No.,record_id,cluster\n2,2/a,2\n1,1/a,1\n");
    assertThat(fingerprint(file)).as("in another order, with more").isEqualTo(number);
    assertThat(fingerprint(file, "cluster = \"cluster % 2\"")).isNotEqualTo(number);
    Files.writeString(file, "record_id,cluster\n1/a,1\n2/a,1\n");
    assertThat(fingerprint(file)).isNotEqualTo(number);
  }

  @Test
  void labelsOfPairsSayAsMuch() throws IOException {
    List<String> labels =
        new ArrayList<>(
            List.of("left_record_id,right_record_id,match", "1/a,2/a,0", "2/a,4/a,false"));
    for (int person = 0; person < Town.PERSONS; person += 3) {
      labels.add("%d/b,%d/a,1".formatted(person, person));
    }
    Path file = Files.write(folder.resolve("labels.csv"), labels);
    settings = "threshold = 0.999999999";
    Matches matches = find(file, "grain = pair");
    assertThat(matches.threshold()).as("as far as it must").isBetween(0.5, 0.99999);
    assertThat(matches.compared().model().orElseThrow().metrics())
        .containsEntry("labels.pairs_of_one_person", (double) PAIRS);
    assertThat(matches.linking().count()).isBetween(PAIRS - 8L, PAIRS + 4L);
  }

  @Test
  void labelsThatSayNothingAreTold() throws IOException {
    Path file = Files.writeString(folder.resolve("labels.csv"), "record_id,cluster\nx,1\ny,1\n");
    assertThatThrownBy(() -> find(file))
        .hasMessageContaining("None of the 2 labels of")
        .hasMessageContaining("is of a record that the lake knows");
    assertThatThrownBy(() -> find(file, "cluster = person"))
        .hasMessageContaining("identity.labels.cluster reads column person, which")
        .hasMessageContaining("it has: record_id, cluster. Say what it is by identity.labels");
  }

  @Test
  void aMatchThatIsNoneIsToldWithItsRow() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("labels.csv"),
            "left_record_id,right_record_id,match\n1/a,2/a,0\n3/a,3/b,NaN\n");
    assertThatThrownBy(() -> find(file, "grain = pair"))
        .hasMessage(
            "%s has 1 row whose match is neither 0 or 1, nor true or false, nor a score from 0 to 1, the first in row 2 below its header. Mend the file, or say by identity.labels.match what is meant.",
            file);
  }

  @Test
  void labelsOfNoUseAreTold() throws IOException {
    Path file =
        Files.writeString(folder.resolve("labels.csv"), "record_id,cluster,No.\n1/a,1,\ny,1,\n");
    find(file);
    assertThat(report.rows()).containsEntry("labelled_pairs_of_one_person", 0L);
    assertThat(report.warnings())
        .containsExactly(
            "No two contacts are one person by identity.labels; nothing is learnt from them",
            "1 of 2 labels of %s are of contacts that the lake has not; they say nothing"
                .formatted(file));
  }

  private Matches find(Path file, String... more) {
    return Matches.find(lake, contacts, settings(file, more), report);
  }

  private double fingerprint(Path file, String... more) {
    Truth truth = settings(file, more).labels().orElseThrow();
    return LabelledContacts.open(lake, truth, contacts).fingerprint();
  }

  private IdentitySettings settings(Path file, String... more) {
    String labels =
        "identity.labels { file = \"%s\"\n%s }".formatted(file, String.join("\n", more));
    return IdentitySettings.from(
        TextSection.of("%s\nidentity { %s }".formatted(labels, settings)).section("identity"),
        Map.of());
  }
}
