package io.persegment.cleaning;

import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;

/** The many spellings of nothing. */
public final class Nothing {
  /** Where a number, a time or a yes is meant, none of these can be one. In lower case. */
  private static final Object[] SPELLINGS = {
    "null",
    "(null)",
    "<null>",
    "n/a",
    "na",
    "#n/a",
    "<na>",
    "none",
    "nil",
    "nan",
    "nat",
    "undefined",
    "-",
    "--",
    "\\n",
    "0000-00-00",
    "0000-00-00 00:00:00"
  };

  /** What no text means by itself. A name may be None, and a colour "-". */
  private static final Object[] UNMISTAKABLE = {"", "null", "NULL", "\\N", "N/A", "NaN"};

  private static final int LONGEST = 4;

  private Nothing() {}

  /** Returns whether {@code text}, of which no text is wanted, says anything; never null. */
  public static Column isGiven(Column text) {
    Column tidy = trim(text);
    return text.isNotNull().and(length(tidy).gt(0)).and(not(lower(tidy).isin(SPELLINGS)));
  }

  /** Returns the text without spaces around it; null where it is a spelling of nothing. */
  public static Column orText(Column text) {
    Column tidy = trim(text);
    // Most texts are longer than any of these, which is told without looking at them.
    return when(octet_length(tidy).gt(LONGEST).or(not(tidy.isin(UNMISTAKABLE))), tidy);
  }
}
