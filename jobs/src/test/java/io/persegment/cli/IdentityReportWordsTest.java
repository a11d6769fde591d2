package io.persegment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.identity.IdentityReportResult;
import io.persegment.identity.IdentityReportResult.Large;
import io.persegment.identity.IdentityReportResult.Learnt;
import io.persegment.identity.IdentityReportResult.Point;
import io.persegment.identity.IdentityReportResult.Rule;
import io.persegment.identity.IdentityReportResult.Size;
import io.persegment.identity.IdentityReportResult.Unsure;
import io.persegment.matching.LevelWeight;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentityReportWordsTest {
  private static final IdentityReportResult RESULT =
      new IdentityReportResult(
          4,
          7,
          List.of(new Size("1", 3, 3), new Size("4-5", 1, 4)),
          List.of(new Large("k1", 4, Map.of("contact", 4L))),
          List.of(
              new Unsure("k1", 4, "crm/contact/1", "crm/contact/2", 2.5, 0.85, 1),
              new Unsure("k2", 4, "crm/contact/3", "crm/contact/4", 2.6, 0.86, 0)),
          List.of(
              new Rule("email", 1200, 1200, Map.of("on too many records", 2L)),
              new Rule("matched", 1, 1, Map.of())),
          Optional.of(
              new Learnt(
                  3,
                  1001,
                  80,
                  Optional.of(0.825),
                  500.5,
                  Map.of("one_person", 450.5, "moved", 50.0, "household", 70.0, "neighbours", 9.0),
                  List.of(
                      new LevelWeight("first_name", "exact", 0.8, 0.02, 0.02, 0.025, true, false),
                      new LevelWeight("first_name", "initial", 0.01, 0.1, 0.1, 0.1, false, false),
                      new LevelWeight("first_name", "nickname", 0.1, 0.1, 0.1, 0.1, false, true),
                      new LevelWeight(
                          "first_name", "differs", 0.2, 0.98, 0.98, 0.975, false, false)),
                  Map.of("loyalty", "no two records have a value"),
                  List.of(new Point(0.5, 100, 90, 500.5), new Point(0.99, 0, 0, 500.5)))));

  @Test
  void tellsWhatIdentityMade() {
    assertThat(IdentityReportWords.of(RESULT))
        .startsWith("7 records are 4 customers")
        .containsSubsequence(
            "            4-5          1          4",
            "        4  k1: contact 4",
            "     2.50  k1, 4 records: crm/contact/1 and crm/contact/2, 85.0 % one person;"
                + " without it 1 and 3 records fall apart",
            "other links hold it together",
            "  email                           1,200        1,200",
            "      2 cut: on too many records",
            "Model 3, learnt from 1,001 contacts",
            "501 pairs are one person, 50 of them one who moved; 70 are two persons of a household",
            "  first_name",
            "    exact                      +5.00       80.0 %        2.0 %        2.0 %        2.5 %  a rare value says more",
            "    initial                    -3.32        1.0 %       10.0 %       10.0 %       10.0 %  speaks against, though alike",
            "    nickname                   +0.00       10.0 %       10.0 %       10.0 %       10.0 %  a guess: no pair of one person has it",
            "    differs                    -2.29       20.0 %       98.0 %       98.0 %       97.5 %",
            "  ! loyalty says little or nothing: no two records have a value",
            "of all, 501 pairs are one person",
            "  0.50               100           90      0.9000      0.1798",
            "  0.99                 0            0           -      0.0000",
            "(this is the model's own opinion, of single pairs before the guard");
  }

  @Test
  void jsonHasTheSame() throws IOException {
    JsonNode json = new ObjectMapper().readTree(IdentityReportJson.of(RESULT));
    assertThat(json.at("/sizes/1/customers").asLong()).isEqualTo(1);
    assertThat(json.at("/least_sure/0/records_apart").asLong()).isEqualTo(1);
    assertThat(json.at("/rules/0/cut/on too many records").asLong()).isEqualTo(2);
    assertThat(json.at("/model/weights/0/bits").asDouble()).isEqualTo(5.0);
    assertThat(json.at("/model/thresholds/1/precision").isNull()).isTrue();
  }
}
