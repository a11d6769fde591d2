package io.persegment.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.identity.IdentityLinks;
import io.persegment.identity.IdentityMap;
import io.persegment.run.LakeLock;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told by commands that start Spark; here it is running already. */
@ExtendWith(LocalSpark.class)
class RunningTest {
  private static final String PARTITIONS = "spark.sql.shuffle.partitions";

  private final Terminal terminal = new Terminal();

  @TempDir Path folder;
  private SparkSession spark;
  private String partitions;
  private Path lake;
  private String conf;

  @BeforeEach
  void aSmallShop(LocalSpark.Handle running) throws IOException {
    spark = running.session();
    partitions = spark.conf().get(PARTITIONS);
    lake = folder.resolve("lake");
    conf =
        Files.writeString(
                folder.resolve("shop.conf"),
                """
                shop { name = Test, currency = EUR, country = DK }
                lake.root = "%s"
                sources.crm {
                  read { format = csv, path = "%s/crm/*.csv" }
                  contacts { record_id = id, email = mail }
                }
                """
                    .formatted(Path.of("").toAbsolutePath().relativize(lake), folder))
            .toString();
    Files.createDirectory(folder.resolve("crm"));
    Files.writeString(
        folder.resolve("crm/a.csv"), "id,mail\n1,ada@example.com\n2,bea@example.com\n");
  }

  @AfterEach
  void theSessionIsStillThere() {
    assertThat(spark.sparkContext().isStopped()).isFalse();
    spark.conf().set(PARTITIONS, partitions);
  }

  @Test
  void aDryRunSaysWhatItWouldDoAndWritesNothing() {
    assertThat(ingest("--dry-run", "--as-of", "2026-06-30")).isZero();
    assertThat(terminal.out())
        .contains("As of 2026-06-30, on the lake " + lake + "; nothing is done.")
        .contains(
            "writes contacts, deletions, quarantine, source_files", "crm: 1 new file", "crm/a.csv");
    assertThat(lake).doesNotExist();
  }

  @Test
  void checkReadsTheSourcesAndWritesNothing() throws IOException {
    assertThat(terminal.type("check", "--conf", conf)).isZero();
    assertThat(terminal.out()).contains("The settings are right. 1 source:", "1 new file");
    assertThat(terminal.type("check", "--conf", conf, "--set", "identity.decisions=/no/such.csv"))
        .isEqualTo(2);
    assertThat(terminal.err())
        .contains("identity.decisions is /no/such.csv, but there is no such file");
    Files.writeString(folder.resolve("crm/a.csv"), "id,e-mail\n1,ada@example.com\n");
    assertThat(terminal.type("check", "--conf", conf)).isEqualTo(2);
    assertThat(terminal.err()).contains("mail", "e-mail").doesNotContain("ada@");
    assertThat(lake).doesNotExist();
  }

  @Test
  void foldersThatAreMissingAreMistakesInTheSettingsAndAllAreTold() {
    String set = "--set";
    assertThat(
            ingest(
                set,
                "sources.crm.read.path=" + folder + "/no/*.csv",
                set,
                "sources.other.read.path=" + folder + "/nor/*.csv",
                set,
                "sources.other.read.format=csv",
                set,
                "sources.other.contacts.record_id=id"))
        .isEqualTo(2);
    assertThat(terminal.err())
        .contains("sources.crm.read.path is " + folder + "/no/*.csv, but there is no folder")
        .contains("sources.other.read.path is " + folder + "/nor/*.csv, but there is no folder")
        .contains("The settings have 2 mistakes", "Mend the path, or bring the export there.");
  }

  @Test
  void pathsThatNoFileMatchesAreTheDatasFaultAndAllAreTold() {
    String set = "--set";
    assertThat(
            ingest(
                set,
                "sources.crm.read.path=" + folder + "/crm/*.json",
                set,
                "sources.other.read.path=" + folder + "/crm/*.xml",
                set,
                "sources.other.read.format=csv",
                set,
                "sources.other.contacts.record_id=id"))
        .isEqualTo(3);
    assertThat(terminal.err())
        .contains("sources.crm.read.path is " + folder + "/crm/*.json, but no file matches it.")
        .contains("sources.other.read.path is " + folder + "/crm/*.xml, but no file matches it.")
        .contains("Nothing was changed; see why the export did not come");
  }

  @Test
  void aFileThatIsCutOffIsNamedAndTheFailureIsInTheLedger() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 2_000; i++) {
        gzip.write(
            "{\"id\": %d, \"mail\": \"ada%d@example.com\"}\n".formatted(i, i).getBytes(UTF_8));
      }
    }
    Files.write(folder.resolve("crm/b.json.gz"), Arrays.copyOf(packed.toByteArray(), 4_000));

    assertThat(
            ingest(
                "--set", "sources.crm.read.format=json",
                "--set", "sources.crm.read.schema=\"id string, mail string\"",
                "--set", "sources.crm.read.path=" + folder + "/crm/*.json.gz"))
        .isEqualTo(3);
    assertThat(terminal.err())
        .contains("Cannot read file:", "crm/b.json.gz to its end", "run again.")
        .doesNotContain("ada");
    assertThat(lake.resolve("runs")).exists();
  }

  @Test
  void aSecondRunIsToldWhoHoldsTheLake() {
    LakeLock first = LakeLock.take(new Configuration(), lake.toString(), "the-first-run");
    try {
      assertThat(ingest()).isEqualTo(5);
      assertThat(terminal.err())
          .contains("The lake " + lake + " is held by run the-first-run (process ")
          .contains("Wait for it to end, then run again.");
    } finally {
      first.close();
    }
  }

  @Test
  void whatAKilledRunLeftIsTakenOverAndTheNextHasNothingToDo() throws IOException {
    LakeLock killed = LakeLock.take(new Configuration(), lake.toString(), "killed");
    String held = Files.readString(lake.resolve("_lock"));
    killed.close();
    String pid = "pid=" + ProcessHandle.current().pid();
    Files.writeString(lake.resolve("_lock"), held.replace(pid, "pid=999999999"));

    Files.writeString(folder.resolve("crm/b.csv"), "id,mail\n,cleo@example.com\n");

    String limit = "source-defaults.quarantine-limit=0.5";
    assertThat(ingest("--as-of", "2026-06-30", "--set", limit)).isZero();
    assertThat(terminal.out())
        .contains("ingest       done in ", "crm: 1 of 3 rows for contacts were refused");
    assertThat(lake.resolve("_lock")).doesNotExist();
    assertThat(ingest("--as-of", "2026-06-30")).isZero();
    assertThat(terminal.out())
        .contains("done for 2026-06-30 at", "--force does it again")
        .contains("Nothing else to do: all of it is done for 2026-06-30.");
  }

  @Test
  void aReportOfALakeWithoutARunSaysWhatToDo() {
    assertThat(terminal.type("report", "--conf", conf, "--out", folder.toString())).isEqualTo(3);
    assertThat(terminal.err()).contains("There is nothing to report: no run is in the ledger");
  }

  @Test
  void identityIsHeldAgainstLabels(LocalSpark.Handle running) throws IOException {
    Path truth =
        Files.writeString(
            folder.resolve("truth.csv"), "id,person\n1,ada\n2,ada\n3,bea\n4,\n5,cleo\n");
    var words =
        List.of(
            "identity",
            "evaluate",
            "--conf",
            conf,
            "--truth",
            truth.toString(),
            "--record-id",
            "id",
            "--cluster",
            "person");
    assertThat(terminal.type(words.toArray(new String[0]))).isEqualTo(3);
    assertThat(terminal.err()).contains("Cannot read table identity_map");

    var tables = new Lake(running.session(), lake.toString());
    tables.overwrite(
        IdentityMap.TABLE,
        running.rows(
            IdentityMap.TABLE,
            "select 'crm' as source, 'contact' as record_type, id as record_id,"
                + " 'c' as customer_id, date'2026-06-30' as since"
                + " from values ('1'), ('2'), ('3'), ('4') as t(id)"));
    tables.overwrite(IdentityLinks.TABLE, tables.readOrEmpty(IdentityLinks.TABLE));

    assertThat(terminal.type(words.toArray(new String[0]))).isZero();
    assertThat(terminal.out())
        .contains("4 labelled records, 3 records with a customer")
        .contains("! 1 of them have no record in identity_map")
        .contains("Pairs of records: 1 of one person, 3 of one customer, 1 of both")
        .containsPattern("recall +1.0000 +0.2065 +1.0000")
        .contains("Persons: 0 of 2 are exactly one customer, 0.0 %")
        .contains("No links were found by matching")
        .contains("Two persons in one customer: 2 pairs", "2 only through other records")
        .contains("crm/contact/1 and crm/contact/3")
        .contains("One person in two customers: 0 pairs");

    var asJson = new ArrayList<>(words);
    asJson.add("--json");
    assertThat(terminal.type(asJson.toArray(new String[0]))).isZero();
    JsonNode json = new ObjectMapper().readTree(terminal.out());
    assertThat(json.get("records").asLong()).isEqualTo(3);
    assertThat(json.get("recall").asDouble()).isEqualTo(1);
    assertThat(json.get("recall_95").get(1).asDouble()).isEqualTo(1);
    assertThat(json.get("thresholds")).isEmpty();
    assertThat(json.get("two_persons_in_one_customer").get(0).get("pairs").asLong()).isEqualTo(2);
  }

  @Test
  void blockingIsProposedAndThereIsNothingToReview() throws IOException {
    assertThat(terminal.type("identity", "propose", "--conf", conf)).isEqualTo(3);
    assertThat(terminal.err()).contains("Cannot read table contacts");
    assertThat(ingest("--as-of", "2026-06-30")).isZero();

    assertThat(terminal.type("identity", "propose", "--conf", conf)).isZero();
    assertThat(terminal.out())
        .contains("2 contacts. Of them a rule may make 100,000 pairs")
        .contains("! Of so few contacts all pairs are compared, whatever the rules say.")
        .containsPattern("\\n  \\[email] +2 +0 +0 +0 +0 +0\\n")
        .containsPattern("\\[birth_date, \"substring\\(postcode, 1, 3\\)\"] +0")
        .contains("make 0 pairs at most, of 500,000,000 that identity.most-pairs allows.")
        .contains("blocking = [\n]");
    assertThat(terminal.type("identity", "propose", "--conf", conf, "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(terminal.out());
    assertThat(json.get("contacts").asLong()).isEqualTo(2);
    assertThat(json.get("rules").get(0).get("contacts_with_values").asLong()).isEqualTo(2);
    assertThat(json.get("proposed")).isEmpty();

    var tables = new Lake(spark, lake.toString());
    tables.overwrite(IdentityLinks.TABLE, tables.readOrEmpty(IdentityLinks.TABLE));
    tables.overwrite(IdentityMap.TABLE, tables.readOrEmpty(IdentityMap.TABLE));
    Path file = folder.resolve("pairs.csv");
    assertThat(terminal.type("identity", "review", "--conf", conf, "--to", file.toString()))
        .isZero();
    assertThat(terminal.out()).contains("There is no pair to ask about", "No file was written.");
    assertThat(file).doesNotExist();
  }

  private int ingest(String... more) {
    var words = new String[more.length + 3];
    words[0] = "ingest";
    words[1] = "--conf";
    words[2] = conf;
    System.arraycopy(more, 0, words, 3, more.length);
    return terminal.type(words);
  }
}
