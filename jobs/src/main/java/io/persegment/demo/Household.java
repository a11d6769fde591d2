package io.persegment.demo;

import java.util.List;

/**
 * A home: last name, address and phone. Planted: 8 % of people share theirs with one other person
 * of another first name; they are two persons, and their phone must not make them one.
 *
 * @param head the person whose phone it is; also the household's number
 * @param firstNames of its one or two people, in the order of their indexes
 */
record Household(int head, String lastName, Address address, List<FirstName> firstNames) {
  private static final double SHARED = .08;

  /** Returns the home of a person. Neighbours (2k, 2k + 1) may share one. */
  static Household of(long seed, int person) {
    int even = person - person % 2;
    Draw pair = Draw.of(seed, Draw.Topic.HOUSEHOLD, even);
    if (pair.chance(SHARED)) {
      return new Household(
          even,
          Names.lastName(pair),
          Address.drawn(pair),
          List.of(Names.firstName(true, pair), Names.firstName(false, pair)));
    }
    Draw draw = person == even ? pair : Draw.of(seed, Draw.Topic.HOUSEHOLD, person);
    return new Household(
        person,
        Names.lastName(draw),
        Address.drawn(draw),
        List.of(Names.firstName(draw.chance(.55), draw)));
  }

  /** A given name and whose it is. */
  record FirstName(String text, boolean woman) {}

  String firstName(int person) {
    return firstNames.get(person - head).text();
  }

  boolean isWoman(int person) {
    return firstNames.get(person - head).woman();
  }
}
