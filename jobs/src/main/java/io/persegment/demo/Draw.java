package io.persegment.demo;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One stream of chances. Each person has a stream for each topic, so that what is drawn for one
 * never moves what is drawn for another.
 */
final class Draw {
  /** What a stream is for. The names are part of the output: renaming one changes every file. */
  enum Topic {
    HOUSEHOLD,
    PERSON,
    LIFE,
    FOOTPRINT,
    SHOP,
    WEB,
    MAIL,
    CONSENT,
    CONTACT,
    VISITOR,
    SHUFFLE,
    CATALOGUE
  }

  private final SplittableRandom random;

  private Draw(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Returns the stream of a person (or whatever {@code index} counts) for a topic. */
  static Draw of(long seed, Topic topic, int index) {
    long topicSeed = mixed(seed ^ mixed(topic.name().hashCode()));
    return new Draw(mixed(topicSeed + index));
  }

  /** Scatters the bits of a number; the finaliser of MurmurHash3. A bijection. */
  static long mixed(long number) {
    long bits = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return bits ^ (bits >>> 33);
  }

  /** Returns true with the given probability. */
  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  double uniform() {
    return random.nextDouble();
  }

  /** Returns a whole number from least to most, both inclusive. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** Returns an element, each as likely as the other. */
  <T> T pick(List<T> elements) {
    return elements.get(random.nextInt(elements.size()));
  }

  /** Returns an element, the first ones likelier than the last ones. */
  <T> T pickSkewed(List<T> elements) {
    double skewed = Math.pow(random.nextDouble(), 1.5);
    return elements.get((int) (skewed * elements.size()));
  }

  /** Returns the first index whose share is reached; shares must add up to 1. */
  int index(double... shares) {
    double left = random.nextDouble();
    for (int index = 0; index < shares.length - 1; index++) {
      left -= shares[index];
      if (left < 0) {
        return index;
      }
    }
    return shares.length - 1;
  }

  /** Returns a draw of the standard normal distribution (Box and Muller). */
  double normal() {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
