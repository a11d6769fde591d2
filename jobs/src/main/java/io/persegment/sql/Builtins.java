package io.persegment.sql;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Functions that Spark brings itself. Loaded only where one is called: it costs most of a second.
 */
final class Builtins {
  private static final String AGGREGATE = "agg_funcs";

  /** What kind each is of, by name. */
  private static final Map<String, String> GROUPS =
      CollectionConverters.asJava(FunctionRegistry.functionSet()).stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  id -> id.funcName().toLowerCase(Locale.ROOT), Builtins::group));

  private Builtins() {}

  private static String group(FunctionIdentifier id) {
    return FunctionRegistry.builtin().lookupFunction(id).get().getGroup();
  }

  static boolean has(String function) {
    return GROUPS.containsKey(function);
  }

  /** Returns whether the function folds many rows into one value. */
  static boolean isAggregate(String function) {
    // Spark counts this one among what handles variants.
    return AGGREGATE.equals(GROUPS.get(function)) || function.equals("schema_of_variant_agg");
  }
}
