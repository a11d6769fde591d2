package io.persegment.source;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The options of Spark's readers that a source may set. Left out are those that would read less
 * than there is without a word, and those that the reader itself sets.
 */
final class ReadOptions {
  private static final Map<ReadSettings.Format, Set<String>> NAMES =
      Map.of(
          ReadSettings.Format.CSV,
          names(
              "delimiter encoding quote escape comment multiLine lineSep nullValue emptyValue"
                  + " ignoreLeadingWhiteSpace ignoreTrailingWhiteSpace maxColumns maxCharsPerColumn"
                  + " charToEscapeQuoteEscaping unescapedQuoteHandling"),
          ReadSettings.Format.JSON,
          names(
              "multiLine encoding lineSep primitivesAsString prefersDecimal samplingRatio"
                  + " allowComments allowUnquotedFieldNames allowSingleQuotes"
                  + " allowNumericLeadingZeros allowBackslashEscapingAnyCharacter"
                  + " allowUnquotedControlChars allowNonNumericNumbers dropFieldIfAllNull"
                  + " dateFormat timestampFormat timestampNTZFormat locale"),
          ReadSettings.Format.PARQUET,
          names("datetimeRebaseMode int96RebaseMode"),
          ReadSettings.Format.DELTA,
          names(
              "startingVersion startingTimestamp skipChangeCommits ignoreDeletes"
                  + " maxFilesPerTrigger maxBytesPerTrigger"),
          ReadSettings.Format.JDBC,
          names("driver fetchsize queryTimeout sessionInitStatement customSchema"),
          ReadSettings.Format.KAFKA,
          names("startingOffsets startingTimestamp minPartitions maxOffsetsPerTrigger"));
  private static final Pattern SECRET =
      Pattern.compile("password|secret|token|jaas", Pattern.CASE_INSENSITIVE);

  private ReadOptions() {}

  /** Returns {@code read.options}; notes those that there are not. */
  static Map<String, String> from(Section read, ReadSettings.Format format) {
    if (!read.has("options")) {
      return Map.of();
    }
    Section section = read.section("options");
    Map<String, String> options = section.asTexts();
    Set<String> names = NAMES.get(format);
    for (String name : options.keySet()) {
      boolean ofKafka = format == ReadSettings.Format.KAFKA && name.startsWith("kafka.");
      if (!ofKafka && !names.contains(name)) {
        section.problem(
            name,
            "is no option of a %s source; %s"
                .formatted(format.name().toLowerCase(Locale.ROOT), hint(name, names)));
      }
      if (SECRET.matcher(name).find()) {
        section.refuseLiteral(name);
      }
    }
    String encoding = options.get("encoding");
    if (encoding != null && !isEncoding(encoding)) {
      read.problem(
          "options",
          "has encoding = %s; name one such as windows-1252 or UTF-16".formatted(encoding));
    }
    boolean inLines = !options.getOrDefault("multiLine", "false").equalsIgnoreCase("true");
    if (format == ReadSettings.Format.JSON
        && inLines
        && encoding != null
        && encoding.toUpperCase(Locale.ROOT).matches("UTF-?(16|32).*")) {
      read.problem(
          "options",
          "has encoding = %s, of which Spark finds no ends of lines; have JSON lines written as UTF-8"
              .formatted(encoding));
    }
    return Map.copyOf(options);
  }

  private static String hint(String name, Set<String> names) {
    return name.equals("sep") ? "did you mean delimiter?" : Nearest.hint(name, names);
  }

  private static boolean isEncoding(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }

  private static Set<String> names(String all) {
    return new TreeSet<>(Set.of(all.split(" ")));
  }
}
