package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What an example is for. What became of those of one was known before those of the next begin,
 * from the earliest to the test; where chance divides the examples, they are different customers.
 */
enum Slice {
  /** Candidates learn from it. */
  EARLIER,
  /**
   * Too late to be known when the candidates are judged, but no later than that; trains as well.
   */
  BETWEEN,
  /** On it, candidates are judged; trains the model that is chosen. */
  JUDGE,
  /** On it, scores become probabilities. */
  CALIBRATION,
  /** On it, model and calibration are tested. */
  TEST;

  static final Field COLUMN =
      Field.required("_slice", StringType, "What the example is for: EARLIER, BETWEEN, …");

  /** What the model that is tested learns from. */
  static final List<Slice> TRAINING = List.of(EARLIER, BETWEEN, JUDGE);

  /** Returns those of {@code examples} that are of {@code slices}. */
  static Dataset<Row> of(Dataset<Row> examples, List<Slice> slices) {
    return examples.where(COLUMN.col().isin(slices.stream().map(Slice::name).toArray()));
  }
}
