package io.persegment.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import io.persegment.PersegmentSettings;
import io.persegment.config.Problems;
import io.persegment.config.SettingsFile;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings of templates and of what is read in the manner of some of them. */
@ExtendWith(LocalSpark.class)
class TemplateSettingsTest {
  @TempDir Path folder;

  static Stream<Path> templates() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf/sources"))) {
      return files.sorted().toList().stream();
    }
  }

  /** Each source by itself: of some a shop has one or the other. */
  @ParameterizedTest
  @MethodSource("templates")
  void everyTemplateNeedsButPaths(Path template) {
    Config sources =
        ConfigFactory.parseFile(template.toFile())
            .withFallback(ConfigFactory.parseResources("reference.conf")) // which they refer to
            .resolve()
            .getConfig("sources");
    for (String name : sources.root().keySet()) {
      String text =
          "include \"sources/%s\", shop { name = Test, currency = EUR }, lake.root = lake\n%s"
              .formatted(template.getFileName(), paths(sources, name));

      PersegmentSettings settings = PersegmentSettings.from(SettingsFile.parse("my.conf", text));

      assertThat(settings.sources()).extracting(SourceSettings::name).containsExactly(name);
    }
  }

  @Test
  void saysWhatIsWrongWithAnArrayThatCannotBeExploded(LocalSpark.Handle spark) throws IOException {
    Path answers = folder.resolve("answers.json");
    Files.writeString(answers, "{\"id\": \"1\", \"at\": \"2026-01-01\", \"answers\": [\"yes\"]}\n");
    String source =
        """
        shop { name = Test, currency = EUR }, lake.root = lake
        sources.form {
          read { format = json, path = "%s", schema = "id string, at string, answers array<string>" }
          survey_answers { response_id = id, question = "'q'", answer = "a", answered_at = at, explode { %%s } }
        }
        """
            .formatted(answers);

    assertThatThrownBy(() -> check(spark, source.formatted("a = id")))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining(
            "my.conf:4: sources.form.survey_answers.explode.a must give an array, but gives string");
    assertThatThrownBy(() -> check(spark, source.formatted("a = answer")))
        .hasMessageContaining("explode.a reads column answer")
        .hasMessageContaining("did you mean answers?");
    assertThatThrownBy(() -> check(spark, source.formatted("at = answers")))
        .hasMessageContaining("explode.at names the element as the files")
        .hasMessageContaining("give it another name");
    assertThatThrownBy(() -> check(spark, source.formatted("a = answers, b = answers")))
        .hasMessageContaining("explode names a and b; name one array, such as explode {");
    assertThatThrownBy(
            () ->
                check(
                    spark,
                    source
                        .formatted("a = answers")
                        .replace(", schema = \"id string, at string, answers array<string>\"", "")
                        .replace("format = json", "format = json, records = data")))
        .hasMessageContaining("read.records is for JSON files with a schema");
  }

  @Test
  void aPageWithOneUnreadableValueIsCorruptRecordByRecord(LocalSpark.Handle spark)
      throws IOException {
    Path page = folder.resolve("page.json");
    String second = "{\"id\": \"%s\", \"n\": \"many\"}".formatted("2".repeat(2000));
    Files.writeString(page, "{\"data\": [{\"id\": \"1\", \"n\": 1}, %s]}\n".formatted(second));
    Files.writeString(folder.resolve("page-none.json"), "{\"data\": []}\n");
    String text =
        """
        shop { name = Test, currency = EUR }, lake.root = lake
        sources.api {
          read { format = json, path = "%s/page*.json", records = data, schema = "id string, n int" }
          products { product_id = id, price = n }
        }
        """
            .formatted(folder);
    var settings = PersegmentSettings.from(SettingsFile.parse("my.conf", text));

    ReadSettings read = settings.sources().get(0).read();
    var reader = new Reader(spark.session());
    Batch batch = reader.batches(read, reader.list(read, new Problems())).get(0);

    assertThat(batch.columns()).containsExactly("id", "n");
    assertThat(
            batch.rows().selectExpr("length(%s)".formatted(Batch.CORRUPT)).collectAsList().stream()
                .map(row -> row.getInt(0)))
        .as("each of the page's two, and nothing of the empty one")
        .containsExactly(1000, 1000);
  }

  @Test
  void aLookupThatAShopHasNotGotIsNull(LocalSpark.Handle spark) throws IOException {
    Path events = folder.resolve("mails.csv");
    Files.writeString(events, "id,_columns_\n1,x\n");
    String text =
        """
        shop { name = Test, currency = EUR }, lake.root = lake
        sources.mails {
          read { format = csv, path = "%s" }
          lookups { click { path = null, read { format = csv }, key = id, on = id } }
          products { product_id = id, url = "click.url", name = "array_join(map_values(_columns), '+')" }
        }
        """
            .formatted(events);
    var settings = PersegmentSettings.from(SettingsFile.parse("my.conf", text));
    check(spark, text);

    SourceSettings source = settings.sources().get(0);
    var reader = new Reader(spark.session());
    List<FoundFile> found = reader.list(source.read(), new Problems());
    Batch batch = reader.batches(source.read(), found).get(0);
    Batch joined = Lookups.joined(batch, source, Map.of(), reader);

    assertThat(
            new Evaluation(source, source.targets().get(0))
                .evaluate(joined).select("url", "name", "attributes").collectAsList().stream()
                    .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2)))
        .as("a source that reads all columns leaves none for attributes")
        .containsExactly("null 1+x null");
  }

  private void check(LocalSpark.Handle spark, String text) {
    var settings = PersegmentSettings.from(SettingsFile.parse("my.conf", text));
    IngestStage.of(settings.sources(), Map.of())
        .check(new TestLake(spark, folder.resolve("none")).lake());
  }

  private static String paths(Config sources, String name) {
    var text = new StringBuilder("sources.%s.path = exports\n".formatted(name));
    Config source = sources.getConfig(ConfigUtil.quoteString(name));
    if (source.hasPath("lookups")) {
      for (String lookup : source.getConfig("lookups").root().keySet()) {
        text.append("sources.%s.lookups.%s.path = exports\n".formatted(name, lookup));
      }
    }
    return text.toString();
  }
}
