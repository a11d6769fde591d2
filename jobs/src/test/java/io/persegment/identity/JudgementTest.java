package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JudgementTest {
  /** Two namesakes, each with two records that go together; 2 and 3 lack what tells them apart. */
  private static final List<Consumer<Judgement>> NAMESAKES =
      List.of(
          compared(1, 2, 12),
          compared(3, 4, 12),
          compared(2, 3, 3),
          compared(1, 4, -9),
          compared(1, 3, -2));

  @Test
  void namesakesStayApartWhoseOtherRecordsDoNotMatch() {
    assertThat(decided(NAMESAKES)).containsExactly("2 is 1", "2-3: " + Judgement.UNLIKE, "4 is 3");
  }

  @Test
  void aGoodMatchCountsMoreThanOtherRecordsThatDoNot() {
    assertThat(
            decided(
                List.of(
                    compared(1, 2, 12), compared(3, 4, 12), compared(2, 3, 7), compared(1, 4, -9))))
        .containsExactly("2 is 1", "3 is 1", "4 is 1");
  }

  @Test
  void aWeakMatchCountsWhereNothingSpeaksAgainstIt() {
    assertThat(decided(List.of(compared(1, 2, 12), compared(3, 4, 12), compared(2, 3, 3))))
        .containsExactly("2 is 1", "3 is 1", "4 is 1");
  }

  @Test
  void anIdentifierLinksWhateverTheRecordsLookLike() {
    assertThat(decided(List.of(held("card", 1, 7, 0), held("card", 2, 7, 0), compared(1, 2, -10))))
        .containsExactly("2 is 1");
  }

  @Test
  void theIdentifierOfLowestPriorityGivesWay() {
    List<Consumer<Judgement>> facts =
        List.of(
            login(1, 101),
            login(2, 102),
            held("email", 1, 7, 3),
            held("email", 3, 7, 3),
            held("card", 2, 8, 1),
            held("card", 3, 8, 1));
    assertThat(decided(facts)).containsExactly("3 is 2", "3-7: " + Judgement.MORE_THAN + "1 login");
  }

  @Test
  void twoLoginsAreTwoCustomersHoweverWellTheirRecordsMatch() {
    assertThat(decided(List.of(login(1, 101), login(2, 102), compared(1, 2, 30))))
        .containsExactly("1-2: " + Judgement.MORE_THAN + "1 login");
  }

  @Test
  void otherLimitsHoldForIdentifiersOnly() {
    List<Consumer<Judgement>> facts = new ArrayList<>();
    for (int node = 1; node <= 3; node++) {
      facts.add(held("card", node, 9, 1));
      facts.add(limited("email", node, 200 + node, 2));
    }
    assertThat(decided(facts)).containsExactly("2 is 1", "3-9: " + Judgement.MORE_THAN + "2 email");
    facts.add(compared(1, 3, 12));
    assertThat(decided(facts)).contains("2 is 1", "3 is 1");
  }

  @Test
  void aRecordThatHasTooManyOfItsOwnIsStillLinked() {
    assertThat(
            decided(
                List.of(
                    limited("email", 1, 201, 1),
                    limited("email", 1, 202, 1),
                    held("card", 1, 9, 1),
                    held("card", 2, 9, 1))))
        .containsExactly("2 is 1");
  }

  @Test
  void whatAPersonDeclaredWins() {
    List<Consumer<Judgement>> facts =
        List.of(
            held("card", 1, 9, 0),
            held("card", 2, 9, 0),
            judgement -> judgement.addNever(1, 2),
            compared(3, 4, -10),
            judgement -> judgement.addAlways(3, 4));
    assertThat(decided(facts)).containsExactly("2-9: " + Judgement.NEVER, "4 is 3");
  }

  @Test
  void whatAPersonDeclaredWinsOverLimits() {
    List<Consumer<Judgement>> facts =
        List.of(
            login(1, 101),
            login(2, 102),
            limited(Mailboxes.PERSON, 1, 301, 1),
            limited(Mailboxes.PERSON, 2, 302, 1),
            judgement -> judgement.addAlways(1, 2),
            login(3, 103),
            held("email", 1, 7, 3),
            held("email", 3, 7, 3));
    assertThat(decided(facts)).containsExactly("2 is 1", "3-7: " + Judgement.MORE_THAN + "1 login");
  }

  @Test
  void ofAValueThatSeveralHaveTheLargestPartKeepsItAndOthersAreCutAndHoldTogether() {
    List<Consumer<Judgement>> facts = new ArrayList<>();
    for (int node = 1; node <= 6; node++) {
      facts.add(held("email", node, 7, 3));
      facts.add(limited(Mailboxes.PERSON, node, node < 3 ? 301 : node < 6 ? 302 : 303, 1));
    }
    assertThat(decided(facts))
        .containsExactly(
            "1-7 part 2: " + Judgement.OTHER_NAME,
            "2 is 1",
            "2-7 part 2: " + Judgement.OTHER_NAME,
            "4 is 3",
            "5 is 3",
            "6-7: " + Judgement.OTHER_NAME);
  }

  @Test
  void whomOfTwoEqualsARecordGoesWithDoesNotDependOnHowRecordsAreNumbered() {
    List<Consumer<Judgement>> facts =
        List.of(
            login(1, 102),
            login(2, 101),
            held("email", 1, 7, 3),
            held("email", 2, 7, 3),
            held("email", 3, 7, 3));
    List<Consumer<Judgement>> renamed =
        List.of(
            login(3, 102),
            login(1, 101),
            held("email", 3, 7, 3),
            held("email", 1, 7, 3),
            held("email", 2, 7, 3));
    assertThat(decided(facts)).contains("3 is 2"); // with login 101
    assertThat(decided(renamed)).contains("2 is 1");
  }

  @Test
  void matchesThatBringRecordsTogetherAreTold() {
    var judgement = new Judgement();
    List.of(compared(1, 2, 5), compared(2, 3, 8), compared(1, 3, 3))
        .forEach(fact -> fact.accept(judgement));
    judgement.decide();
    assertThat(judgement.united())
        .containsExactly(new Judgement.Pair(2, 3, 8), new Judgement.Pair(1, 2, 5));
  }

  @Test
  void ofOneAddressTheRecordWithoutANameGoesWithTheMost() {
    List<Consumer<Judgement>> facts =
        List.of(
            held("email", 1, 7, 3),
            held("email", 2, 7, 3),
            held("email", 3, 7, 3),
            held("email", 4, 7, 3),
            limited(Mailboxes.PERSON, 2, 301, 1),
            limited(Mailboxes.PERSON, 3, 302, 1),
            limited(Mailboxes.PERSON, 4, 302, 1));
    assertThat(decided(facts)).containsExactly("2-7: " + Judgement.OTHER_NAME, "3 is 1", "4 is 1");
  }

  @Test
  void theOrderOfFactsDoesNotMatter() {
    List<Consumer<Judgement>> facts = new ArrayList<>(NAMESAKES);
    for (int node = 1; node <= 12; node++) {
      facts.add(held("email", node, node % 5, 3));
      facts.add(held("phone", node, 10 + node % 4, 4));
      if (node % 2 == 0) {
        facts.add(login(node, 100 + node));
      }
    }
    Set<String> once = decided(facts);
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(facts, new Random(seed));
      assertThat(decided(facts)).isEqualTo(once);
    }
  }

  private static Consumer<Judgement> compared(long left, long right, double weight) {
    return judgement -> judgement.addCompared(left, right, weight, weight >= 2);
  }

  private static Consumer<Judgement> held(String kind, long node, long value, int rank) {
    return judgement -> judgement.add(new Judgement.Held(kind, node, value, rank, 0, false));
  }

  private static Consumer<Judgement> limited(String kind, long node, long value, int most) {
    return judgement -> judgement.add(new Judgement.Held(kind, node, value, -1, most, false));
  }

  private static Consumer<Judgement> login(long node, long value) {
    return judgement -> judgement.add(new Judgement.Held("login", node, value, 0, 1, true));
  }

  private static Set<String> decided(List<Consumer<Judgement>> facts) {
    var judgement = new Judgement();
    facts.forEach(fact -> fact.accept(judgement));
    judgement.decide();
    var texts = new TreeSet<String>();
    judgement.groups().forEach((node, least) -> texts.add("%d is %d".formatted(node, least)));
    for (Judgement.Cut cut : judgement.cut()) {
      String part = cut.part() == 0 ? "" : " part " + cut.part();
      texts.add("%d-%d%s: %s".formatted(cut.left(), cut.right(), part, cut.reason()));
    }
    return texts;
  }
}
