package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.matching.MatchingSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.Column;

/**
 * What records may be linked by.
 *
 * @param email e-mail addresses
 * @param personsPerEmail how many persons, told by names that contradict each other, may have an
 *     e-mail address; one of more is nobody's
 * @param emailsPerRecord of how many e-mail addresses beside its own, as its orders and mailings
 *     have them, a contact or login may be; one seen with more is several people's
 * @param phone phone numbers; a number counts as junk by how many names it has
 * @param login logins of the shop
 * @param ownersPerDevice how many logins and addresses a device may be seen with; one seen with
 *     more is nobody's
 * @param loyaltyId numbers of loyalty cards
 * @param externalId all other ids of the same person elsewhere
 * @param withoutDuplicates sources that have one contact at most of a customer
 * @param decisions a file of pairs that a person judged
 * @param labels by which matching learns beside; empty where there are none
 * @param matching how records are compared that no identifier links
 */
public record IdentitySettings(
    Identifier email,
    int personsPerEmail,
    int emailsPerRecord,
    Identifier phone,
    Identifier login,
    int ownersPerDevice,
    Identifier loyaltyId,
    Identifier externalId,
    List<String> withoutDuplicates,
    Optional<String> decisions,
    Optional<Truth> labels,
    MatchingSettings matching) {

  /** Over which time identifiers are counted; calendar periods. */
  public enum Period {
    EVER,
    YEAR,
    MONTH,
    WEEK
  }

  /**
   * How far one kind of identifier is trusted.
   *
   * @param never regular expressions; a value in which one is found links nothing
   * @param most on how many records (of phones: with how many names) a value may be, at least 1;
   *     one on more links nothing
   * @param priority 1 for what is followed first; on conflict the others give way
   * @param mostPerCustomer how many of them a customer may have, at least 1
   * @param per those first seen in one such period are counted together
   */
  public record Identifier(
      List<String> never, int most, int priority, int mostPerCustomer, Period per) {
    public Identifier {
      never = List.copyOf(never);
    }

    /** Returns whether {@code value} is one that links nothing. */
    Column isNever(Column value) {
      return never.stream().map(value::rlike).reduce(Column::or).orElse(lit(false));
    }

    static Identifier from(Section section, String most) {
      List<String> never = section.texts("never");
      for (String pattern : never) {
        try {
          Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
          section.problem(
              "never",
              "has %s, which is no regular expression: %s".formatted(pattern, e.getDescription()));
        }
      }
      return new Identifier(
          never,
          section.integer(most, 1),
          section.integer("priority", 1),
          section.integer("most-per-customer", 1),
          section.choice("per", Period.class));
    }
  }

  public IdentitySettings {
    withoutDuplicates = List.copyOf(withoutDuplicates);
  }

  /**
   * Reads the section {@code identity}.
   *
   * @param systems by the name of each source, what its records are told by
   */
  public static IdentitySettings from(Section identity, Map<String, String> systems) {
    Section identifiers = identity.section("identifiers");
    Section email = identifiers.section("email");
    Section login = identifiers.section("login");
    var settings =
        new IdentitySettings(
            Identifier.from(email, "most-records"),
            email.integer("most-persons", 1),
            email.integer("most-per-record", 1),
            only(identifiers, "phone", "most-names"),
            Identifier.from(login, "most-records"),
            login.integer("most-per-device", 1),
            only(identifiers, "loyalty-id", "most-records"),
            only(identifiers, "external-id", "most-records"),
            withoutDuplicates(identity, systems),
            identity.optionalText("decisions"),
            Truth.from(identity.section("labels")),
            MatchingSettings.from(identity));
    email.close();
    login.close();
    identifiers.close();
    identity.close();
    return settings;
  }

  /** A source may be named as it is, or by its system. */
  private static List<String> withoutDuplicates(Section identity, Map<String, String> systems) {
    List<String> named = identity.texts("without-duplicates");
    for (String name : named) {
      if (!systems.containsKey(name) && !systems.containsValue(name)) {
        identity.problem(
            "without-duplicates",
            "names no source: %s; %s".formatted(name, Nearest.hint(name, systems.keySet())));
      }
    }
    return named.stream().map(name -> systems.getOrDefault(name, name)).distinct().toList();
  }

  /**
   * Returns all that they say, on which who is one person depends; of decisions and labels, not
   * what is in the files.
   */
  String inWords() {
    return List.of(
            byKind(),
            personsPerEmail,
            emailsPerRecord,
            ownersPerDevice,
            withoutDuplicates,
            decisions,
            labels.map(truth -> List.of(truth.file(), truth.grain(), new TreeMap<>(truth.says()))),
            matching.inWords())
        .toString();
  }

  /** Returns whether the limit of some kind holds for a period only. */
  boolean countsByPeriod() {
    return byKind().values().stream().anyMatch(each -> each.per() != Period.EVER);
  }

  /** Returns what is set by the beginning of the name of a kind. */
  Map<String, Identifier> byKind() {
    Map<String, Identifier> kinds = new LinkedHashMap<>();
    kinds.put(Identifiers.EMAIL, email);
    kinds.put(Identifiers.PHONE, phone);
    kinds.put(Identifiers.LOGIN, login);
    kinds.put(Identifiers.LOYALTY, loyaltyId);
    kinds.put(Identifiers.EXTERNAL, externalId);
    return kinds;
  }

  private static Identifier only(Section identifiers, String kind, String most) {
    Section section = identifiers.section(kind);
    Identifier identifier = Identifier.from(section, most);
    section.close();
    return identifier;
  }
}
