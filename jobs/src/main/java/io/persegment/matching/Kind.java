package io.persegment.matching;

/** What two records are to each other, from the nearest to the farthest. */
enum Kind {
  /** One person: all that is known of one may well be the same of the other. */
  ONE_PERSON,
  /**
   * One person who moved: what is a person's own is the same, what others share with them may not
   * be.
   */
  MOVED,
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

  /** Returns whether both records are one person's. */
  boolean isOnePerson() {
    return this == ONE_PERSON || this == MOVED;
  }

  /** Returns the kind of pairs that agree on such a value as often as pairs of this kind do. */
  Kind like(Scope scope) {
    return switch (this) {
      case ONE_PERSON, STRANGERS -> this;
      case MOVED -> scope == Scope.PERSON ? ONE_PERSON : MOVED;
      case HOUSEHOLD -> scope == Scope.PERSON ? STRANGERS : HOUSEHOLD;
      case NEIGHBOURS -> scope == Scope.PLACE ? NEIGHBOURS : STRANGERS;
    };
  }
}
