package io.persegment.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.run.Runs;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class IngestStageTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);
  private static final String CRM =
      """
      crm {
        read { format = csv, path = "FOLDER/crm/*.csv", options { delimiter = ";" } }
        timezone = "Europe/Copenhagen"
        where = "kind <> 'test'"
        version = "to_timestamp(changed, 'dd.MM.yyyy HH:mm')"
        quarantine-limit = 0.6
        contacts {
          record_id = "id", email = "mail", phone = "tel", first_name = "split(name, ' ')[0]"
          birth_date = "born", updated_at = "to_timestamp(changed, 'dd.MM.yyyy HH:mm')"
        }
      }
      """;
  private static final String TILL =
      """
      till {
        read { format = csv, path = "FOLDER/till/*.csv" }
        quarantine-limit = 0.9
        orders {
          group-by = receipt, ordered_at = "min(sold_at)", status = "max('paid')"
          net = "sum(amount)"
        }
        order_lines { order_id = receipt, product_id = sku, quantity = "1", net = amount }
      }
      """;

  @TempDir Path folder;
  private TestLake lake;

  @BeforeEach
  void newLake(LocalSpark.Handle spark) {
    lake = new TestLake(spark, folder.resolve("lake"));
  }

  @Test
  void takesWhatIsRightAndQuarantinesTheRestWithEveryReason() throws IOException {
    write(
        "crm/a.csv",
        """
        id;kind;name;mail;tel;born;changed;colour
        1;person;Ada Prøve; Ada@Example.COM ;20 12 34 56;1990-02-03;01.07.2026 12:30;green
        2;test;Test Test;t@example.com;;;;
        3;person;Bo;no address;;1990-02-31;01.07.2026 12:30;
        ;person;Cy;c@example.com;;soon;not a time;
        5;person;too;many;fields;;01.07.2026 12:30;x;y;z
        6;person;Di;d@example.com;;;01.07.2026 12:30;
        7;person;Eve;e@example.com;;;01.07.2026 12:30;
        """);

    ingest(CRM);

    Row ada = contacts().where("record_id = '1'").head();
    assertThat(ada.<String>getAs("email")).isEqualTo("ada@example.com");
    assertThat(ada.<String>getAs("phone")).isEqualTo("+4520123456");
    assertThat(ada.<String>getAs("first_name")).isEqualTo("Ada");
    assertThat(ada.getTimestamp(ada.fieldIndex("updated_at")).toInstant())
        .as("12:30 in Copenhagen's summer")
        .isEqualTo("2026-07-01T10:30:00Z");
    assertThat(ada.<String, String>getJavaMap(ada.fieldIndex("attributes")))
        .containsOnly(Map.entry("colour", "green"));
    assertThat(reasons("contacts"))
        .containsExactlyInAnyOrder(
            "record_id is missing, updated_at is no time, version is no time",
            "the row does not have the columns of its file's header");
    assertThat(lake.rows("ingest"))
        .containsEntry("crm.contacts.read", 7L)
        .containsEntry("crm.contacts.left_out", 1L)
        .containsEntry("crm.contacts.quarantined", 2L)
        .containsEntry("crm.contacts.in_table", 4L);
  }

  /** Typing errors are what tells records of one person from those of two. */
  @Test
  void aBirthDateThatIsNoneIsKeptAsText(LocalSpark.Handle spark) throws IOException {
    String crm =
        """
        crm {
          read { format = csv, path = "FOLDER/crm/*.csv" }
          dates = ["yyyyMMdd"]
          contacts { record_id = id, birth_date = %s }
        }
        """;
    write(
        "crm/a.csv",
        """
        id,born,colour
        1,19800203,
        2,19801340,red
        3,unknown,
        4,n/a,
        5,18000101,
        """);
    write("crm/b.csv", "id,born,birth_date\n6,19801341,the other\n");

    ingest(crm.formatted("born"));

    assertThat(births())
        .containsExactly(
            "1|1980-02-03|null",
            "2|null|{colour=red, birth_date=19801340}",
            "3|null|{birth_date=unknown}",
            "4|null|null",
            "5|null|{birth_date=18000101}",
            "6|null|{birth_date=the other}");
    assertThat(reasons("contacts")).isEmpty();
    assertThat(lake.rows("ingest"))
        .containsEntry("crm.contacts.read", 6L)
        .containsEntry("crm.contacts.quarantined", 0L)
        .containsEntry("crm.contacts.in_table", 6L)
        .containsEntry("crm.contacts.birth_date_as_text", 4L);
    assertThat(lake.lake().read(Runs.TABLE).head().<String>getAs("status")).isEqualTo("warned");

    String parsed = crm.formatted("\"to_date(concat('', born), 'yyyyMMdd')\"");
    run(parsed, stage -> stage.replaying(new Replay("crm", Optional.empty(), true)));

    assertThat(births())
        .as("what an expression could not read is kept as it was given to it")
        .contains("1|1980-02-03|null", "2|null|{colour=red, birth_date=19801340}");
  }

  private List<String> births() {
    return contacts()
        .orderBy("record_id")
        .select("record_id", "birth_date", "attributes")
        .collectAsList()
        .stream()
        .map(
            row ->
                "%s|%s|%s"
                    .formatted(row.get(0), row.get(1), row.isNullAt(2) ? null : row.getJavaMap(2)))
        .toList();
  }

  @Test
  void readsTheEncodingThatIsDeclared() throws IOException {
    Files.createDirectories(folder.resolve("crm"));
    Files.write(
        folder.resolve("crm/a.csv"),
        "id,namnet på kunden\n1,Zoë €\n".getBytes(Charset.forName("windows-1252")));
    String source =
        """
        crm {
          read { format = csv, path = "FOLDER/crm/*.csv", options { encoding = "%s" } }
          contacts { record_id = id, first_name = "`namnet på kunden`" }
        }
        """;

    assertThatThrownBy(() -> ingest(source.formatted("windows-9")))
        .hasMessageContaining("has encoding = windows-9; name one such as windows-1252");
    ingest(source.formatted("windows-1252"));

    assertThat(contacts().head().<String>getAs("first_name")).isEqualTo("Zoë €");
  }

  @Test
  void readsNumbersDatesAndNothingAsTheSourceWritesThem() throws IOException {
    write(
        "shop/a.csv",
        """
        id;mail;last;born;land;sold;paid
        1;info@example.com;VAN DER BERG;03.02.1990;Deutschland;03.02.2026 14:05;1.234,50 €
        2;N/A;n/a;\\N;-;03.02.2026;12
        3;c@example.com;Ny\uFFFDkv;;;03.02.2026;1
        4;d@example.com;Di;03.02.2999;;03.02.1026;12.50
        NULL;;;;;03.02.2026;NaN
        """);
    String source =
        """
        shop {
          read { format = csv, path = "FOLDER/shop/*.csv", options { delimiter = ";" } }
          decimal-comma = true
          dates = ["dd.MM.yyyy HH:mm", "dd.MM.yyyy"%s]
          quarantine-limit = 0.9
          contacts { record_id = id, email = mail, last_name = last, birth_date = born, country = land }
          orders { order_id = id, ordered_at = sold, status = "'paid'", net = paid }
        }
        """;

    assertThatThrownBy(() -> ingest(source.formatted(", \"MM.dd.yyyy\"")))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("sources.shop.dates has dd.MM.yyyy and MM.dd.yyyy; 09.10.2011 fits");
    ingest(source.formatted(""));

    assertThat(
            contacts()
                .orderBy("record_id")
                .select("record_id", "email", "email_status", "last_name", "birth_date", "country")
                .collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactly(
            "1|info@example.com|role|van der Berg|1990-02-03|DE",
            "2|null|null|null|null|-",
            "4|d@example.com|null|Di|null|null");
    assertThat(
            lake.lake().read(Orders.TABLE).select("order_id", "ordered_at", "net").collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactlyInAnyOrder(
            "1|2026-02-03 09:05:00.0|1234.5000",
            "2|2026-02-02 19:00:00.0|12.0000",
            "3|2026-02-02 19:00:00.0|1.0000");
    assertThat(reasons("contacts"))
        .containsExactlyInAnyOrder(
            "record_id is missing",
            "last_name has a character that could not be read; is the file's encoding right?");
    assertThat(reasons("orders"))
        .containsExactlyInAnyOrder(
            "ordered_at is no time, net is no number", "order_id is missing, net is missing");
  }

  @Test
  void anyOrderOfArrivalEndsInTheSameTable() throws IOException {
    String header = "id;kind;name;mail;tel;born;changed\n";
    String old = header + "1;person;Ada;old@example.com;;;01.06.2026 10:00\n";
    String late = header + "1;person;Ada;new@example.com;;;02.06.2026 10:00\n";

    write("crm/b.csv", late);
    ingest(CRM);
    write("crm/c.csv", old);
    ingest(CRM);

    assertThat(column(contacts(), "email")).containsExactly("new@example.com");
    assertThat(lake.rows("ingest")).containsEntry("crm.contacts.replaced", 1L);

    write("crm/d.csv", header + "1;person;Ada;newest@example.com;;;03.06.2026 10:00\n");
    ingest(CRM);

    assertThat(column(contacts(), "email")).containsExactly("newest@example.com");
    assertThat(lake.rows("ingest"))
        .containsEntry("crm.contacts.read", 1L)
        .containsEntry("crm.contacts.in_table", 0L)
        .containsEntry("crm.contacts.replaced", 1L);
  }

  @Test
  void rowsOfOneKeyThatContradictEachOtherGoToQuarantineTogether() throws IOException {
    write(
        "crm/a.csv",
        """
        id;kind;name;mail;tel;born;changed
        1;person;Ada;a@example.com;;;01.06.2026 10:00
        1;person;Bea;b@example.com;;;01.06.2026 10:00
        2;person;Cy;c@example.com;;;01.06.2026 10:00
        2;person;Cy;c@example.com;;;01.06.2026 10:00
        """);

    ingest(CRM);

    assertThat(column(contacts(), "record_id")).containsExactly("2");
    assertThat(reasons("contacts"))
        .containsOnly("record_id stands for different rows in one file")
        .hasSize(2);
    assertThat(lake.rows("ingest")).containsEntry("crm.contacts.repeated", 1L);
  }

  @Test
  void makesOrdersOfLinesAndHoldsTheLinesOfABadOrder() throws IOException {
    write(
        "till/day.csv",
        """
        receipt,sold_at,sku,amount
        r1,2026-06-01 09:00:00,p1,10.10
        r1,2026-06-01 09:01:00,p2,0.20
        r2,2026-06-01 10:00:00,p1,ten
        r2,2026-06-01 10:00:00,p3,5.00
        """);

    ingest(TILL);

    Row order = lake.lake().read(Orders.TABLE).head();
    assertThat(order.<String>getAs("order_id")).isEqualTo("r1");
    assertThat(order.getDecimal(order.fieldIndex("net"))).isEqualByComparingTo("10.30");
    assertThat(column(lake.lake().read(OrderLines.TABLE), "product_id"))
        .containsExactlyInAnyOrder("p1", "p2");
    assertThat(reasons("orders")).containsExactly("net is no number", "net is no number");
    assertThat(reasons("order_lines"))
        .containsExactlyInAnyOrder(
            "net is no number, its order is in quarantine", "its order is in quarantine");
    assertThat(lake.rows("ingest"))
        .containsEntry("till.orders.folded", 1L)
        .containsEntry("till.orders.quarantined", 2L)
        .containsEntry("till.order_lines.quarantined", 2L);
  }

  @Test
  void overTheLimitNothingOfTheSourceIsTakenIn() throws IOException {
    write("crm/a.csv", "id;kind;name;mail;tel;born;changed\n1;person;Ada;a@example.com;;;\n");
    ingest(CRM);
    String header = "id;kind;name;mail;tel;born;changed\n";
    write("crm/b.csv", header + "2;p;Bo;;;;nie\n3;p;Cy;;;;nie\n4;p;Di;;;1990-01-01;\n");

    assertThatThrownBy(() -> ingest(CRM))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA))
        .hasMessageContaining("2 of 3 rows for contacts were refused, 66.7 %")
        .hasMessageContaining("updated_at is no time: 2 rows");

    assertThat(column(contacts(), "record_id")).containsExactly("1");
    assertThat(lake.lake().read(Runs.TABLE).where("status = 'failed'").count()).isEqualTo(1);
    write("crm/b.csv", header + "2;p;Bo;;;1990-01-01;\n");
    ingest(CRM);
    assertThat(column(contacts(), "record_id")).containsExactlyInAnyOrder("1", "2");
    assertThat(reasons("contacts")).as("the file was mended").isEmpty();
  }

  @Test
  void namesTheColumnsThatAFileHasWhereOneIsMissing() throws IOException {
    write("crm/a.csv", "id;kind;name;email;tel;born;changed\n1;person;Ada;a@example.com;;;\n");

    assertThatThrownBy(() -> ingest(CRM))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("sources.crm.contacts.email reads column mail")
        .hasMessageContaining("they have: id, kind, name, email")
        .hasMessageContaining("did you mean email?");
  }

  @Test
  void tellsAMissingFolderFromAnEmptyOne() throws IOException {
    assertThatThrownBy(() -> ingest(CRM))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("there is no folder");

    Files.createDirectories(folder.resolve("crm"));

    assertThatThrownBy(() -> ingest(CRM))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA))
        .hasMessageContaining("no file matches it");
  }

  @Test
  void whatASourceDeletesGoesAndDoesNotComeBackWithAnOlderVersion() throws IOException {
    String shop =
        """
        shop {
          read { format = csv, path = "FOLDER/shop/*.csv" }
          version = "at", deleted = "lower(gone) = 'true'", quarantine-limit = 0.5
          contacts { record_id = id, email = mail, birth_date = born }
        }
        """;
    String header = "id,mail,born,at,gone\n";
    write(
        "shop/b.csv",
        header + "1,ada@example.com,,2026-01-01,false\n2,bo@example.com,,2026-01-01,false\n");
    ingest(shop);
    write("shop/c.csv", header + "1,,nobody knows,2026-01-03,TRUE\n3,,,2026-01-03,true\n");
    ingest(shop);

    assertThat(column(contacts(), "record_id")).containsExactly("2");
    assertThat(lake.rows("ingest"))
        .containsEntry("shop.contacts.accepted", 2L)
        .containsEntry("shop.contacts.deletions", 2L)
        .containsEntry("shop.contacts.removed", 1L);

    write(
        "shop/a.csv",
        header + "1,old@example.com,,2026-01-02,false\n3,cy@example.com,,2026-01-04,false\n");
    ingest(shop);

    assertThat(column(contacts(), "record_id"))
        .as("1 is older than its deletion, 3 was made anew after its own")
        .containsExactlyInAnyOrder("2", "3");
    assertThat(lake.rows("ingest")).containsEntry("shop.contacts.replaced", 1L);
  }

  @Test
  void aSnapshotIsAllThatThereIs() throws IOException {
    String crm =
        """
        crm {
          mode = snapshot, quarantine-limit = 0.5
          read { format = csv, path = "FOLDER/crm/*.csv" }
          contacts { record_id = id, created_at = born }
        }
        """;
    write("crm/2.csv", "id,born\n1,\n2,\n3,\n4,\n5,soon\n");
    ingest(crm);
    assertThat(reasons("contacts")).containsExactly("created_at is no time");
    write("crm/1.csv", "id,born\n9,\n");
    write("crm/3.csv", "id,born\n1,1990-01-01\n2,\n3,\n");
    ingest(crm);

    assertThat(column(contacts(), "record_id")).containsExactlyInAnyOrder("1", "2", "3");
    assertThat(lake.rows("ingest"))
        .containsEntry("crm.files", 2L)
        .containsEntry("crm.contacts.read", 3L)
        .containsEntry("crm.contacts.removed", 1L);
    assertThat(reasons("contacts")).as("of a snapshot that counts no more").isEmpty();

    write("crm/4.csv", "id,born\n1,\n");
    assertThatThrownBy(() -> ingest(crm))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA))
        .hasMessageContaining("2 of the 3 records that contacts has of it are in its newest export")
        .hasMessageContaining("raise sources.crm.most-removed");
    assertThat(contacts().count()).isEqualTo(3);
  }

  @Test
  void readsAgainWhatMendedSettingsCanReadAndDropsARetiredSource() throws IOException {
    String crm =
        """
        crm {
          read { format = csv, path = "FOLDER/crm/*.csv" }, quarantine-limit = 0.9
          contacts { record_id = id, created_at = "%s" }
        }
        """;
    write("crm/a.csv", "id,born\n1,1.2.1990\n2,1990-02-03\n");
    write("crm/b.csv", "id,born\n3,\n");
    ingest(crm.formatted("born"));
    assertThat(reasons("contacts")).containsExactly("created_at is no time");

    String mended = crm.formatted("if(born like '%.%', to_date(born, 'd.M.yyyy'), born)");
    run(mended, stage -> stage.replaying(new Replay("crm", Optional.empty(), false)));

    assertThat(reasons("contacts")).isEmpty();
    assertThat(column(contacts().where("created_at is not null"), "record_id"))
        .containsExactlyInAnyOrder("1", "2");
    assertThat(lake.rows("ingest"))
        .containsEntry("crm.files", 1L)
        .containsEntry("crm.contacts.repeated", 1L)
        .containsEntry("crm.contacts.in_table", 1L);

    String fewer = mended.replace("contacts {", "where = \"id <> '3'\", contacts {");
    run(fewer, stage -> stage.replaying(new Replay("crm", Optional.empty(), true)));
    assertThat(column(contacts(), "record_id")).containsExactlyInAnyOrder("1", "2");

    assertThatThrownBy(() -> ingest(""))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("sources.crm.retired = keep, or drop");
    ingest("crm.retired = drop");
    assertThat(contacts().isEmpty()).isTrue();
  }

  @Test
  void aSourceWhoseFilesAnotherReadsCannotBeDropped() throws IOException {
    String two =
        """
        people { read { format = csv, path = "FOLDER/crm/*.csv" }, contacts { record_id = id } }
        words {
          read { format = csv, path = "FOLDER/crm/*.csv" }
          consents {
            record_id = id, channel = "'email'", purpose = "'marketing'", status = "'granted'"
            observed_at = "'2026-01-01'"
          }
        }
        """;
    write("crm/a.csv", "id\n1\n");
    ingest(two);

    assertThatThrownBy(() -> ingest(two.replaceFirst("(?m)^people.*$", "people.retired = drop")))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("sources.people.retired = drop cannot be done: source words reads");
    assertThat(contacts().count()).isEqualTo(1);
  }

  @Test
  void aTableOfAnOlderVersionOfUsIsReadWithWhatItLacksAsNull(LocalSpark.Handle spark) {
    spark
        .rows(Contacts.TABLE, "select 'crm' as source, '1' as record_id")
        .drop(Common.CONTENT_HASH.name())
        .write()
        .format("delta")
        .save(folder.resolve("lake/contacts").toString());

    Row contact = contacts().head();
    assertThat(contact.<String>getAs("record_id")).isEqualTo("1");
    assertThat(contact.<Long>getAs("content_hash")).isNull();
  }

  private void ingest(String sources) {
    run(sources, stage -> stage);
  }

  private void run(String sources, UnaryOperator<IngestStage> how) {
    String text =
        "shop { name = Test, currency = DKK, country = DK }, lake.root = lake\nsources {\n%s}"
            .formatted(sources.replace("FOLDER", folder.toString()));
    PersegmentSettings settings = PersegmentSettings.from(SettingsFile.parse("test.conf", text));
    lake.run(DAY, true, how.apply(IngestStage.of(settings.sources(), settings.retiredSources())));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, Charset.forName("UTF-8"));
  }

  private Dataset<Row> contacts() {
    return lake.lake().read(Contacts.TABLE);
  }

  private List<String> reasons(String table) {
    return column(
        lake.lake()
            .readOrEmpty(Quarantine.TABLE)
            .where("target_table = '%s'".formatted(table))
            .selectExpr("concat_ws(', ', reasons) as reasons"),
        "reasons");
  }

  private static List<String> column(Dataset<Row> rows, String name) {
    return rows.select(name).collectAsList().stream().map(row -> row.getString(0)).toList();
  }
}
