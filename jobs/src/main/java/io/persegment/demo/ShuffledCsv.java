package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A CSV file whose rows leave in another order than they came. Without it the n-th contact of every
 * system would be the same person. At most {@value #WAITING} rows wait in memory.
 */
final class ShuffledCsv implements Closeable {
  private static final int WAITING = 4096;

  private final CsvFile file;
  private final Draw draw;
  private final List<String> waiting = new ArrayList<>(WAITING);

  ShuffledCsv(Path path, String header, Draw draw) {
    this.file = new CsvFile(path, header);
    this.draw = draw;
  }

  void row(Object... values) {
    waiting.add(file.line(values));
    if (waiting.size() == WAITING) {
      writeOne();
    }
  }

  /** Rows taken, whether written yet or waiting. */
  long rows() {
    return file.rows() + waiting.size();
  }

  private void writeOne() {
    int last = waiting.size() - 1;
    int chosen = draw.between(0, last);
    file.write(waiting.get(chosen));
    waiting.set(chosen, waiting.get(last));
    waiting.remove(last);
  }

  @Override
  public void close() {
    while (!waiting.isEmpty()) {
      writeOne();
    }
    file.close();
  }
}
