package io.persegment.demo;

import java.util.Locale;

/**
 * Writes one person's name, e-mail and phone as they may stand in a system. E-mail addresses carry
 * a number that no other address carries, so that no two people ever share one, not even by a slip.
 */
final class Contacts {
  /** The address that nearly everything is signed with. */
  static final int MAIN = 0;

  /** An address used nowhere else but in slipped records. */
  private static final int STRAY = 3;

  private final Person person;
  private final Ids ids;
  private final Draw draw;

  Contacts(Person person, Ids ids, Draw draw) {
    this.person = person;
    this.ids = ids;
    this.draw = draw;
  }

  /** Returns a faultless contact with the address of this slot. */
  Contact with(int slot, boolean phone) {
    return new Contact(
        typed(email(slot)), phone ? phone() : null, first(), person.home().lastName(), false);
  }

  /** Returns a contact that can be called but not written to. */
  Contact withPhoneOnly() {
    return new Contact(null, phone(), first(), person.home().lastName(), false);
  }

  /**
   * Returns a contact that shares no e-mail address, and no phone together with the full name, with
   * the person's others: a mistyped address, or a mistyped name or phone beside a stray address.
   */
  Contact slipped() {
    String last = person.home().lastName();
    return switch (draw.between(0, 2)) {
      case 0 -> new Contact(slippedEmail(), null, first(), last, true);
      case 1 -> new Contact(email(STRAY), phone(), first(), Slips.slipped(last, draw), true);
      default ->
          new Contact(
              email(STRAY),
              Phones.typed(Phones.slipped(number(), draw), draw),
              first(),
              last,
              true);
    };
  }

  private String first() {
    return person.firstName();
  }

  private long number() {
    return ids.phone(person.home().head());
  }

  private String phone() {
    return Phones.typed(number(), draw);
  }

  private String email(int slot) {
    String first = Names.plain(person.firstName());
    String last = Names.plain(person.home().lastName());
    long number = ids.emailNumber(person.index(), slot);
    return switch (slot) {
      case MAIN -> first + "." + last + number + "@example.com";
      case 1 -> first.charAt(0) + last + number + "@example.org";
      case 2 -> last + "." + first + number + "@post.example";
      default -> first + number + "@example.net";
    };
  }

  private String slippedEmail() {
    String email = email(MAIN);
    int dot = email.indexOf('.');
    return Slips.slipped(email.substring(0, dot), draw) + email.substring(dot);
  }

  /** Some people type capitals. */
  private String typed(String email) {
    return switch (draw.index(.92, .05, .03)) {
      case 0 -> email;
      case 1 -> email.substring(0, 1).toUpperCase(Locale.ROOT) + email.substring(1);
      default -> email.toUpperCase(Locale.ROOT);
    };
  }
}
