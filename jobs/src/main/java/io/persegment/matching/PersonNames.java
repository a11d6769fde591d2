package io.persegment.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A first and a last name, in lower case without accents and punctuation; empty where one is not
 * known.
 */
public record PersonNames(String first, String last) {
  private static final double ALIKE = 0.85; // Jaro-Winkler of one name with a typing error or two

  /** Returns whether nothing contradicts that both are one person's names. */
  public boolean agreesWith(PersonNames other) {
    if (first.isEmpty() || other.first.isEmpty()) {
      return last.isEmpty() || other.last.isEmpty() || areAlike(last, other.last);
    }
    return areAlike(first, other.first)
        || first.startsWith(other.first)
        || other.first.startsWith(first)
        || Nicknames.shared().agree(first, other.first)
        || (first.equals(other.last) && last.equals(other.first));
  }

  /**
   * Returns for each of {@code names} the number of its person, from 0. Names that agree are one
   * person's; one of which only the first letter or only one part is known goes to the first person
   * with whom it agrees.
   *
   * @param names the most frequent first
   */
  public static int[] persons(List<PersonNames> names) {
    int[] person = new int[names.size()];
    Arrays.fill(person, -1);
    List<Integer> complete = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < person.length; i++) {
      (names.get(i).isComplete() ? complete : others).add(i);
    }
    int persons = 0;
    for (List<Integer> each : List.of(complete, others)) {
      for (int i : each) {
        for (int other : complete) {
          if (person[other] >= 0 && names.get(i).agreesWith(names.get(other))) {
            if (person[i] < 0) {
              person[i] = person[other];
            } else if (each == complete) {
              rename(person, person[other], person[i]); // it ties two that were apart
            }
          }
        }
        if (person[i] < 0) {
          person[i] = persons++;
        }
      }
    }
    return person;
  }

  private boolean isComplete() {
    return first.length() > 1 && !last.isEmpty();
  }

  private static boolean areAlike(String left, String right) {
    return left.equals(right)
        || JaroWinkler.atLeast(left, right, ALIKE)
        || Words.contain(left, right);
  }

  private static void rename(int[] person, int from, int to) {
    for (int i = 0; i < person.length; i++) {
      person[i] = person[i] == from ? to : person[i];
    }
  }
}
