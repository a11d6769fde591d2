package io.persegment.matching;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;

/** How rare the values are on which records agree. */
final class Rarities implements Serializable {
  private static final long serialVersionUID = 1;

  /** The one of the function xxhash64. */
  private static final long SEED = 42;

  /** By comparison, sorted; null where rarity does not count. */
  private final long[][] values;

  /** By comparison, the natural logarithm of the share of each value. */
  private final double[][] logs;

  /** By comparison, that of every other value. */
  private final double[] otherwise;

  Rarities(Frequencies frequencies, MatchingSettings settings) {
    int places = settings.comparisons().size();
    values = new long[places][];
    logs = new double[places][];
    otherwise = new double[places];
    List<List<Frequencies.Share>> shares = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      shares.add(new ArrayList<>());
    }
    frequencies.shares().forEach(share -> shares.get(share.place()).add(share));
    for (int place = 0; place < places; place++) {
      if (settings.comparisons().get(place).termFrequency()) {
        List<Frequencies.Share> sorted = shares.get(place);
        sorted.sort(Comparator.comparingLong(Frequencies.Share::value));
        values[place] = sorted.stream().mapToLong(Frequencies.Share::value).toArray();
        logs[place] = sorted.stream().mapToDouble(share -> Math.log(share.share())).toArray();
        otherwise[place] = -Math.log(Math.max(1.0, (double) frequencies.known().get(place)));
      }
    }
  }

  /**
   * Returns for each comparison the rarity of the value of a record; null where rarity does not
   * count or the outcome is not the first.
   */
  Double[] of(long pattern, String[] record) {
    Double[] rarities = new Double[values.length];
    for (int place = 0; place < values.length; place++) {
      if (values[place] != null && Patterns.outcome(pattern, place) == 1) {
        rarities[place] = of(place, record[place]);
      }
    }
    return rarities;
  }

  /** Returns the rarity of the rarest value there may be. */
  double least(int place) {
    return Math.min(otherwise[place], Arrays.stream(logs[place]).min().orElse(0));
  }

  /** Returns the rarity of a value of a comparison where it counts. */
  double of(int place, String value) {
    long hash = XXH64.hashUTF8String(UTF8String.fromString(value), SEED);
    int at = Arrays.binarySearch(values[place], hash);
    return at < 0 ? otherwise[place] : logs[place][at];
  }
}
