package io.persegment.cleaning;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is in its one form stays as it is, whatever it was made of. */
@ExtendWith(LocalSpark.class)
class IdempotenceTest {
  private static final String[] PIECES = {
    "a", "B", "mc", "MAC", "leod", "o'", "van ", "DER ", "-", ".", " ", "@", "example", ".com", "+",
        "0", "12",
    "456", "dr. ", "Mr ", "test", "ü", "U\u0308", "’", "İ", "ß", "李", ",", "(", ")", "gmail",
        "null", "\u00A0", "+45",
    "DE", "\uFFFD", "X", "xn--"
  };

  private static final Map<String, UnaryOperator<Column>> STEPS =
      Map.of(
          "email", new Emails(false, List.of())::normalised,
          "mailbox", new Emails(true, List.of())::normalised,
          "phone", text -> Phones.normalised(text, lit("DE"), Optional.empty()),
          "country", Countries::normalised,
          "first name", Names::first,
          "last name", Names::last,
          "postcode", text -> Postcodes.normalised(text, lit("US"), Optional.empty()),
          "British postcode", text -> Postcodes.normalised(text, lit("GB"), Optional.empty()),
          "text", Nothing::orText);

  @Test
  void normalisingTwiceIsNormalisingOnce(LocalSpark.Handle spark) {
    var random = new Random(7);
    var texts = new ArrayList<Row>();
    for (int text = 0; text < 3000; text++) {
      var built = new StringBuilder();
      int pieces = 1 + random.nextInt(6);
      for (int piece = 0; piece < pieces; piece++) {
        built.append(PIECES[random.nextInt(PIECES.length)]);
      }
      texts.add(RowFactory.create(built.toString()));
    }
    Dataset<Row> rows =
        spark.session().createDataFrame(texts, new StructType().add("text", DataTypes.StringType));
    var changed = new ArrayList<String>();
    for (var step : STEPS.entrySet()) {
      Column once = step.getValue().apply(col("text"));
      Column twice = step.getValue().apply(col("once"));
      rows.select(col("text"), once.as("once"))
          .select(col("text"), col("once"), twice.as("twice"))
          .where(not(col("once").eqNullSafe(col("twice"))))
          .limit(3)
          .collectAsList()
          .forEach(row -> changed.add(step.getKey() + ": " + row));
    }

    assertThat(changed).isEmpty();
  }
}
