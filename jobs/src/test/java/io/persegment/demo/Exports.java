package io.persegment.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads what was generated. */
record Exports(Path folder) {
  /** Returns every row of the CSV files in a folder, or of one file, by column name. */
  List<Map<String, String>> rows(String path) {
    return files(path).stream().flatMap(file -> rows(file).stream()).toList();
  }

  /** Returns one column of {@link #rows}. */
  List<String> column(String path, String column) {
    return rows(path).stream().map(row -> row.get(column)).toList();
  }

  /** Returns the lines of all GA4 files. */
  List<String> webEvents() {
    return files("ga4").stream().flatMap(Exports::unzipped).toList();
  }

  /** Returns the files in a folder, sorted, or the one file. */
  List<Path> files(String path) {
    try (Stream<Path> files = Files.walk(folder.resolve(path))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> unzipped(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<String, String>> rows(Path file) {
    try {
      List<List<String>> lines = Files.readAllLines(file).stream().map(Exports::cells).toList();
      List<String> header = lines.get(0);
      return lines.stream().skip(1).map(cells -> named(header, cells)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> named(List<String> header, List<String> cells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int column = 0; column < header.size(); column++) {
      row.put(header.get(column), cells.get(column));
    }
    return row;
  }

  /** Splits at commas outside quotes; no generated text has a line break. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
      boolean quoted = cell.startsWith("\"");
      cells.add(quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell);
    }
    return cells;
  }
}
