package io.persegment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.identity.ExplanationResult.First;
import io.persegment.identity.ExplanationResult.Found;
import io.persegment.identity.ExplanationResult.Holder;
import io.persegment.identity.ExplanationResult.Hop;
import io.persegment.identity.ExplanationResult.Match;
import io.persegment.identity.ExplanationResult.Member;
import io.persegment.identity.ExplanationResult.OfCustomer;
import io.persegment.identity.ExplanationResult.OfPair;
import io.persegment.identity.ExplanationResult.Shared;
import io.persegment.matching.Waterfall;
import io.persegment.matching.Waterfall.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationWordsTest {
  private static final Waterfall WATERFALL =
      new Waterfall(
          1,
          2,
          -9.966,
          List.of(
              new Step("first_name", "exact", Optional.of(0.0042), 7.637, -2.329),
              new Step("birth_date", "one-digit", Optional.empty(), 6.333, 4.004),
              new Step("phone", "not known of both", Optional.empty(), 0, 4.004)));
  private static final Match MATCH =
      new Match(
          "crm/contact/1",
          "crm/contact/2",
          Optional.of(new Found(4.004, 0.9413, Optional.empty())),
          Optional.of(WATERFALL));

  @Test
  void aCustomerIsToldByItsLinks() {
    var result =
        new OfCustomer(
            "k1",
            new First<>(List.of("crm/contact/1", "crm/contact/2"), 12),
            new First<>(
                List.of(
                    new Shared(
                        "email 3f2a9c01",
                        2,
                        new First<>(
                            List.of(
                                new Holder("crm/contact/1", Optional.empty()),
                                new Holder("crm/contact/2", Optional.of("on too many records"))),
                            2))),
                1),
            new First<>(List.of(MATCH), 1),
            3);
    assertThat(ExplanationWords.of(result))
        .isEqualToNormalizingNewlines(
            """
            Customer k1: 12 records
              crm/contact/1
              crm/contact/2
              and 10 more

            What its records have that others have too
              email 3f2a9c01: on 2 records of it, 2 in all
                  crm/contact/1
                  crm/contact/2, but cut: on too many records

            Pairs that match
              crm/contact/1 and crm/contact/2: 4.00 bits, 94.1 % one person
                     -9.97  any two records: one pair in 1,001 is one person
                     +7.64  first_name: exact, which 0.4 % have
                     +6.33  birth_date: one-digit
                     +0.00  phone: not known of both
                     +4.00  bits: 94.1 % one person
            3 pairs of its records with others were compared and are below the threshold.
            """);
  }

  @Test
  void twoRecordsAreToldByWhatTiesThem() {
    var result =
        new OfPair(
            new Member("crm/contact/1", "contact", "k1"),
            new Member("shop/order/o1", "order", "k1"),
            List.of(),
            new Match("crm/contact/1", "shop/order/o1", Optional.empty(), Optional.empty()),
            List.of(
                new Hop(
                    "crm/contact/1",
                    "crm/contact/2",
                    Optional.empty(),
                    Optional.of(MATCH),
                    Optional.empty()),
                new Hop(
                    "crm/contact/2",
                    "shop/order/o1",
                    Optional.of("email 3f2a9c01"),
                    Optional.empty(),
                    Optional.empty())));
    assertThat(ExplanationWords.of(result))
        .startsWith("One customer: k1")
        .containsSubsequence(
            "What ties them",
            "crm/contact/1 and crm/contact/2 match, 94.1 % one person",
            "+7.64  first_name: exact, which 0.4 % have",
            "crm/contact/2 and shop/order/o1 share email 3f2a9c01",
            "They share no e-mail, phone or id.",
            "They are not compared with each other: only contacts are.");
  }

  @Test
  void twoThatNothingTiesAreComparedAllTheSame() {
    var result =
        new OfPair(
            new Member("crm/contact/1", "contact", "k1"),
            new Member("crm/contact/2", "contact", "k2"),
            List.of(),
            new Match("crm/contact/1", "crm/contact/2", Optional.empty(), Optional.of(WATERFALL)),
            List.of());
    assertThat(ExplanationWords.of(result))
        .startsWith("Two customers: k1 and k2")
        .containsSubsequence(
            "No chain of links ties them, not even of links that were cut.",
            "Compared with each other now: identity_links has not got them, as no rule brought them"
                + " together or they are below 1 %",
            "+4.00  bits: 94.1 % one person");
  }

  @Test
  void aShareIsToldSoThatItIsNeitherCertainNorImpossible() {
    assertThat(ExplanationWords.percent(0.5)).isEqualTo("50.0 %");
    assertThat(ExplanationWords.percent(0.99997)).isEqualTo("99.997 %");
    assertThat(ExplanationWords.percent(0.000002)).isEqualTo("0.0002 %");
    assertThat(ExplanationWords.percent(1)).isEqualTo("100.0 %");
  }
}
