package io.persegment.matching;

/**
 * What one outcome of a comparison says.
 *
 * @param level the outcome in words
 * @param onePerson how often two records of one person have it, of those whose values are known
 * @param household how often two persons of a household do
 * @param neighbours how often two persons of one place do
 * @param strangers how often two strangers do; of a value that is not rare nor frequent
 * @param byFrequency whether a rare value says more than that, and a frequent one less
 * @param isGuess whether no pair of one person has it, so that nothing was learnt of it
 */
public record LevelWeight(
    String comparison,
    String level,
    double onePerson,
    double household,
    double neighbours,
    double strangers,
    boolean byFrequency,
    boolean isGuess) {
  /** Returns the evidence for one person against strangers; below 0 where it speaks against. */
  public double bits() {
    return Math.log(onePerson / strangers) / Math.log(2);
  }
}
