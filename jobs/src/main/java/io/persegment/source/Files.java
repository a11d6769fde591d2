package io.persegment.source;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.persegment.config.Problems;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** What files there are, and what columns the first line of a CSV file names. Reads no data. */
final class Files {
  /** Characters of a line of JSON that are looked at. */
  private static final int LONGEST_LINE = 1_000_000;

  private final Configuration hadoop;

  Files(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * Returns the files that {@code read}'s path names, by name; where its folder is not there, none,
   * and a problem is noted.
   */
  List<FoundFile> list(ReadSettings read, Problems problems) {
    Path pattern = new Path(read.path());
    try {
      FileSystem storage = pattern.getFileSystem(hadoop);
      FileStatus[] found = storage.globStatus(pattern);
      if (found == null || found.length == 0) {
        Path folder = folder(pattern);
        return storage.exists(folder) ? List.of() : noFolder(read, folder, problems);
      }
      var files = new ArrayList<FoundFile>();
      for (FileStatus each : found) {
        for (FileStatus file :
            each.isDirectory() ? storage.listStatus(each.getPath()) : new FileStatus[] {each}) {
          if (file.isFile() && !hidden(file.getPath()) && !isMarker(read, file.getPath())) {
            files.add(toFound(file));
          }
        }
      }
      files.sort(Comparator.comparing(FoundFile::path));
      return files;
    } catch (FileNotFoundException e) {
      return noFolder(read, pattern, problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<FoundFile> noFolder(ReadSettings read, Path folder, Problems problems) {
    problems.add(
        read.place(),
        "is %s, but there is no folder %s. Mend the path, or bring the export there."
            .formatted(read.path(), folder));
    return List.of();
  }

  /** Returns what the first records of a CSV file name its columns, as Spark will count them. */
  CsvHeader csvHeader(ReadSettings read, FoundFile file) {
    try (InputStreamReader text = open(read, file)) {
      CsvParser parser = parser(read);
      parser.beginParsing(text);
      var rows = new ArrayList<List<String>>();
      for (int row = 0; row < read.header().rows(); row++) {
        rows.add(plain(parser.parseNext()));
      }
      CsvHeader header = CsvHeader.of(read.header(), rows);
      if (header.columns().size() > Reader.MOST_COLUMNS) {
        throw SourceErrors.tooManyColumns(
            file.path(), header.columns().size(), Reader.MOST_COLUMNS);
      }
      return header;
    } catch (IOException | TextParsingException | IllegalStateException e) {
      throw SourceErrors.unreadable(file.path(), e);
    }
  }

  private InputStreamReader open(ReadSettings read, FoundFile file) throws IOException {
    Path path = path(file);
    Charset encoding = Charset.forName(read.options().getOrDefault("encoding", "UTF-8"));
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    InputStream raw = path.getFileSystem(hadoop).open(path);
    try {
      return new InputStreamReader(codec == null ? raw : codec.createInputStream(raw), encoding);
    } catch (IOException e) { // such as a file that is no gzip though its name says so
      raw.close();
      throw e;
    }
  }

  private static Path path(FoundFile file) {
    return new Path(java.net.URI.create(file.path()));
  }

  private static CsvParser parser(ReadSettings read) {
    var settings = new CsvParserSettings();
    settings.setErrorContentLength(0); // a row is never told of in an error
    settings.setMaxCharsPerColumn(-1);
    settings.setMaxColumns(20_480);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.getFormat().setQuoteEscape(first(read, "escape").orElse('"'));
    settings.getFormat().setComment(first(read, "comment").orElse('\0'));
    Optional.ofNullable(read.options().get("delimiter"))
        .ifPresent(delimiter -> settings.getFormat().setDelimiter(delimiter.replace("\\t", "\t")));
    first(read, "quote").ifPresent(quote -> settings.getFormat().setQuote(quote));
    return new CsvParser(settings);
  }

  private static Optional<Character> first(ReadSettings read, String option) {
    return Optional.ofNullable(read.options().get(option))
        .filter(text -> !text.isEmpty())
        .map(text -> text.charAt(0));
  }

  /** Returns a row's texts, empty where there is none, without a byte order mark. */
  private static List<String> plain(String[] row) {
    return Arrays.stream(row == null ? new String[0] : row)
        .map(text -> text == null ? "" : text.replace("\uFEFF", "").strip())
        .toList();
  }

  /** Returns the deepest folder that a pattern names without a wildcard. */
  private static Path folder(Path pattern) {
    Path folder = pattern.getParent();
    while (folder != null && folder.toString().matches(".*[*?\\[{].*")) {
      folder = folder.getParent();
    }
    return folder == null ? pattern : folder;
  }

  /**
   * Returns whether nobody writes to a file any more, as far as the settings let one know.
   *
   * @param now a file that was changed less than {@code read.settle} before is not whole
   */
  boolean isWhole(ReadSettings read, FoundFile file, Instant now) {
    if (!read.settle().isZero() && file.modified().isAfter(now.minus(read.settle()))) {
      return false;
    }
    if (read.marker().isEmpty()) {
      return true;
    }
    Path path = path(file);
    String marker = read.marker().get();
    Path wanted = marker.startsWith(".") ? path.suffix(marker) : new Path(path.getParent(), marker);
    try {
      return path.getFileSystem(hadoop).exists(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isMarker(ReadSettings read, Path path) {
    return read.marker()
        .filter(
            marker ->
                marker.startsWith(".")
                    ? path.getName().endsWith(marker)
                    : path.getName().equals(marker))
        .isPresent();
  }

  /** Returns whether a JSON file's first two lines are an object each, and not one that goes on. */
  boolean holdsAnObjectALine(ReadSettings read, FoundFile file) {
    try (BufferedReader text = new BufferedReader(open(read, file))) {
      String first = line(text);
      return first.startsWith("{") && first.endsWith("}") && line(text).startsWith("{");
    } catch (IOException e) {
      throw SourceErrors.unreadable(file.path(), e);
    }
  }

  /** Returns the beginning of the next line: a document without line ends may be large. */
  private static String line(BufferedReader text) throws IOException {
    var line = new StringBuilder();
    for (int next = text.read(); next >= 0 && next != '\n'; next = text.read()) {
      if (line.length() == LONGEST_LINE) {
        return "";
      }
      line.append((char) next);
    }
    return line.toString().replace("\uFEFF", "").strip();
  }

  private static boolean hidden(Path path) {
    return path.getName().startsWith(".") || path.getName().startsWith("_");
  }

  static FoundFile toFound(FileStatus file) {
    return new FoundFile(
        file.getPath().toUri().toString(),
        file.getLen(),
        Instant.ofEpochMilli(file.getModificationTime()));
  }
}
