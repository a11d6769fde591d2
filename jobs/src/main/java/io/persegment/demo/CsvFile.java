package io.persegment.demo;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A CSV file with a header, UTF-8, quoted as RFC 4180 says; null is written as nothing. */
final class CsvFile implements Closeable {
  private final BufferedWriter writer;
  private final int columns;
  private final StringBuilder line = new StringBuilder(512);
  private long rows;

  /**
   * @param path file to make, with its folders
   * @param header column names, separated by commas
   */
  CsvFile(Path path, String header) {
    try {
      Files.createDirectories(path.getParent());
      this.writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
      this.columns = header.split(",").length;
      writer.write(header + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create " + path, e);
    }
  }

  void row(Object... values) {
    write(line(values));
  }

  /** Returns the row as a line, without writing it. */
  String line(Object... values) {
    if (values.length != columns) {
      throw new IllegalArgumentException(
          "The file has " + columns + " columns, the row " + values.length);
    }
    line.setLength(0);
    for (int column = 0; column < values.length; column++) {
      if (column > 0) {
        line.append(',');
      }
      append(values[column]);
    }
    return line.append('\n').toString();
  }

  void write(String row) {
    try {
      writer.write(row);
      rows++;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a generated file", e);
    }
  }

  long rows() {
    return rows;
  }

  private void append(Object value) {
    if (value == null) {
      return;
    }
    if (value instanceof Boolean flag) { // Fivetran's CSV shows booleans in capitals
      line.append(flag ? "TRUE" : "FALSE");
    } else if (value instanceof String text && needsQuotes(text)) {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else {
      line.append(value);
    }
  }

  private static boolean needsQuotes(String text) {
    return text.indexOf(',') >= 0
        || text.indexOf('"') >= 0
        || text.indexOf('\n') >= 0
        || text.indexOf('\r') >= 0;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot finish a generated file", e);
    }
  }
}
