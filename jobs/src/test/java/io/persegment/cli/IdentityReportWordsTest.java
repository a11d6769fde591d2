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
import io.persegment.identity.IdentityReportResult.Uncompared;
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
          1_001,
          Optional.empty(),
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
                      new LevelWeight("first_name", "contains", 0.01, 0.1, 0.1, 0.1, false, true),
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
            "    contains                   -3.32        1.0 %       10.0 %       10.0 %       10.0 %  a guess: no pair of one person has it; speaks against, though alike",
            "    differs                    -2.29       20.0 %       98.0 %       98.0 %       97.5 %",
            "  ! loyalty says little or nothing: no two records have a value",
            "of all, 501 pairs are one person",
            "  0.50               100           90      0.9000      0.1798",
            "  0.99                 0            0           -      0.0000",
            "(this is the model's own opinion, of single pairs before the guard");
  }

  @Test
  void saysWhyNobodyIsCompared() throws IOException {
    assertThat(IdentityReportWords.of(unlearnt(99, Optional.of(Uncompared.TOO_FEW_CONTACTS))))
        .endsWith(
            "Contacts are not compared: there are 99, and 100 are needed to learn from. Identifiers alone link.%n"
                .formatted());
    IdentityReportResult off = unlearnt(200, Optional.of(Uncompared.MATCHING_IS_OFF));
    assertThat(IdentityReportWords.of(off))
        .endsWith(
            "Matching is off: identity.blocking or identity.comparisons is empty. Identifiers alone link.%n"
                .formatted());
    assertThat(IdentityReportWords.of(unlearnt(200, Optional.empty())))
        .contains("No model was learnt yet of the 200 contacts");

    JsonNode json = new ObjectMapper().readTree(IdentityReportJson.of(off));
    assertThat(json.at("/contacts").asLong()).isEqualTo(200);
    assertThat(json.at("/not_compared_because").asText()).isEqualTo("matching_is_off");
  }

  private static IdentityReportResult unlearnt(long contacts, Optional<Uncompared> why) {
    return new IdentityReportResult(
        0, 0, List.of(), List.of(), List.of(), List.of(), contacts, why, Optional.empty());
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
