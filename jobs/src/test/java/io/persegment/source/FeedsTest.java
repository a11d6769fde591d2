package io.persegment.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Contacts;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sources that are landed first: Delta for all of them; scripts/try-readers has the servers. */
@ExtendWith(LocalSpark.class)
class FeedsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  @TempDir Path folder;

  @Test
  void readsADeltaTableOnceAndThenWhatWasAdded(LocalSpark.Handle spark) throws Exception {
    var lake = new TestLake(spark, folder.resolve("lake"));
    SparkSession session = spark.session();
    String table = "delta.`%s`".formatted(folder.resolve("people"));
    session.sql("create table %s (id string, mail string, no int) using delta".formatted(table));
    session.sql(
        "insert into %s values ('1', 'a@example.com', 1), ('2', 'none', 2)".formatted(table));
    String people =
        """
        people {
          read { format = delta, path = "FOLDER/people" }
          quarantine-limit = LIMIT
          contacts { record_id = id, email = mail }
        }
        """;

    stage(people.replace("LIMIT", "0")).check(lake.lake());

    assertThat(folder.resolve("lake/_landing")).as("a check lands nothing").doesNotExist();

    String strict =
        people
            .replace("LIMIT", "0")
            .replace(
                "email = mail", "email = mail, created_at = \"if(no = 2, to_date(mail), null)\"");
    assertThatThrownBy(() -> lake.run(DAY, true, stage(strict)))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA));

    String right = people.replace("LIMIT", "1");
    lake.run(DAY, true, stage(right));

    assertThat(ids(lake)).as("what a failed run had landed is not lost").containsExactly("1", "2");

    session.sql("insert into %s values ('3', 'c@example.com', 3)".formatted(table));
    lake.run(DAY, true, stage(right));

    assertThat(lake.rows("ingest")).containsEntry("people.contacts.read", 1L);
    assertThat(ids(lake)).containsExactly("1", "2", "3");

    lake.run(DAY, true, stage(right));

    assertThat(lake.rows("ingest")).containsEntry("people.files", 0L);
    assertThat(batches()).as("what was taken in is removed").isEmpty();

    session.sql("delete from %s where id = '3'".formatted(table));

    assertThatThrownBy(() -> lake.run(DAY, true, stage(right)))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA))
        .hasMessageContaining("rows changed or deleted")
        .hasMessageContaining("_landing/people/_checkpoint-");
  }

  @Test
  void readsTheChangesOfADeltaTable(LocalSpark.Handle spark) {
    var lake = new TestLake(spark, folder.resolve("lake"));
    SparkSession session = spark.session();
    String table = "delta.`%s`".formatted(folder.resolve("people"));
    session.sql(
        "create table %s (id string, mail string) using delta tblproperties (delta.enableChangeDataFeed = true)"
            .formatted(table));
    session.sql("insert into %s values ('1', 'a@example.com')".formatted(table));
    session.sql("insert into %s values ('2', 'b@example.com')".formatted(table));
    session.sql("update %s set mail = 'new@example.com' where id = '1'".formatted(table));
    IngestStage changes =
        stage(
            """
            people {
              read { format = delta, path = "FOLDER/people", changes = true }
              where = "_change_type <> 'delete'"
              contacts { record_id = id, email = mail }
            }
            """);
    changes.check(lake.lake());
    lake.run(DAY, true, changes);
    session.sql("update %s set mail = 'newest@example.com' where id = '1'".formatted(table));
    session.sql("delete from %s where id = '2'".formatted(table));
    lake.run(DAY, true, changes);

    assertThat(emails(lake)).containsExactly("b@example.com", "newest@example.com");
    assertThat(lake.rows("ingest"))
        .containsEntry("people.contacts.read", 2L)
        .containsEntry("people.contacts.left_out", 1L);
  }

  @Test
  void refusesSecretsInTheSettingsAndOptionsThatThereAreNot() {
    assertThatThrownBy(
            () ->
                stage(
                    """
                    shop-db {
                      read {
                        format = jdbc, url = "jdbc:postgresql://db/shop?password=hunter2", table = people
                        user = me, password = hunter2
                        options { fetchSize = 3 }
                      }
                      contacts { record_id = id }
                    }
                    clicks {
                      read {
                        format = kafka, servers = "k:9092", topic = t, value = json, schema = "id string"
                        options { kafka.sasl.jaas.config = "hunter2", kafka.security.protocol = SSL }
                      }
                      contacts { record_id = id }
                    }
                    files {
                      read { format = csv, path = x, options { sep = ";", multiline = true } }
                      contacts { record_id = id }
                    }
                    changes {
                      read { format = delta, path = x, changes = true }
                      contacts { record_id = id }
                    }
                    """))
        .hasMessageContaining("sources.shop-db.read.password holds a secret in plain sight")
        .hasMessageContaining("or give password-file")
        .hasMessageContaining("sources.shop-db.read.url holds a secret in plain sight")
        .hasMessageContaining(
            "read.options.fetchSize is no option of a jdbc source; did you mean fetchsize?")
        .hasMessageContaining("kafka.sasl.jaas.config holds a secret in plain sight")
        .hasMessageContaining(
            "read.options.sep is no option of a csv source; did you mean delimiter?")
        .hasMessageContaining(
            "read.options.multiline is no option of a csv source; did you mean multiLine?")
        .hasMessageContaining("sources.changes.where says nothing of deleted rows")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void takesSecretsFromTheEnvironmentAndFromFiles() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
    String source =
        """
        db {
          read { format = jdbc, url = "jdbc:postgresql://db/shop", table = people, PASSWORD }
          contacts { record_id = id }
        }
        """;
    for (String password : List.of("password = ${HOME}", "password-file = \"" + secret + "\"")) {
      Feed feed = settings(source.replace("PASSWORD", password)).get(0).read().feed().orElseThrow();

      assertThat(((Feed.Jdbc) feed).password().orElseThrow().value())
          .isIn(System.getenv("HOME"), "hunter2");
      assertThat(feed.toString()).doesNotContain("hunter2");
    }
  }

  private IngestStage stage(String sources) {
    return IngestStage.of(settings(sources), Map.of());
  }

  private List<SourceSettings> settings(String sources) {
    String text =
        "shop { name = Test, currency = DKK, country = DK }, lake.root = lake\nsources {\n%s}"
            .formatted(sources.replace("FOLDER", folder.toString()));
    return PersegmentSettings.from(SettingsFile.parse("test.conf", text)).sources();
  }

  private List<String> batches() throws Exception {
    try (var names = Files.list(folder.resolve("lake/_landing/people"))) {
      return names
          .map(each -> each.getFileName().toString())
          .filter(name -> !name.startsWith("_"))
          .toList();
    }
  }

  private static List<String> ids(TestLake lake) {
    return column(lake, "record_id");
  }

  private static List<String> emails(TestLake lake) {
    return column(lake, "email");
  }

  private static List<String> column(TestLake lake, String name) {
    return lake.lake().read(Contacts.TABLE).select(name).collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }
}
