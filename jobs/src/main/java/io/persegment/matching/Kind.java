package io.persegment.matching;

/** What two records are to each other, from the nearest to the farthest. */
enum Kind {
  /** One person: all that is known of one may well be the same of the other. */
  ONE_PERSON,
  /** Two persons of one household, who share what a household shares. */
  HOUSEHOLD,
  /** Two persons of one place: a postcode and a city are the same together, not by chance twice. */
  NEIGHBOURS,
  /** Two persons who agree by chance only. */
  STRANGERS;

  /** How far a value is shared. */
  enum Scope {
    PERSON,
    HOUSEHOLD,
    PLACE
  }

  /** Returns whether pairs of this kind agree more often on such a value than by chance. */
  boolean shares(Scope scope) {
    return ordinal() <= scope.ordinal();
  }
}
