package io.persegment.identity;

import io.persegment.config.Section;
import io.persegment.matching.MatchingSettings;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What records may be linked by.
 *
 * @param email e-mail addresses
 * @param emailsPerRecord of how many e-mail addresses beside its own, as its orders and mailings
 *     have them, a contact or login may be; one seen with more is several people's
 * @param phone phone numbers; a number counts as junk by how many names it has
 * @param login logins of the shop
 * @param loyaltyId numbers of loyalty cards
 * @param externalId all other ids of the same person elsewhere
 * @param matching how records are compared that no identifier links
 */
public record IdentitySettings(
    Identifier email,
    int emailsPerRecord,
    Identifier phone,
    Identifier login,
    Identifier loyaltyId,
    Identifier externalId,
    MatchingSettings matching) {

  /**
   * How far one kind of identifier is trusted.
   *
   * @param never regular expressions; a value in which one is found links nothing
   * @param most on how many records (of phones: with how many names) a value may be, at least 1;
   *     one on more links nothing
   */
  public record Identifier(List<String> never, int most) {
    public Identifier {
      never = List.copyOf(never);
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
      return new Identifier(never, section.integer(most, 1));
    }
  }

  /** Reads the section {@code identity}. */
  public static IdentitySettings from(Section identity) {
    Section identifiers = identity.section("identifiers");
    Section email = identifiers.section("email");
    var settings =
        new IdentitySettings(
            Identifier.from(email, "most-records"),
            email.integer("most-per-record", 1),
            only(identifiers, "phone", "most-names"),
            only(identifiers, "login", "most-records"),
            only(identifiers, "loyalty-id", "most-records"),
            only(identifiers, "external-id", "most-records"),
            MatchingSettings.from(identity));
    email.close();
    identifiers.close();
    identity.close();
    return settings;
  }

  private static Identifier only(Section identifiers, String kind, String most) {
    Section section = identifiers.section(kind);
    Identifier identifier = Identifier.from(section, most);
    section.close();
    return identifier;
  }
}
