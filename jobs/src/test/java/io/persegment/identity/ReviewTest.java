package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.conformed.Contacts;
import io.persegment.identity.ReviewFile.Written;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.Town;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person is asked, and how what they say is read. */
@ExtendWith(LocalSpark.class)
class ReviewTest {
  private static final String[] BELOW = {"false", "'below the threshold'"};

  @TempDir Path folder;
  private Lake lake;

  @Test
  void thePairsNearestTheThresholdAreAskedOnce(LocalSpark.Handle spark) throws IOException {
    lake = new Lake(spark.session(), folder.resolve("lake").toString());
    List<String> contacts = new ArrayList<>();
    List<String> links = new ArrayList<>();
    List<String> owners =
        new ArrayList<>(List.of(owner("m=\"1\",", "n0"), owner("o", "n0"), owner("p", "p")));
    for (int i = 0; i < 20; i++) {
      contacts.add(contact("n%d".formatted(i), "Ann", "Lee"));
      double weight = i - 7.75; // the threshold of 0.8 is at 2 bits
      String[] became = weight >= 2 ? new String[] {"true", "null"} : BELOW;
      links.add(link("n%d".formatted(i), "n0", weight, became));
      owners.add(owner("n%d".formatted(i), weight >= 2 ? "n0" : "n%d".formatted(i)));
    }
    contacts.add(contact("m=\"1\",", "=Ann, \"the 1st\"", "Müller;"));
    links.add(link("n0", "m=\"1\",", 2.5, "true", "null"));
    contacts.add(contact("o", "Ann", "Lee"));
    links.add(link("o", "n10", 1.9, BELOW)); // linked otherwise: nothing to ask
    contacts.add(contact("p", "Ann", "Lee"));
    links.add(link("p", "o", 1.8, BELOW));
    links.add(link("p", "n10", 1.7, BELOW)); // the same two customers
    lake.overwrite(Contacts.TABLE, spark.rows(Contacts.TABLE, Town.select(contacts)));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            "select * from values %s as t(source, record_type, record_id, customer_id, since)"
                .formatted(String.join(", ", owners))));
    lake.overwrite(
        IdentityLinks.TABLE,
        spark.rows(
            IdentityLinks.TABLE,
            "select * from values %s as t(left_key, right_key, rule, match_weight, match_probability, kept, cut_reason)"
                .formatted(String.join(", ", links))));

    Path file = folder.resolve("pairs.csv");
    assertThat(ReviewFile.write(lake, IdentitySettingsTest.DEFAULTS, file, 6))
        .isEqualTo(new Written(0.8, 3, 3));
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThatThrownBy(() -> ReviewFile.write(lake, IdentitySettingsTest.DEFAULTS, file, 6))
        .hasMessageContaining("pairs.csv, which is there already and may hold decisions");
    assertThat(Files.readAllLines(file).get(0))
        .startsWith("\uFEFFleft_key,right_key,decision,match_probability,match_weight,decided,")
        .contains("left_first_name,left_last_name,left_birth_date,left_email,left_phone,")
        .endsWith("right_street,right_postcode,right_city");
    List<Row> asked = read(file);
    assertThat(asked).allMatch(row -> row.isNullAt(2));
    assertThat(asked)
        .extracting(row -> row.getString(4))
        .containsExactlyInAnyOrder("2.25", "2.50", "3.25", "1.80", "1.25", "0.25");
    assertThat(asked)
        .filteredOn(row -> row.getString(1).endsWith("m=\"1\","))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getString(5)).isEqualTo("kept");
              assertThat(row.<String>getAs("right_first_name")).isEqualTo("'=Ann, \"the 1st\"");
              assertThat(row.<String>getAs("right_last_name")).isEqualTo("Müller;");
              assertThat(row.<String>getAs("left_birth_date")).isEqualTo("1950-01-01");
            });

    ReviewFile.write(lake, deciding(file), folder.resolve("same.csv"), 6);
    assertThat(read(folder.resolve("same.csv"))).as("nothing is decided yet").isEqualTo(asked);

    // As a spreadsheet leaves it: other columns, semicolons, and a mark of its encoding.
    List<String> filled = new ArrayList<>(List.of("\uFEFFdecision;note;right_key;left_key"));
    for (Row row : asked) {
      boolean isTold = List.of("3.25", "1.80").contains(row.getString(4));
      String says = isTold ? " Different" : "";
      filled.add("%s;\"a; \"\"b\"\"\";%s;%s".formatted(says, row.getString(1), row.getString(0)));
    }
    Path decisions = Files.write(folder.resolve("filled.csv"), filled);
    Path again = folder.resolve("again.csv");
    ReviewFile.write(lake, deciding(decisions), again, 6);
    assertThat(read(again))
        .extracting(row -> row.getString(4))
        .contains("4.25")
        .doesNotContain("3.25")
        .as("another pair of two customers who were judged")
        .doesNotContain("1.80", "1.70");
  }

  @Test
  void aFileThatCannotBeUnderstoodIsToldWithoutWhatIsInIt(LocalSpark.Handle spark)
      throws IOException {
    lake = new Lake(spark.session(), folder.resolve("lake").toString());
    Path file = folder.resolve("judged.csv");
    assertThatThrownBy(() -> new IdentityStage(deciding(file)).check(lake))
        .hasMessage(
            "identity.decisions is %s, but there is no such file; mend the path, or take the setting out",
            file);
    Files.writeString(file, "left_key,verdict\na/contact/1,same\n");
    assertThatThrownBy(() -> new IdentityStage(deciding(file)).check(lake))
        .hasMessage(
            "identity.decisions: %s has no column right_key and no column decision; it has: left_key, verdict. It wants left_key and right_key as identity_links has them, and decision",
            file);
    Files.writeString(
        file, "left_key,right_key,decision\na/contact/1,a/contact/2,SAME \n\na,b,\na,b,Ada\na,b,x");
    assertThatThrownBy(() -> new IdentityStage(deciding(file)).check(lake))
        .hasMessage(
            "identity.decisions: %s has 2 decisions that cannot be understood, the first in row 3 below its header; write same, different, or nothing",
            file);
    Files.writeString(file, "left_key,right_key,decision\na/contact/1,a/contact/2,SAME \n");
    new IdentityStage(deciding(file)).check(lake);
  }

  private static IdentitySettings deciding(Path file) {
    IdentitySettings all = IdentitySettingsTest.DEFAULTS;
    return new IdentitySettings(
        all.email(),
        all.personsPerEmail(),
        all.emailsPerRecord(),
        all.phone(),
        all.login(),
        all.ownersPerDevice(),
        all.loyaltyId(),
        all.externalId(),
        all.withoutDuplicates(),
        Optional.of(file.toString()),
        all.labels(),
        all.matching());
  }

  private static String contact(String id, String first, String last) {
    return "('s', '%s', '%s', '%s', date'1950-01-01', 'Gade 1, 1', 'By 1', '1001')"
        .formatted(id, first, last);
  }

  private static String owner(String id, String customer) {
    return "('s', 'contact', '%s', '%s', date'2026-01-01')".formatted(id, customer);
  }

  private static String link(String left, String right, double weight, String... became) {
    return "('s/contact/%s', 's/contact/%s', 'matched', double(%s), double(0.5), %s, %s)"
        .formatted(left, right, weight, became[0], became[1]);
  }

  private List<Row> read(Path file) {
    return lake.spark()
        .read()
        .option("header", true)
        .option("escape", "\"")
        .csv(file.toString())
        .collectAsList();
  }
}
