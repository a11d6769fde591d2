package io.persegment.audit;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.quality.StabilityIndex;
import io.persegment.table.Field;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;

/**
 * How the rows of a table fall into bins by the values of one column.
 *
 * @param bins by number, as in {@link AuditReference#BIN}; of a column of which only the nulls are
 *     counted that bin alone
 */
record Distribution(SortedMap<Integer, Bin> bins) {
  static final int NULL = 0;
  static final int MOST_VALUES = 20;
  static final int OTHER = MOST_VALUES + 1;

  private static final Bin EMPTY = new Bin(Optional.empty(), 0);

  /**
   * One bin.
   *
   * @param value that rows have in it, of numbers the greatest; none for null and other values
   * @param share of the rows, 0 to 1
   */
  record Bin(Optional<String> value, double share) {}

  Distribution {
    bins = Collections.unmodifiableSortedMap(new TreeMap<>(bins));
  }

  /** Returns the distribution of a column of which only the nulls are counted. */
  static Distribution ofNulls(double share) {
    return new Distribution(new TreeMap<>(Map.of(NULL, new Bin(Optional.empty(), share))));
  }

  /** Returns bins that no row is in yet: null, one for each of {@code values}, and other. */
  static Distribution empty(List<String> values) {
    var bins = new TreeMap<Integer, Bin>(Map.of(NULL, EMPTY, OTHER, EMPTY));
    for (String value : values) {
      bins.put(bins.size() - 1, new Bin(Optional.of(value), 0));
    }
    return new Distribution(bins);
  }

  /** Returns these bins with the shares that follow from the rows counted in each. */
  Distribution counted(Map<Integer, Long> rows) {
    double all = rows.values().stream().mapToLong(Long::longValue).sum();
    var counted = new TreeMap<Integer, Bin>();
    bins.forEach(
        (number, bin) ->
            counted.put(
                number, new Bin(bin.value(), all == 0 ? 0 : rows.getOrDefault(number, 0L) / all)));
    return new Distribution(counted);
  }

  /** Returns whether not only its nulls are counted. */
  boolean isWhole() {
    return bins.containsKey(OTHER);
  }

  double share(int bin) {
    return bins.getOrDefault(bin, EMPTY).share();
  }

  /** Returns the number of the bin that a row is in. */
  Column binOf(Field field) {
    boolean isText = isText(field);
    Column column = isText ? field.col() : field.col().cast(DoubleType);
    Column bin = when(column.isNull(), lit(NULL));
    for (var each : bins.entrySet()) {
      if (each.getValue().value().isPresent()) {
        String value = each.getValue().value().get();
        Column isIn = isText ? column.equalTo(value) : column.leq(Double.parseDouble(value));
        bin = bin.when(isIn, lit(each.getKey()));
      }
    }
    return bin.otherwise(lit(OTHER));
  }

  /** Returns the {@link StabilityIndex} of {@code now} against this one. */
  double psi(Distribution now) {
    return bins.keySet().stream().mapToDouble(bin -> moved(bin, now)).sum();
  }

  /** Returns the bin that makes most of the index. */
  int mostMoved(Distribution now) {
    return bins.keySet().stream()
        .max(Comparator.comparingDouble(bin -> moved(bin, now)))
        .orElseThrow();
  }

  private double moved(int bin, Distribution now) {
    return StabilityIndex.of(share(bin), now.share(bin));
  }

  /** Returns what the rows of a bin hold, for a person. */
  String inWords(int bin, Field field) {
    if (bin == NULL) {
      return "empty";
    }
    Optional<String> value = bins.get(bin).value();
    if (isText(field)) {
      return value.map("'%s'"::formatted).orElse("another value");
    }
    Optional<String> below =
        bins.headMap(bin).values().stream()
            .flatMap(each -> each.value().stream())
            .reduce((first, last) -> last);
    return Stream.of(
            below.map(each -> "more than " + plain(each)),
            value.map(each -> "at most " + plain(each)))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private static String plain(String number) {
    return new BigDecimal(number).stripTrailingZeros().toPlainString();
  }

  static boolean isText(Field field) {
    return field.type().equals(StringType);
  }
}
