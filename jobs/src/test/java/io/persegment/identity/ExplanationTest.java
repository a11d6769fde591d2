package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.identity.ExplanationResult.First;
import io.persegment.identity.ExplanationResult.Holder;
import io.persegment.identity.ExplanationResult.Hop;
import io.persegment.identity.ExplanationResult.OfCustomer;
import io.persegment.identity.ExplanationResult.OfPair;
import io.persegment.identity.ExplanationResult.Shared;
import io.persegment.matching.Waterfall;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ExplanationTest {
  @TempDir static Path folder;
  private static Lake lake;

  @BeforeAll
  static void tinyLake() {
    lake = TinyLake.make(LocalSpark.handle(), folder);
  }

  @Test
  void aCustomerIsWhatItsRecordsShareAndHowTheyMatch() {
    OfCustomer k1 = Explanation.ofCustomer(lake, IdentitySettingsTest.DEFAULTS, "k1");

    assertThat(k1.keys())
        .isEqualTo(
            new First<>(
                List.of("crm/contact/1", "crm/contact/2", "crm/contact/3", "shop/order/o1"), 4));
    assertThat(k1.shared())
        .isEqualTo(
            new First<>(
                List.of(
                    shared("email aaaaaaaa", 2, linked("crm/contact/1"), linked("crm/contact/2")),
                    shared(
                        "phone+name bbbbbbbb", 2, linked("crm/contact/3"), linked("shop/order/o1")),
                    shared("email cccccccc", 2, tooMany("crm/contact/1"))),
                3));
    assertThat(k1.matches().all()).as("2-3, and 4-3 that was cut").isEqualTo(2);
    assertThat(k1.matches().some().get(1).found().orElseThrow().cut()).contains(Judgement.UNLIKE);
    assertThat(k1.below()).isEqualTo(1);

    Waterfall kept = k1.matches().some().get(0).now().orElseThrow();
    assertThat(kept.steps())
        .extracting(Waterfall.Step::outcome)
        .containsExactly("jaro-winkler >= 0.92", "exact", "not known of both");
    // Neighbours and strangers against one person, with what is known of the pair.
    double odds = (0.009 * 0.01 * 0.9 + 0.99 * 0.01 * 0.01) / (0.001 * 0.1 * 0.9);
    assertThat(kept.weight()).isCloseTo(-Math.log(odds) / Math.log(2), offset(1e-9));
  }

  @Test
  void twoRecordsOfACustomerAreTiedByAChain() {
    OfPair pair =
        Explanation.ofRecords(
            lake, IdentitySettingsTest.DEFAULTS, "crm/contact/1", "shop/order/o1");

    assertThat(pair.isOneCustomer()).isTrue();
    assertThat(pair.right().isContact()).isFalse();
    assertThat(pair.shared()).isEmpty();
    assertThat(pair.chain())
        .extracting(Hop::from, hop -> hop.identifier().orElse("match"), Hop::to)
        .containsExactly(
            tuple("crm/contact/1", "email aaaaaaaa", "crm/contact/2"),
            tuple("crm/contact/2", "match", "crm/contact/3"),
            tuple("crm/contact/3", "phone+name bbbbbbbb", "shop/order/o1"));
    assertThat(pair.chain().get(1).match().orElseThrow().now()).isPresent();
  }

  @Test
  void ofTwoCustomersWhatWasCutBetweenThemIsTold() {
    OfPair pair =
        Explanation.ofRecords(
            lake, IdentitySettingsTest.DEFAULTS, "crm/contact/4", "crm/contact/1");

    assertThat(pair.isOneCustomer()).isFalse();
    assertThat(pair.shared())
        .containsExactly(
            shared("email cccccccc", 2, tooMany("crm/contact/1"), tooMany("crm/contact/4")));
    assertThat(pair.chain())
        .singleElement()
        .satisfies(hop -> assertThat(hop.cut()).contains("on too many records"));
  }

  @Test
  void whatWasNeverComparedIsComparedNow() {
    OfPair pair =
        Explanation.ofRecords(
            lake, IdentitySettingsTest.DEFAULTS, "crm/contact/1", "crm/contact/6");

    assertThat(pair.chain()).isEmpty();
    assertThat(pair.match().found()).isEmpty();
    Waterfall now = pair.match().now().orElseThrow();
    assertThat(now.steps().get(0).outcome()).isEqualTo("exact");
    assertThat(now.steps().get(0).share()).as("Ada is not rare").isNotEmpty();
    assertThat(now.steps().get(0).share().orElseThrow()).isCloseTo(0.004, offset(1e-9));
    // One person in a thousand agrees on it in eight of ten; others as often as Ada occurs.
    assertThat(now.weight())
        .isCloseTo(Math.log(0.001 * 0.8 / (0.999 * 0.004)) / Math.log(2), offset(1e-9));
  }

  @Test
  void whoIsNotThereIsToldInASentence() {
    refused(
        "There is no customer k9 in identity_map.",
        () -> Explanation.ofCustomer(lake, IdentitySettingsTest.DEFAULTS, "k9"));
    refused(
        "There is no record crm/contact/9 in identity_map. Write it as identity_links has it, such as crm/contact/7.",
        () ->
            Explanation.ofRecords(
                lake, IdentitySettingsTest.DEFAULTS, "crm/contact/9", "crm/contact/1"));
    refused(
        "There is no record <e-mail> in identity_map.",
        () ->
            Explanation.ofRecords(
                lake, IdentitySettingsTest.DEFAULTS, "crm/contact/1", "/address/ada@example.com"));
    refused(
        "Both records are the same one.",
        () ->
            Explanation.ofRecords(
                lake, IdentitySettingsTest.DEFAULTS, "crm/contact/1", "crm/contact/1"));
  }

  private static void refused(String says, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageStartingWith(says);
  }

  private static Shared shared(String identifier, long records, Holder... holders) {
    return new Shared(identifier, records, new First<>(List.of(holders), holders.length));
  }

  private static Holder linked(String key) {
    return new Holder(key, Optional.empty());
  }

  private static Holder tooMany(String key) {
    return new Holder(key, Optional.of("on too many records"));
  }
}
