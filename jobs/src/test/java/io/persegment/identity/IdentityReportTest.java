package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.persegment.config.TextSection;
import io.persegment.identity.IdentityReportResult.Large;
import io.persegment.identity.IdentityReportResult.Learnt;
import io.persegment.identity.IdentityReportResult.Point;
import io.persegment.identity.IdentityReportResult.Rule;
import io.persegment.identity.IdentityReportResult.Size;
import io.persegment.identity.IdentityReportResult.Uncompared;
import io.persegment.identity.IdentityReportResult.Unsure;
import io.persegment.matching.MatchingSettings;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class IdentityReportTest {
  @TempDir Path folder;

  @Test
  void tellsSizesLinksAndWhatTheModelSays(LocalSpark.Handle spark) {
    Lake lake = TinyLake.make(spark, folder);
    IdentityReportResult result = IdentityReport.of(lake, IdentitySettingsTest.DEFAULTS.matching());

    assertThat(result.customers()).isEqualTo(4);
    assertThat(result.records()).isEqualTo(7);
    assertThat(result.sizes()).containsExactly(new Size("1", 3, 3), new Size("4-5", 1, 4));
    assertThat(result.largest())
        .hasSize(4)
        .startsWith(new Large("k1", 4, Map.of("contact", 3L, "order", 1L)));
    assertThat(result.leastSure())
        .as("1 and 2 on the one side, 3 and the order on the other")
        .containsExactly(new Unsure("k1", 4, "crm/contact/2", "crm/contact/3", 3.0, 0.89, 2));
    assertThat(result.rules())
        .containsExactly(
            new Rule("email", 2, 2, Map.of("on too many records", 2L)),
            new Rule("matched", 1, 1, Map.of(Judgement.UNLIKE, 1L, "below the threshold", 1L)),
            new Rule("phone+name", 2, 2, Map.of()));

    Learnt learnt = result.learnt().orElseThrow();
    assertThat(learnt.expectedPairs()).isCloseTo(500.5, offset(1e-9));
    assertThat(learnt.silent()).containsOnlyKeys("loyalty");
    assertThat(learnt.weights()).hasSize(5);
    Point at50 = learnt.points().get(0);
    assertThat(at50.pairs()).isEqualTo(2);
    assertThat(at50.precision().orElseThrow()).isCloseTo((0.89 + 0.85) / 2, offset(1e-9));
    assertThat(at50.recall().orElseThrow()).isCloseTo((0.89 + 0.85) / 500.5, offset(1e-9));
    assertThat(learnt.points().get(6).precision()).isEmpty();

    assertThat(result.contacts()).isEqualTo(6);
    assertThat(result.uncompared()).contains(Uncompared.TOO_FEW_CONTACTS);
    var off = TextSection.of("identity.blocking = []").section("identity");
    assertThat(IdentityReport.of(lake, MatchingSettings.from(off)).uncompared())
        .contains(Uncompared.MATCHING_IS_OFF);
  }
}
