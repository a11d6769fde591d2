package io.persegment.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Consents;
import io.persegment.identity.IdentityMap;
import io.persegment.publish.Audience;
import io.persegment.publish.AudienceChanges;
import io.persegment.publish.PublishSettings;
import io.persegment.publish.Released;
import io.persegment.publish.Releases;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ExportFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final PublishSettings PUBLISH = all("").publish();

  @TempDir Path folder;
  private LocalSpark.Handle spark;
  private Lake lake;

  @BeforeEach
  void twoReleases(LocalSpark.Handle spark) {
    this.spark = spark;
    lake = new Lake(spark.session(), folder.resolve("lake").toString());
    release(
        "r000001",
        "('ada', 'ada@x.example', 'Ada', 'added')",
        "('bea', 'bea@x.example', '=1+1', 'added')",
        "('cat', 'cat@x.example', 'Cat', 'added')");
  }

  @Test
  void klaviyoIsToldWhoChangedWhoIsGoneAndWhoIsBack() throws IOException {
    export("klaviyo { list = L1, fields { name = first_name } }", false);
    JsonNode first = lines("klaviyo-r000001", "upsert").get(0).get("data");
    assertThat(first.get("type").asText()).isEqualTo("profile-bulk-import-job");
    assertThat(first.at("/relationships/lists/data/0/id").asText()).isEqualTo("L1");
    assertThat(first.at("/attributes/profiles/data/0/attributes").toString())
        .isEqualTo(
            "{\"email\":\"ada@x.example\",\"external_id\":\"ada\",\"first_name\":\"Ada\",\"properties\":{\"name\":\"Ada\"}}");
    assertThat(first.at("/attributes/profiles/data")).hasSize(3);

    // Ada is gone; Bea has another address; Cat is another customer now, with the same address.
    release(
        "r000002",
        "('ada', 'ada@x.example', 'Ada', 'removed')",
        "('bea', 'bea@new.example', 'Bea', 'changed')",
        "('cat', 'cat@x.example', 'Cat', 'removed')",
        "('kit', 'cat@x.example', 'Cat', 'added')");
    export("klaviyo { fields { name = first_name } }", false);
    assertThat(addresses("klaviyo-r000002", "upsert"))
        .containsExactlyInAnyOrder("bea@new.example", "cat@x.example");
    assertThat(addresses("klaviyo-r000002", "remove"))
        .containsExactlyInAnyOrder("ada@x.example", "bea@x.example");
    assertThat(lines("klaviyo-r000002", "remove").get(0).at("/data/type").asText())
        .isEqualTo("profile-suppression-bulk-create-job");
    assertThat(Files.exists(folder.resolve("out/klaviyo-r000002/restore-00001.jsonl"))).isFalse();

    release("r000003", "('ada', 'ada@x.example', 'Ada', 'added')");
    export("klaviyo { fields { name = first_name } }", false);
    assertThat(addresses("klaviyo-r000003", "upsert")).containsExactly("ada@x.example");
    assertThat(addresses("klaviyo-r000003", "restore")).containsExactly("ada@x.example");
    assertThat(lines("klaviyo-r000003", "restore").get(0).at("/data/type").asText())
        .isEqualTo("profile-suppression-bulk-delete-job");

    assertThat(manifest("klaviyo-r000003").at("/files/0/batches/0").asText())
        .isEqualTo("klaviyo-r000003-upsert-00001.1");
    assertThatThrownBy(
            () ->
                new ExportFiles(lake, settings("klaviyo {}"), PUBLISH)
                    .write(Released.find(lake, "r000002"), false, folder.resolve("out").toString()))
        .hasMessageContaining("klaviyo was told r000003 already, and r000002 is older.");

    // In full, what was ever told and is not there is removed once more.
    export("klaviyo { fields { name = first_name } }", true);
    assertThat(addresses("klaviyo-r000003", "upsert")).hasSize(3);
    assertThat(addresses("klaviyo-r000003", "remove")).containsExactly("bea@x.example");
  }

  /** A release is as old as the night it was made in, and a no is younger. */
  @Test
  void whoSaidNoSinceTheReleaseIsNotToldButRemoved() throws IOException {
    export("klaviyo { fields { name = first_name } }", false);
    release("r000002", "('ada', 'ada@x.example', 'Eda', 'changed')");
    said("('ada@x.example', 'withdrawn')", "('bea@x.example', 'withdrawn')");
    export("klaviyo { fields { name = first_name } }", false);
    assertThat(Files.exists(folder.resolve("out/klaviyo-r000002/upsert-00001.jsonl"))).isFalse();
    assertThat(addresses("klaviyo-r000002", "remove"))
        .containsExactlyInAnyOrder("ada@x.example", "bea@x.example");

    export("hubspot { fields { first = first_name } }", false);
    assertThat(addresses("hubspot-r000002", "upsert")).containsExactly("cat@x.example");
  }

  /** Told again the same release says no less, and who has come round is told. */
  @Test
  @Tag("long")
  void whoSaidNoAndThenYesIsToldByTheSameRelease() throws IOException {
    export("klaviyo { fields { name = first_name } }", false);
    said("('ada@x.example', 'withdrawn')", "('bea@x.example', 'withdrawn')");
    export("klaviyo { fields { name = first_name } }", false);
    assertThat(addresses("klaviyo-r000001", "remove"))
        .containsExactlyInAnyOrder("ada@x.example", "bea@x.example");
    said("('ada@x.example', 'withdrawn')", "('cat@x.example', 'withdrawn')");
    release("r000002", "('ada', 'ada@x.example', 'Eda', 'changed')");
    export("klaviyo { fields { name = first_name } }", false);
    assertThat(addresses("klaviyo-r000002", "upsert")).containsExactly("bea@x.example");
    assertThat(addresses("klaviyo-r000002", "restore")).containsExactly("bea@x.example");
    assertThat(addresses("klaviyo-r000002", "remove"))
        .containsExactlyInAnyOrder("ada@x.example", "cat@x.example");
  }

  private void said(String... words) {
    lake.overwrite(
        Consents.TABLE,
        spark.rows(
            Consents.TABLE,
            "select 'shop' as source, address as record_id, address as email, 'email' as channel,"
                + " 'marketing' as purpose, said as status, '2026-07-20' as observed_at, 'f'"
                + " as source_file, '2026-07-21' as ingested_at from values %s as t(address, said)"
                    .formatted(String.join(", ", words))));
  }

  @Test
  void whoWasRefusedIsToldAgainAndEveryRowIsAccountedFor() throws IOException {
    export("hubspot { fields { first = first_name } }", false);
    JsonNode input = lines("hubspot-r000001", "upsert").get(0).at("/inputs/0");
    assertThat(input.toString())
        .isEqualTo(
            "{\"idProperty\":\"email\",\"id\":\"ada@x.example\",\"properties\":{\"persegment_mailable\":\"true\",\"first\":\"Ada\"}}");
    Files.writeString(
        folder.resolve("acks.csv"),
        """
        batch,email,status,reason
        hubspot-r000001-upsert-00001.1,ADA@x.example,accepted,
        hubspot-r000001-upsert-00001.1,bea@x.example,refused,"bad, very"
        """);
    release("r000002", "('cat', 'cat@x.example', 'Katze', 'changed')");
    String acknowledged =
        "hubspot { fields { first = first_name }, acknowledgements = [\"%s/acks*.csv\"] }"
            .formatted(folder);
    assertThat(take(acknowledged)).isEqualTo(2);
    export(acknowledged, false);

    assertThat(addresses("hubspot-r000002", "upsert"))
        .containsExactlyInAnyOrder("bea@x.example", "cat@x.example");
    assertThat(deliveries())
        .containsExactly(
            "r000001|ada|upsert|accepted|null",
            "r000001|bea|upsert|refused|bad, very",
            "r000001|cat|upsert|exported|null",
            "r000002|bea|upsert|exported|null",
            "r000002|cat|upsert|exported|null");

    Files.writeString(folder.resolve("acks2.csv"), "batch,email,status\nb,e,maybe\n");
    assertThatThrownBy(() -> take(acknowledged))
        .hasMessageContaining("have 1 rows whose status is neither accepted nor refused");
  }

  @Test
  void csvHasAHeaderAndNoFormulas() throws IOException {
    export("mailchimp { fields { FNAME = first_name, SIGN = \"-1\" } }", false);
    assertThat(
            Files.readAllLines(
                folder.resolve("out/mailchimp-r000001/mailchimp-r000001-upsert-00001.1.csv")))
        .containsExactlyInAnyOrder(
            "Email Address,FNAME,SIGN",
            "ada@x.example,Ada,-1",
            "bea@x.example,'=1+1,-1",
            "cat@x.example,Cat,-1");
    JsonNode manifest = manifest("mailchimp-r000001");
    assertThat(manifest.at("/rows/upsert").asLong()).isEqualTo(3);
    JsonNode file = manifest.at("/files/0");
    try (var in =
        Files.newInputStream(
            folder.resolve("out/mailchimp-r000001/" + file.get("name").asText()))) {
      assertThat(DigestUtils.sha256Hex(in)).isEqualTo(file.get("sha256").asText());
    }

    release("r000002", "('ada', 'ada@x.example', 'Ada', 'removed')");
    export("sfmc { fields { First = first_name } }", true);
    assertThat(
            Files.readAllLines(folder.resolve("out/sfmc-r000002/sfmc-r000002-remove-00001.1.csv")))
        .containsExactly("SubscriberKey,EmailAddress,Action", "ada,ada@x.example,Delete");
  }

  @Test
  void theWebSiteIsToldByTheIdsOfVisitors() throws IOException {
    lake.append(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            "select 'ga' as source, 'anonymous_id' as record_type, id as record_id, 'ada' as"
                + " customer_id, date'2026-06-01' as since from values ('v1'), ('v2') as t(id)"));
    export("onsite { fields { banner = \"upper(first_name)\" } }", false);
    assertThat(lines("onsite-r000001", "upsert").stream().map(JsonNode::toString))
        .containsExactlyInAnyOrder(
            "{\"id\":\"v1\",\"fields\":{\"banner\":\"ADA\"}}",
            "{\"id\":\"v2\",\"fields\":{\"banner\":\"ADA\"}}");

    // Ada has another address, which is nothing to the web site but that she is still there.
    release("r000002", "('ada', 'ada@new.example', 'Eda', 'changed')");
    export("onsite { fields { banner = \"upper(first_name)\" } }", false);
    assertThat(lines("onsite-r000002", "upsert")).hasSize(2);
    assertThat(Files.exists(folder.resolve("out/onsite-r000002/remove-00001.jsonl"))).isFalse();
  }

  @Test
  void whatAToolDoesNotTakeIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                settings(
                    "mailchimp { fields { LAST_CATEGORY = first_name, fname = first_name } },"
                        + " hubspot { fields { Name = frist_name, all = segments } }"))
        .hasMessageContaining(
            "tools.mailchimp.fields has LAST_CATEGORY, which is no name of a field there; write"
                + " capital letters, digits and _, a letter first, at most 10")
        .hasMessageContaining("tools.mailchimp.fields has fname, which")
        .hasMessageContaining("tools.hubspot.fields has Name, which")
        .hasMessageContaining("tools.hubspot.fields.Name cannot be evaluated")
        .hasMessageContaining("tools.hubspot.fields.all gives MAP<STRING, STRING>");
  }

  private void export(String tool, boolean full) {
    new ExportFiles(lake, settings(tool), PUBLISH)
        .write(Released.all(lake).get(0), full, folder.resolve("out").toString());
  }

  private long take(String tool) {
    return Acknowledgements.take(lake, settings(tool));
  }

  private static ExportSettings settings(String tool) {
    return all(tool).tools().get(0);
  }

  private static PersegmentSettings all(String tool) {
    return PersegmentSettings.from(
        SettingsFile.parse(
            "test.conf",
            "shop { name = S, currency = EUR }, lake.root = l\ntools { %s }".formatted(tool)));
  }

  private List<String> deliveries() {
    return lake
        .read(Deliveries.TABLE)
        .selectExpr(
            "concat_ws('|', release_id, customer_id, action, status, coalesce(reason, 'null'))")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private List<JsonNode> lines(String export, String action) throws IOException {
    Path file = folder.resolve("out/%s/%s-00001.jsonl".formatted(export, action));
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(ExportFilesTest::json).toList();
    }
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private JsonNode manifest(String export) throws IOException {
    return JSON.readTree(folder.resolve("out/%s/manifest.json".formatted(export)).toFile());
  }

  private List<String> addresses(String export, String action) throws IOException {
    return lines(export, action).stream()
        .flatMap(
            line ->
                Stream.concat(
                    line.findValuesAsText("email").stream(),
                    line.findValuesAsText("id").stream().filter(id -> id.contains("@"))))
        .toList();
  }

  /** Publishes what changed, as a publish would. */
  private void release(String id, String... changes) {
    lake.append(
        AudienceChanges.TABLE,
        spark.rows(
            AudienceChanges.TABLE,
            """
            select '%s' as release_id, customer_id, sha2(email, 256) as email_sha256, change,
              array() as changed_columns,
              if(change = 'removed', null, named_struct('email', email, 'first_name', first,
                'last_name', null, 'country', null, 'language', null,
                'segments', cast(map() as map<string, string>),
                'scores', cast(map() as map<string, double>),
                'deciles', cast(map() as map<string, int>),
                'tokens', cast(map() as map<string, string>), 'fallbacks', filter(array(''), x -> x <> ''),
                'content', cast(map() as map<string, string>),
                'experiments', cast(map() as map<string, string>))) as after
            from values %s as t(customer_id, email, first, change)
            """
                .formatted(id, String.join(", ", changes))));
    lake.append(
        Releases.TABLE,
        spark.rows(
            Releases.TABLE,
            ("select '%s' as release_id, date'2026-06-30' as as_of, timestamp'2026-07-01' as"
                    + " published_at, cast(map() as map<string, bigint>) as table_versions,"
                    + " 'published' as status")
                .formatted(id)));
    lake.overwrite(
        Audience.TABLE,
        io.persegment.publish.History.audience(lake, id, List.of()).localCheckpoint());
  }
}
