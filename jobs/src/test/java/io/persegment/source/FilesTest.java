package io.persegment.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.PersegmentSettings;
import io.persegment.config.Problems;
import io.persegment.config.SettingsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
  private static final Instant NOW = Instant.parse("2026-06-30T02:00:00Z");

  @TempDir Path folder;

  private final io.persegment.source.Files files =
      new io.persegment.source.Files(new Configuration());

  @Test
  void aFileThatWasChangedJustNowIsNotWhole() throws IOException {
    write("old.csv", "id\n", NOW.minusSeconds(601));
    write("new.csv", "id\n", NOW.minusSeconds(599));

    assertThat(whole("settle = 10 minutes")).containsExactly("old.csv");
    assertThat(whole("")).containsExactly("new.csv", "old.csv");
  }

  @Test
  void aFileCountsOnceItsMarkerIsThere() throws IOException {
    write("a.csv", "id\n", NOW);
    write("a.csv.done", "", NOW);
    write("b.csv", "id\n", NOW);

    assertThat(whole("marker = \".done\"")).containsExactly("a.csv");
    assertThat(whole("marker = READY")).isEmpty();

    write("READY", "", NOW);

    assertThat(whole("marker = READY")).contains("a.csv", "b.csv").doesNotContain("READY");
  }

  @Test
  void tellsObjectsInLinesFromOneDocument() throws IOException {
    ReadSettings read = read("");

    assertThat(
            files.holdsAnObjectALine(
                read, write("lines.json", "{\"a\": 1}\r\n{\"a\": 2}\r\n", NOW)))
        .isTrue();
    for (String document :
        List.of("{\"a\": 1}\n", "{\"a\": [\n{}\n]}", "[{\"a\": 1},\n{\"a\": 2}]", "", "{")) {
      assertThat(files.holdsAnObjectALine(read, write("one.json", document, NOW)))
          .as(document)
          .isFalse();
    }
  }

  @Test
  void aHeaderIsReadByTheSameOptionsAsTheRows() throws IOException {
    FoundFile file = write("a.csv", "#no,'a''b'\n", NOW);

    assertThat(files.csvHeader(read(""), file).columns()).containsExactly("#no", "'a''b'");
    assertThat(files.csvHeader(read("options { quote = \"'\", escape = \"'\" }"), file).columns())
        .containsExactly("#no", "a'b");
  }

  private List<String> whole(String more) {
    ReadSettings read = read(more);
    return files.list(read, new Problems()).stream()
        .filter(file -> files.isWhole(read, file, NOW))
        .map(file -> Path.of(java.net.URI.create(file.path())).getFileName().toString())
        .toList();
  }

  private ReadSettings read(String more) {
    String text =
        """
        shop { name = Test, currency = DKK }, lake.root = lake
        sources.x { read { format = csv, path = "%s/*", %s }, contacts { record_id = id } }
        """
            .formatted(folder, more);
    return PersegmentSettings.from(SettingsFile.parse("test.conf", text)).sources().get(0).read();
  }

  private FoundFile write(String name, String text, Instant modified) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text, StandardCharsets.UTF_8);
    Files.setLastModifiedTime(file, FileTime.from(modified));
    return new FoundFile(file.toUri().toString(), Files.size(file), modified);
  }
}
