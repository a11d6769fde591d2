package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.conformed.Contacts;
import io.persegment.matching.Proposal.Counted;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * 600 contacts, of whom two each have a last name and four a postcode, every second one has a birth
 * date, which three of them share, all live in one city, and two have a member number. Their first
 * names are ten, of two letters.
 */
@ExtendWith(LocalSpark.class)
class ProposalTest {
  private static final long BUDGET = 100_000;

  @TempDir static Path folder;
  private static Proposal proposal;

  @BeforeAll
  static void counted() {
    LocalSpark.Handle spark = LocalSpark.handle();
    var lake = new Lake(spark.session(), folder.toString());
    lake.overwrite(
        Contacts.TABLE,
        spark.rows(
            Contacts.TABLE,
            """
            select 'crm' as source, string(id) as record_id, 'Aarhus' as city, 'f' as source_file,
              now() as ingested_at, concat('L', string(id div 2)) as last_name,
              concat(if(id % 10 < 5, 'A', 'B'), string(id % 10)) as first_name,
              string(1000 + id div 4) as postcode,
              if(id % 2 = 0, date_add(date'1950-01-01', int(id div 6)), null) as birth_date,
              map('member no', string(id div 2), 'tier', 'gold', 'rare', if(id < 9, 'x', null))
                as attributes,
              id = 600 as enrichment
            from range(601)
            """));
    String settings =
        """
        identity {
          blocking = [[email], [last_name], [city], [last_name, birth_date]]
          most-pairs = 100000
          comparisons { email = null, phone = null, street = null }
        }
        """;
    proposal =
        Proposal.of(lake, MatchingSettings.from(TextSection.of(settings).section("identity")));
  }

  @Test
  void countsWhatTheSettingsRulesMake() {
    assertThat(proposal.records()).isEqualTo(600);
    assertThat(proposal.budget()).isEqualTo(BUDGET);
    assertThat(proposal.comparesEverybody()).isTrue();
    assertThat(proposal.rules())
        .extracting(Object::toString)
        .containsExactly(
            counted("[email]", 0, 0, 0, 0, 0, ""),
            counted("[last_name]", 600, 300, 2, 300, 0, ""),
            counted("[city]", 600, 1, 600, 0, 600 * 599 / 2, ""),
            counted("[last_name, birth_date]", 300, 0, 0, 0, 0, "[last_name]"));
  }

  @Test
  void countsFurtherRulesOnce() {
    assertThat(rules(proposal.candidates()))
        .doesNotHaveDuplicates()
        .contains(
            List.of("first_name"),
            List.of("birth_date"),
            List.of("birth_date", "postcode"),
            List.of("first_name", "postcode"),
            List.of("substring(first_name, 1, 1)", "last_name"),
            List.of("substring(last_name, 1, 1)", "birth_date"),
            List.of("attributes.`member no`"))
        .doesNotContain(
            List.of("last_name"), // the settings have it
            List.of("birth_date", "last_name"), // in whatever order
            List.of("city", "postcode"), // both are of a place, not of a person
            List.of("attributes.tier"), // tells nobody apart
            List.of("attributes.rare")); // few have it
    assertThat(candidate("birth_date"))
        .hasToString(counted("[birth_date]", 300, 100, 3, 300, 0, ""));
    assertThat(candidate("postcode").pairs()).isEqualTo(150 * 6);
    assertThat(candidate("first_name").pairs()).isEqualTo(10 * (60 * 59 / 2));
  }

  @Test
  void proposesWhatMakesSomethingAndIsNotMadeAlready() {
    List<List<String>> proposed = rules(proposal.proposed());
    assertThat(proposed)
        .startsWith(List.of("last_name"))
        .contains(List.of("first_name"))
        .doesNotContain(
            List.of("email"),
            List.of("city"),
            List.of("last_name", "birth_date"),
            List.of("first_name", "postcode"),
            List.of("substring(first_name, 1, 1)", "last_name"));
    assertThat(proposal.candidates())
        .filteredOn(each -> each.rule().equals(List.of("first_name", "postcode")))
        .allMatch(each -> each.within().isPresent());
    assertThat(Proposal.sum(proposal.proposed())).isLessThanOrEqualTo(proposal.mostPairs());
    assertThat(proposed.stream().flatMap(List::stream))
        .allSatisfy(text -> assertThat(SqlExpression.parse(text).text()).isEqualTo(text));
  }

  private static Counted candidate(String name) {
    return proposal.candidates().stream()
        .filter(each -> each.rule().equals(List.of(name)))
        .findFirst()
        .orElseThrow();
  }

  private static List<List<String>> rules(List<Counted> counted) {
    return counted.stream().map(Counted::rule).toList();
  }

  private static String counted(
      String rule,
      long records,
      long blocks,
      long largest,
      long kept,
      long leftOut,
      String within) {
    return "Counted[rule=%s, records=%d, blocks=%d, largest=%d, kept=%d, pairsLeftOut=%d, within=%s]"
        .formatted(
            rule,
            records,
            blocks,
            largest,
            kept,
            leftOut,
            within.isEmpty() ? "Optional.empty" : "Optional[%s]".formatted(within));
  }
}
