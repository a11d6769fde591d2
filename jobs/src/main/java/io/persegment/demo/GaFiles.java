package io.persegment.demo;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** GA4's export as BigQuery gives it as JSON: one event a line, one gzip file a month. */
final class GaFiles implements Closeable {
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("yyyyMM");

  private final History history;
  private final List<BufferedWriter> months = new ArrayList<>();
  private long events;

  GaFiles(Path folder, History history) {
    this.history = history;
    try {
      Files.createDirectories(folder);
      for (YearMonth month : history.months()) {
        months.add(writer(folder.resolve("events_" + month.format(MONTH) + ".json.gz")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create files in " + folder, e);
    }
  }

  private static BufferedWriter writer(Path path) throws IOException {
    OutputStream zipped = new FastGzip(Files.newOutputStream(path));
    return new BufferedWriter(new OutputStreamWriter(zipped, StandardCharsets.UTF_8));
  }

  /** Writes one event, a JSON object without the line's end. */
  void event(long moment, CharSequence json) {
    try {
      months.get(history.monthOf(moment)).append(json).append('\n');
      events++;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a generated file", e);
    }
  }

  long events() {
    return events;
  }

  @Override
  public void close() {
    try {
      for (BufferedWriter month : months) {
        month.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot finish a generated file", e);
    }
  }

  /** Presses less hard than usual: most of the time of a large run goes here. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 15);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
