package io.persegment.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedStar;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What an expression in the settings may not be, though Spark would run it. Functions are allowed
 * only where they are among those that Spark itself brings, and none of the ones below.
 */
final class Refusals {
  private static final String BEYOND = "an expression may look at its row only";
  private static final String CHANGING =
      "it gives another answer each time, and a night must be repeatable";
  private static final String FAILING =
      "it would end the run for one bad row; let the expression be null instead";
  private static final String MANY = "it makes several rows of one";

  private static final Map<String, String> FUNCTIONS = functions();

  /** Functions that are called without parentheses. */
  private static final Set<String> BARE =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtimestamp",
          "current_user",
          "session_user");

  /** Expressions of the parser that are named by their class: some have no Java-visible type. */
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("CurrentDate", CHANGING),
          Map.entry("CurrentTime", CHANGING),
          Map.entry("CurrentTimestamp", CHANGING),
          Map.entry("Now", CHANGING),
          Map.entry("LocalTimestamp", CHANGING),
          Map.entry("CurrentUser", BEYOND),
          Map.entry("WindowExpression", BEYOND),
          Map.entry("UnresolvedWindowExpression", BEYOND),
          Map.entry("ExpressionWithUnresolvedIdentifier", "identifier() hides what it names"),
          Map.entry("NamedParameter", "there are no parameters"),
          Map.entry("PosParameter", "there are no parameters"));

  private static final Pattern SPECIAL_DATE =
      Pattern.compile(
          "\\b(date|timestamp|timestamp_ltz|timestamp_ntz)\\s*['\"]\\s*(now|today|yesterday|tomorrow)\\b",
          Pattern.CASE_INSENSITIVE);

  private Refusals() {}

  /**
   * Refuses {@code parsed} as a whole or for any part of it.
   *
   * @param own functions of ours, which take texts alone
   * @throws IllegalArgumentException saying that it cannot be used, which part is not allowed, and
   *     why
   */
  static void check(String text, Expression parsed, Set<String> own) {
    if (SPECIAL_DATE.matcher(text).find()) {
      throw refused("a date such as 'today'", CHANGING);
    }
    check(parsed, own);
  }

  private static void check(Expression part, Set<String> own) {
    if (part instanceof SubqueryExpression) {
      throw refused("a subquery", "read other data by lookups");
    }
    if (part instanceof UnresolvedStar) {
      throw refused("*", "name the columns");
    }
    if (part instanceof UnresolvedAttribute attribute) {
      String name = attribute.nameParts().mkString(".").toLowerCase(Locale.ROOT);
      if (BARE.contains(name)) {
        throw refused(name, FUNCTIONS.get(name));
      }
    }
    if (part instanceof UnresolvedFunction call) {
      check(call, own);
    }
    String why = CLASSES.get(part.getClass().getSimpleName());
    if (why != null) {
      throw refused(part.prettyName(), why);
    }
    CollectionConverters.asJava(part.children()).forEach(child -> check(child, own));
  }

  private static void check(UnresolvedFunction call, Set<String> own) {
    String written = call.nameParts().mkString(".");
    String name = call.nameParts().last().toLowerCase(Locale.ROOT);
    if (own.contains(name)) {
      if (call.arguments().exists(argument -> !isText(argument))) {
        throw new IllegalArgumentException(
            "cannot be used: %s() takes texts in quotes alone".formatted(name));
      }
      return;
    }
    String why = FUNCTIONS.get(name);
    if (why != null) {
      throw refused(name + "()", why);
    }
    if (name.endsWith("unix_timestamp") && call.arguments().isEmpty()) {
      throw refused(name + "() without a time", CHANGING);
    }
    if (call.nameParts().size() > 1 || !Builtins.has(name)) {
      throw refused(written + "()", "it is none of Spark's own functions");
    }
  }

  private static boolean isText(Expression argument) {
    return argument instanceof Literal literal && literal.dataType() instanceof StringType;
  }

  private static IllegalArgumentException refused(String what, String why) {
    return new IllegalArgumentException(
        "cannot be used: %s is not allowed: %s".formatted(what, why));
  }

  private static Map<String, String> functions() {
    var all = new TreeMap<String, String>();
    add(all, BEYOND, "reflect java_method try_reflect from_protobuf to_protobuf from_avro to_avro");
    add(all, BEYOND, "schema_of_avro input_file_name input_file_block_start");
    add(all, BEYOND, "input_file_block_length current_user session_user user current_catalog");
    add(all, BEYOND, "current_database current_schema version spark_partition_id");
    add(all, BEYOND, "monotonically_increasing_id current_path is_member window session_window");
    add(all, CHANGING, "rand randn random randstr uniform uuid shuffle aes_encrypt now curdate");
    add(all, CHANGING, "current_date current_time current_timestamp localtimestamp");
    add(all, FAILING, "raise_error assert_true");
    add(all, MANY, "explode explode_outer posexplode posexplode_outer inline inline_outer stack");
    add(all, MANY, "json_tuple variant_explode variant_explode_outer");
    return Map.copyOf(all);
  }

  private static void add(Map<String, String> all, String why, String names) {
    Set.of(names.split(" ")).forEach(name -> all.put(name, why));
  }
}
