package io.persegment.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.audit.Audits;
import io.persegment.config.SettingsFile;
import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.run.Runs;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.Segments;
import io.persegment.source.IngestStage;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class PublishStageTest {
  private static final String ADA = "('ada', 'ada@example.com', 'Ada', 'granted', null)";
  private static final String BEA = "('bea', 'bea@example.com', 'Bea', 'granted', 'withdrawn')";
  private static final String CAT = "('cat', 'cat@example.com', 'Cat', 'granted', null)";
  private static final String DAN = "('dan', 'dan@example.com', 'Dan', null, null)";

  @TempDir Path folder;
  private LocalSpark.Handle spark;
  private Lake lake;

  @BeforeEach
  void fillTheLake(LocalSpark.Handle spark) {
    this.spark = spark;
    lake = new Lake(spark.session(), folder.toString());
    lake.overwrite(
        Audits.TABLE,
        spark.rows(
            Audits.TABLE,
            "select explode(sequence(date'2026-06-29', date'2026-06-30')) as as_of, 'rows' as"
                + " check, 'orders' as table, 3 as value, 'info' as severity, true as passed"));
    segment("2026-06-30", "Food");
  }

  @Test
  void publishesWhoMayBeWrittenToAndAccountsForTheRest() {
    customers(ADA, BEA, CAT, DAN);
    StageReport report = publish("2026-06-30");

    assertThat(
            lines(
                "select customer_id, email, to_json(segments), to_json(scores),"
                    + " to_json(deciles), release_id from audience"))
        .containsExactly(
            "ada|ada@example.com|{\"garden\":\"Food\",\"lifecycle\":\"New\"}"
                + "|{\"clv_365d\":12.0,\"purchase_30d\":0.12}"
                + "|{\"clv_365d\":2,\"purchase_30d\":1}|r000001",
            "bea|bea@example.com|{\"lifecycle\":\"New\"}|{}|{}|r000001",
            "cat|cat@example.com|{}|{}|{}|r000001");
    assertThat(lines("select customer_id, reason, since from audience_suppressed"))
        .containsExactly("dan|no_consent|2026-06-30");
    assertThat(report.rows())
        .containsEntry("customers", 4L)
        .containsEntry("audience", 3L)
        .containsEntry("suppressed", 1L)
        .containsEntry("suppressed.no_consent", 1L)
        .containsEntry("changes.added", 3L);
    assertThat(
            lines(
                "select release_id, as_of, table_versions['audience'], table_versions['customers'],"
                    + " status from releases"))
        .containsExactly(
            "r000001|2026-06-30|1|0|published"
                .replace("|0|", "|" + version(Customers.TABLE) + "|"));
  }

  @Test
  void touchesOnlyWhoReallyChanged() {
    customers(ADA, CAT, DAN, BEA);
    publish("2026-06-29");
    long before = version(Audience.TABLE);
    customers(BEA, "('cat', 'cat@example.com', 'Cathy', 'granted', null)", DAN, ADA);
    publish("2026-06-29");

    assertThat(lines("select customer_id, release_id from audience"))
        .containsExactly("ada|r000001", "bea|r000001", "cat|r000002");
    assertThat(feedSince(before)).containsExactly("cat|update_postimage", "cat|update_preimage");
    assertThat(
            lines(
                "select release_id, customer_id, change, array_join(changed_columns, ','),"
                    + " after.first_name from audience_changes where release_id = 'r000002'"))
        .containsExactly("r000002|cat|changed|first_name|Cathy");
  }

  @Test
  void whoIsLeftOutForTheSameReasonKeepsTheDate() {
    customers(ADA, DAN, CAT, "('eva', 'eva@example.com', 'Eva', null, null)");
    publish("2026-06-29");
    customers(ADA, DAN, CAT, "('eva', 'eva@example.com', 'Eva', 'withdrawn', null)");
    publish("2026-06-30");

    assertThat(lines("select customer_id, reason, since from audience_suppressed"))
        .containsExactly("dan|no_consent|2026-06-29", "eva|withdrawn|2026-06-30");
  }

  /** The whole night is not run again for a no that came late, but that is obeyed at once. */
  @Test
  void aNoThatComesLateIsObeyedThoughTheDateIsDone() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/a.csv"), "id,mail,said\n1,ada@example.com,granted\n");
    PersegmentSettings settings =
        settings(
            """
            publish.most-shrinkage = 1
            sources.letters {
              read { format = csv, path = "%s/in/*.csv" }
              consents { record_id = id, email = mail, channel = "'email'", purpose = "'marketing'", status = said, observed_at = "timestamp'2026-06-01'" }
            }
            """
                .formatted(folder));
    Stage ingest = IngestStage.of(settings.sources(), Map.of());
    Stage publish = new PublishStage(settings.publish(), settings.features());
    var asOf = LocalDate.parse("2026-06-30");
    var tests = new TestLake(spark, folder);
    customers(ADA, CAT);
    assertThat(tests.run(asOf, false, ingest, publish)).isTrue();
    assertThat(tests.run(asOf, false, ingest, publish)).isFalse();

    Files.writeString(folder.resolve("in/b.csv"), "id,mail,said\n2,ada@example.com,withdrawn\n");
    assertThat(tests.run(asOf, false, ingest, publish)).isTrue();

    assertThat(lines("select release_id, customer_id, change from audience_changes"))
        .containsExactly("r000001|ada|added", "r000001|cat|added", "r000002|ada|removed");
    assertThat(
            lake.read(Runs.TABLE).select("stage").collectAsList().stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("ingest", "publish", "consents", "consents", "publish");
    assertThat(tests.run(asOf, false, ingest, publish)).isFalse();
  }

  @Test
  @Tag("long")
  void aPublishThatWasKilledComesOutAsIfItHadNot() {
    customers(ADA, CAT, DAN, BEA);
    publish("2026-06-29");
    customers(ADA, BEA, "('dan', 'dan@example.com', 'Dan', 'granted', null)");
    publish("2026-06-30");
    List<String> audience = lines("select * except (published_at) from audience");
    List<String> changes = lines("select * except (after), to_json(after) from audience_changes");

    // All but the row of releases was written, the last thing that a publish does.
    lake.overwrite(
        Releases.TABLE,
        lake.read(Releases.TABLE).filter(Releases.RELEASE_ID.col().equalTo("r000001")));
    publish("2026-06-30");

    assertThat(changes).anyMatch(line -> line.startsWith("r000002|cat"));
    assertThat(lines("select * except (published_at) from audience")).isEqualTo(audience);
    assertThat(lines("select * except (after), to_json(after) from audience_changes"))
        .isEqualTo(changes);
    assertThat(lines("select release_id from releases")).containsExactly("r000001", "r000002");
  }

  @Test
  void anAuditThatHoldsKeepsEverythingAsItWas() {
    customers(ADA);
    lake.append(
        Audits.TABLE,
        spark.rows(
            Audits.TABLE,
            "select date'2026-06-30' as as_of, 'broken_keys' as check, 'customers' as table, 2 as"
                + " value, 0 as limit, 'hold' as severity, false as passed, 'customers: broken_keys is 2, but"
                + " should be at most 0' as sentence"));

    assertThatThrownBy(() -> publish("2026-06-30"))
        .hasMessageContaining("customers: broken_keys is 2, but should be at most 0")
        .extracting(e -> ((PersegmentException) e).fault())
        .isEqualTo(Fault.GATE);
    assertThat(new PublishStage(settings().publish(), settings().features()).writes())
        .noneMatch(lake::exists);
  }

  @Test
  void everybodyGetsWhatTheMappingSays() {
    customers(ADA, BEA, CAT);
    publish("2026-06-30", CONTENT);

    assertThat(
            lines(
                "select customer_id, content['hero'], tokens['first_name'], tokens['chance'],"
                    + " tokens['names'], to_json(fallbacks), stage, likely from audience"))
        .containsExactly(
            "ada|food|Ada|12.49|[\"Ada\"]|[]|New|true",
            "bea|news|Bea|?|[\"Bea\"]|[\"chance\"]|New|null", // refuses profiling
            "cat|news|Cat|?|[\"Cat\"]|[\"chance\"]|null|null");
    assertThat(
            lines("select customer_id, after.stage, after.content['hero'] from audience_changes"))
        .containsExactly("ada|New|food", "bea|New|news", "cat|null|news");

    // A column that is declared no longer changes nobody but in what is left.
    publish("2026-06-30");
    assertThat(lines("select customer_id, stage, to_json(content) from audience"))
        .containsExactly("ada|null|{}", "bea|null|{}", "cat|null|{}");
  }

  private static final String CONTENT =
      """
      content {
        slots = [hero]
        tokens {
          first_name { value = first_name, fallback = "you" }
          chance { value = "100 * score('purchase_30d')", fallback = "?" }
          names { type = list, value = "array(first_name)", fallback = "" }
        }
        mapping.food { priority = 1, when = "in_segment('garden', 'food')", show { hero = food } }
        otherwise { hero = news }
      }
      segmentations.garden { kind = k-means, features = [orders_30d], k = 2 }
      publish.columns { stage = "segment('lifecycle')", likely = "decile('purchase_30d') = 1" }
      """;

  @Test
  void whoIsOnAListIsNotWrittenToWhateverTheySaid() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "no;Email\n1; ADA@example.com \n2;\n");
    Files.writeString(
        folder.resolve("b.csv"), "email_sha256\n" + DigestUtils.sha256Hex("cat@example.com"));
    customers(ADA, BEA, CAT);
    publish("2026-06-30", "publish.suppressions = [\"%1$s/a.csv\", \"%1$s/b*\"]".formatted(folder));

    assertThat(lines("select customer_id, reason from audience_suppressed"))
        .containsExactly("ada|suppressed", "cat|suppressed");
  }

  @Test
  void aListThatIsNotThereOrHasNoAddressesPublishesNothing() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "mail\nada@example.com\n");
    customers(ADA);
    assertThatThrownBy(
            () -> publish("2026-06-30", "publish.suppressions = [\"%s/a.csv\"]".formatted(folder)))
        .hasMessageContaining(
            "a.csv, has 1 columns, of which none is called email or email_sha256.");
    assertThatThrownBy(
            () -> publish("2026-06-30", "publish.suppressions = [\"%s/no.csv\"]".formatted(folder)))
        .hasMessageContaining(
            "publish.suppressions names %s/no.csv, where there is no file.".formatted(folder))
        .extracting(e -> ((PersegmentException) e).fault())
        .isEqualTo(Fault.SETTINGS);
    assertThat(lake.exists(Releases.TABLE)).isFalse();
  }

  @Test
  void theGateTellsAllThatItFindsAndSomebodyMayAcceptIt() throws IOException {
    customers(ADA, BEA);
    publish("2026-06-30", "publish.least-emptied = 1");
    customers(ADA, BEA, CAT, "('fay', 'fay@example.com', null, 'granted', null)");
    segment("2026-06-30", "Loungers");
    String[] strict = {
      "publish { least-emptied = 1, most-growth = 0.5 }",
      "content { tokens.name { value = first_name, fallback = \"\", most-missing = 0.2 } }"
    };

    assertThatThrownBy(() -> publish("2026-06-30", strict))
        .hasMessageContaining("the audience would grow from 2 to 4 customers, by 100.0 %")
        .hasMessageContaining(
            "the segment Food of garden would have nobody, after 1 customers in the last release")
        .hasMessageContaining(
            "the token name is not known of 25.0 % of the audience; content.tokens.name.most-missing allows 20.0 %")
        .extracting(e -> ((PersegmentException) e).fault())
        .isEqualTo(Fault.GATE);
    assertThat(lines("select release_id from releases")).containsExactly("r000001");

    Path conf = folder.resolve("shop.conf");
    Files.writeString(
        conf, "shop { name = S, currency = EUR }, lake.root = l\n" + String.join("\n", strict));
    publish(
        "2026-06-30",
        PersegmentSettings.from(
            SettingsFile.read(List.of(conf), Map.of("publish.accept", "a new garden"))));
    assertThat(
            lines("select release_id, size(findings), accepted, accepted_by is null from releases"))
        .containsExactly("r000001|-1|null|true", "r000002|3|a new garden|false");
    // Published again, as for a no that came late, it is not asked what was accepted of the date.
    publish("2026-06-30", strict);
    assertThat(
            lines("select release_id, size(findings), accepted, accepted_by is null from releases"))
        .contains("r000003|1|a new garden|false");
  }

  /** What tools have must be taken back from them, though nobody knows any more what it was. */
  @Test
  @Tag("long")
  void aRemovalSurvivesThatTablesAreBuiltAnew() throws IOException {
    customers(ADA, BEA, CAT);
    publish("2026-06-29");
    for (Table table : List.of(Audience.TABLE, Releases.TABLE, AudienceSuppressed.TABLE)) {
      FileUtils.deleteDirectory(folder.resolve(table.name()).toFile());
    }
    customers(ADA, BEA);
    publish("2026-06-29", "publish.most-shrinkage = 1");

    assertThat(
            lines(
                "select release_id, customer_id, change from audience_changes where release_id >"
                    + " 'r000001'"))
        .containsExactly("r000002|cat|removed");
    assertThat(lines("select customer_id from audience")).containsExactly("ada", "bea");
  }

  @Test
  void goingBackIsAReleaseOfItsOwnThatObeysConsentAsItIsNow() {
    customers(ADA, BEA, CAT);
    publish("2026-06-29", CONTENT);
    customers(
        "('ada', 'ada@example.com', 'Adelaide', 'granted', null)",
        "('bea', 'bea@example.com', 'Bea', 'withdrawn', 'withdrawn')",
        "('cat', 'kitty@example.com', 'Cat', 'granted', null)",
        "('eva', 'eva@example.com', 'Eva', 'granted', null)");
    publish("2026-06-30", CONTENT);
    var report = new StageReport();
    new Rollback(settings(CONTENT).publish())
        .to(
            "r000001",
            new StageContext(
                lake,
                LocalDate.parse("2026-06-29"),
                "run",
                Instant.parse("2026-07-02T02:00:00Z"),
                report));

    assertThat(lines("select customer_id, email, first_name, content['hero'] from audience"))
        .containsExactly("ada|ada@example.com|Ada|news", "cat|kitty@example.com|Cat|news");
    assertThat(lines("select customer_id, reason from audience_suppressed"))
        .containsExactly("bea|withdrawn", "eva|not_in_release");
    assertThat(
            lines(
                "select customer_id, change, array_join(changed_columns, ',') from"
                    + " audience_changes where release_id = 'r000003'"))
        .containsExactly(
            "ada|changed|first_name,segments,scores,deciles,tokens,fallbacks,content,likely,stage",
            "eva|removed|");
    assertThat(Released.all(lake).get(0).backTo()).contains("r000001");
    assertThatThrownBy(() -> Released.find(lake, "r000009"))
        .hasMessageContaining("There is no release r000009;")
        .hasMessageContaining("The last one is r000003.");
  }

  @Test
  void aDateThatWasNotAuditedIsNotPublished() {
    customers(ADA);
    assertThatThrownBy(() -> publish("2026-07-01"))
        .hasMessage(
            "Cannot publish 2026-07-01: it was not audited. Run the stage audit for this date"
                + " first.");
  }

  @Test
  void anAudienceThatShrinksTooMuchIsHeld() {
    customers(ADA, BEA, CAT, DAN);
    publish("2026-06-29");
    customers(ADA, BEA, DAN);

    assertThatThrownBy(() -> publish("2026-06-30"))
        .hasMessageContaining(
            "the audience would fall from 3 to 2 customers, by 33.3 %; publish.most-shrinkage"
                + " allows 30.0 %");
    assertThat(lines("select release_id, customer_id from audience")).hasSize(3);
    assertThat(lines("select release_id from releases")).containsExactly("r000001");
  }

  @Test
  void theAudienceIsReadableByOtherReaders() {
    customers(ADA);
    publish("2026-06-30");
    Row detail =
        spark.session().sql("describe detail delta.`%s/audience`".formatted(folder)).head();
    assertThat(detail.<String>getList(detail.fieldIndex("tableFeatures")))
        .contains("changeDataFeed")
        .doesNotContain("deletionVectors", "columnMapping", "typeWidening", "v2Checkpoint");
  }

  private static PersegmentSettings settings(String... more) {
    return PersegmentSettings.from(
        SettingsFile.parse(
            "test.conf",
            "shop { name = S, currency = EUR }, lake.root = l\n" + String.join("\n", more)));
  }

  private StageReport publish(String asOf, String... more) {
    return publish(asOf, settings(more));
  }

  private StageReport publish(String asOf, PersegmentSettings settings) {
    var report = new StageReport();
    new PublishStage(settings.publish(), settings.features())
        .run(
            new StageContext(
                lake, LocalDate.parse(asOf), "run", Instant.parse("2026-07-01T02:00:00Z"), report));
    return report;
  }

  private void customers(String... people) {
    lake.overwrite(
        Customers.TABLE,
        spark.rows(
            Customers.TABLE,
            """
            select id as customer_id, email, first as first_name, true as is_known,
              consent as email_consent, profiling as profiling_consent, 1 as record_count,
              array('shop') as sources, cast(map() as map<string, string>) as provenance,
              timestamp'2026-07-01' as updated_at
            from values %s as t(id, email, first, consent, profiling)
            """
                .formatted(String.join(", ", people))));
  }

  private void segment(String asOf, String segment) {
    lake.overwrite(
        SegmentMembership.TABLE,
        spark.rows(
            SegmentMembership.TABLE,
            """
            select date'%s' as as_of, customer as customer_id, segmentation, segment as segment_id,
              segment, 1 as confidence, date'2026-06-01' as since
            from values ('ada', 'lifecycle', 'New'), ('ada', 'garden', '%s'),
              ('bea', 'garden', '%s'), ('bea', 'lifecycle', 'New'), ('bea', 'lifecycle', 'Likely')
              as t(customer, segmentation, segment)
            """
                .formatted(asOf, segment, segment)));
    lake.overwrite(
        Segments.TABLE,
        spark.rows(
            Segments.TABLE,
            """
            select date'%s' as as_of, segmentation, id as segment_id, id as name, '' as description,
              1 as size, 1 as share, array() as profile, model as model_version, profiling as is_profiling
            from values ('lifecycle', 'New', null, null), ('lifecycle', 'Likely', null, true), ('garden', '%s', 1, null)
              as t(segmentation, id, model, profiling)
            """
                .formatted(asOf, segment)));
    lake.overwrite(
        CustomerScores.TABLE,
        spark.rows(
            CustomerScores.TABLE,
            """
            select date'%s' as as_of, customer as customer_id, target, score, decile,
              array() as reasons, 1 as model_version
            from values ('ada', 'purchase_30d', 0.1249, 1), ('ada', 'clv_365d', 12.345, 2),
              ('bea', 'purchase_30d', 0.5, 1) as t(customer, target, score, decile)
            """
                .formatted(asOf)));
  }

  private long version(Table table) {
    return lake.version(table).orElseThrow();
  }

  private List<String> feedSince(long version) {
    Dataset<Row> feed =
        spark
            .session()
            .read()
            .format("delta")
            .option("readChangeFeed", "true")
            .option("startingVersion", version + 1)
            .load(folder + "/audience");
    return feed
        .selectExpr("concat_ws('|', customer_id, _change_type) as line")
        .orderBy("line")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private List<String> lines(String sql) {
    String located =
        sql.replaceAll(
            "from (audience_changes|audience_suppressed|audience|releases)",
            "from delta.`" + folder + "/$1`");
    return spark.session().sql(located).collectAsList().stream()
        .map(row -> row.mkString("|"))
        .sorted()
        .toList();
  }
}
