package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class IdentityRecordsTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-07-01");
  private static final LocalDate TOMORROW = TODAY.plusDays(1);

  @Test
  void aNightBuildsOnTheLastRunOnly(LocalSpark.Handle spark, @TempDir Path folder) {
    var lake = new Lake(spark.session(), folder.toString());
    IdentitySettings settings = IdentitySettingsTest.DEFAULTS;
    assertThat(IdentityRecords.before(lake, settings, TODAY)).as("nothing is there").isEmpty();

    Dataset<Row> records =
        spark
            .session()
            .sql("select 7L as node, 8L as content, array(9L) as values, 7L as component");
    IdentityRecords.write(lake, records, settings, TODAY);
    assertThat(IdentityRecords.before(lake, settings, TOMORROW).orElseThrow().count()).isEqualTo(1);
    assertThat(IdentityRecords.before(lake, settings, TODAY)).as("the same date").isEmpty();
    IdentitySettings others =
        IdentitySettings.from(
            TextSection.of("identity.identifiers.email.most-records = 3").section("identity"),
            Map.of());
    assertThat(IdentityRecords.before(lake, others, TOMORROW)).as("other settings").isEmpty();

    lake.overwrite(IdentityMap.TABLE, lake.readOrEmpty(IdentityMap.TABLE));
    assertThat(IdentityRecords.before(lake, settings, TOMORROW))
        .as("somebody touched the map")
        .isEmpty();
  }
}
