package io.persegment.cleaning;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A dear function that is worked out once for a value that comes again and again, as values of a
 * column do. Shared by the tasks of a JVM; it holds so many values at most, of which those that
 * came last stay.
 */
final class Remembered<K> {
  private static final int MOST = 50_000;

  private final Function<K, String> function;
  private volatile Map<K, Optional<String>> recent = new ConcurrentHashMap<>();
  private volatile Map<K, Optional<String>> older = Map.of();

  Remembered(Function<K, String> function) {
    this.function = function;
  }

  /** Returns what the function makes of {@code value}, which may be null. */
  String of(K value) {
    Optional<String> known = recent.get(value);
    if (known == null) {
      Optional<String> before = older.get(value);
      known = before == null ? Optional.ofNullable(function.apply(value)) : before;
      keep(value, known);
    }
    return known.orElse(null);
  }

  private synchronized void keep(K value, Optional<String> made) {
    if (recent.size() >= MOST) {
      older = recent;
      recent = new ConcurrentHashMap<>();
    }
    recent.put(value, made);
  }
}
