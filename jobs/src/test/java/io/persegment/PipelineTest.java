package io.persegment;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.conformed.ConformedTable;
import io.persegment.run.Stage;
import io.persegment.table.Table;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineTest {

  @Test
  void everyStageReadsOnlyWhatIsAlreadyWritten() {
    Set<String> written = new HashSet<>(Set.of("quarantine", "source_files", "runs"));
    ConformedTable.ALL.forEach(each -> written.add(each.table().name()));
    for (Stage stage : Pipeline.stages(PersegmentSettings.none())) {
      stage.writes().stream().map(Table::name).forEach(written::add); // a stage may read its past
      assertThat(written)
          .as("tables there when %s runs", stage.name())
          .containsAll(stage.reads().stream().map(Table::name).toList());
    }
  }

  @Test
  void noTwoStagesWriteOneTable() {
    assertThat(
            Pipeline.stages(PersegmentSettings.none()).stream()
                .flatMap(stage -> stage.writes().stream().map(Table::name)))
        .doesNotHaveDuplicates();
  }
}
