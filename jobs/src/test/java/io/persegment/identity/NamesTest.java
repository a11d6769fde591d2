package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import org.apache.spark.sql.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class NamesTest {
  @Test
  void namesAreComparedWithoutCaseAccentsAndPunctuation(LocalSpark.Handle spark) {
    var row =
        spark
            .session()
            .range(1)
            .select(
                Names.normalised(lit("  Anne-Marie ")),
                Names.normalised(lit("SØRENSEN")),
                Names.normalised(lit("Müßig, Æ.")),
                Names.normalised(lit(null).cast("string")))
            .head();
    assertThat(row.toSeq().mkString("|")).isEqualTo("anne marie|soerensen|muessig ae|");
  }

  @Test
  void firstNamesAgreeWhenOneCanBeTheOther(LocalSpark.Handle spark) {
    assertThat(agree(spark, "john", "john")).isTrue();
    assertThat(agree(spark, "j", "john")).isTrue();
    assertThat(agree(spark, "john", "")).isTrue();
    assertThat(agree(spark, "jhon", "john")).isFalse();
    assertThat(agree(spark, "johan", "john")).isTrue();
    assertThat(agree(spark, "ida", "ina")).isFalse();
    assertThat(agree(spark, "john", "jane")).isFalse();
  }

  @Test
  void lastNamesAgreeButForABeginning(LocalSpark.Handle spark) {
    assertThat(value(spark, Names.lastNamesAgree(lit("jensen"), lit("jenssen")))).isTrue();
    assertThat(value(spark, Names.lastNamesAgree(lit("berg"), lit("bergström")))).isFalse();
    assertThat(value(spark, Names.lastNamesAgree(lit(""), lit("berg")))).isTrue();
  }

  private static boolean agree(LocalSpark.Handle spark, String left, String right) {
    boolean there = value(spark, Names.firstNamesAgree(lit(left), lit(right)));
    assertThat(value(spark, Names.firstNamesAgree(lit(right), lit(left)))).isEqualTo(there);
    return there;
  }

  private static boolean value(LocalSpark.Handle spark, Column condition) {
    return spark.session().range(1).select(condition).head().getBoolean(0);
  }
}
