package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/** A CSV file for each month of history, months without rows included. */
final class MonthlyCsv implements Closeable {
  private final History history;
  private final List<CsvFile> files;

  /**
   * @param stem folder and beginning of the name: {@code order/order} gives {@code
   *     order/order_2026-06.csv}
   */
  MonthlyCsv(Path folder, String stem, History history, String header) {
    this.history = history;
    this.files =
        history.months().stream()
            .map(month -> new CsvFile(folder.resolve(stem + "_" + month + ".csv"), header))
            .toList();
  }

  /** Writes a row to the file of the moment's month. */
  void row(long moment, Object... values) {
    files.get(history.monthOf(moment)).row(values);
  }

  long rows() {
    return files.stream().mapToLong(CsvFile::rows).sum();
  }

  @Override
  public void close() {
    files.forEach(CsvFile::close);
  }
}
