package io.persegment.cleaning;

import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Names of people. Somebody who wrote both large and small letters is taken at their word; case is
 * put right only where all letters are large, or all are small.
 */
public final class Names {
  private static final int LONGEST = 200;

  /** One word that needs nothing done. */
  private static final String PLAIN = "^[A-Z][a-z]+$";

  /** What people and programs write where they have no name to give. */
  private static final Set<String> NO_NAME =
      Set.of(
          "asdf",
          "asdfasdf",
          "asd",
          "qwerty",
          "qwertz",
          "test",
          "test test",
          "testtest",
          "tester test",
          "test user",
          "testuser",
          "test customer",
          "foo",
          "foo bar",
          "n/a",
          "n.a.",
          "#n/a",
          "none",
          "null",
          "(null)",
          "\\n",
          "nan",
          "undefined",
          "unknown",
          "unbekannt",
          "ukendt",
          "anonymous",
          "no name",
          "noname",
          "first name",
          "firstname",
          "last name",
          "lastname",
          "vorname",
          "nachname",
          "fornavn",
          "efternavn",
          "xx",
          "xxx",
          "xxxx",
          "none none",
          "n/a n/a",
          "null null",
          "asdf asdf");

  private static final Set<String> HONORIFICS =
      Set.of(
          "mr",
          "mrs",
          "ms",
          "miss",
          "mx",
          "dr",
          "prof",
          "sir",
          "herr",
          "frau",
          "fräulein",
          "fru",
          "frk",
          "hr",
          "mme",
          "mlle",
          "monsieur",
          "madame",
          "mademoiselle",
          "sig.ra",
          "signor",
          "signora",
          "señor",
          "señora",
          "sra",
          "srta",
          "dhr",
          "mevr",
          "mevrouw",
          "mw");

  private static final Set<String> PARTICLES =
      Set.of(
          "van", "der", "den", "de", "het", "'t", "te", "ter", "ten", "von", "vom", "zu", "zur",
          "zum", "und", "la", "le", "las", "los", "du", "des", "da", "das", "do", "dos", "di",
          "del", "dei", "della", "dello", "degli", "af", "av", "y", "e");

  /** Mac is no beginning in Mack, Macy or Machado. */
  private static final Pattern MAC =
      Pattern.compile(
          "mac(?=(?:alister|arthur|aulay|beth|callum|donald|donnell|dougall|duff|ewan|farlane|gregor"
              + "|innes|intosh|intyre|iver|kay|kenna|kenzie|kinley|kinnon|lachlan|laren|lean|leod"
              + "|millan|nab|naughton|neil|neill|phail|phee|pherson|queen|rae|tavish)$)(.)(.*)");

  private static final Set<String> NUMERALS = Set.of("ii", "iii", "iv");

  private static final Object[] NO_NAME_CAPITALISED =
      Stream.concat(NO_NAME.stream(), HONORIFICS.stream())
          .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
          .filter(word -> word.matches(PLAIN))
          .sorted()
          .toArray();

  private static final UserDefinedFunction FIRST =
      udf((UDF1<String, String>) name -> tidy(name, true), DataTypes.StringType);
  private static final UserDefinedFunction LAST =
      udf((UDF1<String, String>) name -> tidy(name, false), DataTypes.StringType);

  private static final Remembered<Written> KNOWN = new Remembered<>(Names::make);

  private record Written(String name, boolean first) {}

  private Names() {}

  /** Returns a first name, or null where it is none. Idempotent. */
  public static Column first(Column name) {
    return settled(name, FIRST);
  }

  /** Returns a last name, or null where it is none. Idempotent. */
  public static Column last(Column name) {
    return settled(name, LAST);
  }

  private static Column settled(Column name, UserDefinedFunction otherwise) {
    Column tidy = trim(name);
    return when(tidy.rlike(PLAIN).and(not(tidy.isin(NO_NAME_CAPITALISED))), tidy)
        .otherwise(otherwise.apply(tidy));
  }

  private static String tidy(String name, boolean first) {
    if (name == null || name.isBlank()) {
      return null;
    }
    return name.length() > LONGEST ? name : KNOWN.of(new Written(name, first));
  }

  private static String make(Written written) {
    String name =
        Normalizer.normalize(written.name(), Normalizer.Form.NFC)
            .replaceAll("(?U)[\\s\\u200B\\uFEFF]+", " ")
            .replaceAll("(?<=\\p{L})[\\u2019\\u00B4`](?=\\p{L})", "'")
            .strip();
    List<String> words = withoutHonorifics(name, written.first());
    String rest = String.join(" ", words);
    boolean isName =
        rest.codePoints().anyMatch(Character::isLetter)
            && !NO_NAME.contains(rest.toLowerCase(Locale.ROOT));
    return isName ? inCase(words, rest, written.first()) : null;
  }

  /** A last name may be one, as Herr is; a first name that is nothing else is none. */
  private static List<String> withoutHonorifics(String name, boolean first) {
    var words = new ArrayList<>(Arrays.asList(name.split(" ")));
    while ((words.size() > 1 || (first && !words.isEmpty())) && isHonorific(words.get(0))) {
      words.remove(0);
    }
    return words;
  }

  private static boolean isHonorific(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return HONORIFICS.contains(bare);
  }

  private static String inCase(List<String> words, String name, boolean first) {
    boolean large = name.equals(name.toUpperCase(Locale.ROOT));
    boolean small = name.equals(name.toLowerCase(Locale.ROOT));
    if (large == small) { // both: a script without case
      return name;
    }
    var made = new ArrayList<String>();
    for (int at = 0; at < words.size(); at++) {
      String word = words.get(at).toLowerCase(Locale.ROOT).replace("i\u0307", "i");
      boolean last = at == words.size() - 1;
      if (PARTICLES.contains(word) && !last && !(first && at == 0)) {
        made.add(word);
      } else if (NUMERALS.contains(word) && at > 0) {
        made.add(word.toUpperCase(Locale.ROOT));
      } else if (large && isInitials(word)) {
        made.add(words.get(at));
      } else {
        made.add(capitalised(word));
      }
    }
    return String.join(" ", made);
  }

  /** JP is no word; BO and LI are. */
  private static boolean isInitials(String word) {
    return word.matches("[bcdfghjklmnpqrstvwxz]{2}");
  }

  private static String capitalised(String word) {
    return Arrays.stream(word.split("(?<=[-.'])"))
        .map(Names::capitalisedPart)
        .collect(Collectors.joining())
        .replaceAll("(?<=.{2}')S$", "s"); // of a house: Carl's
  }

  private static String capitalisedPart(String part) {
    String mc = part.replaceFirst("^mc(?=\\p{L}{2})", "");
    if (mc.length() < part.length()) {
      return "Mc" + initial(mc);
    }
    var mac = MAC.matcher(part.replaceFirst("[-.']$", ""));
    return mac.matches() ? "Mac" + initial(part.substring("mac".length())) : initial(part);
  }

  private static String initial(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int first = word.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + word.substring(Character.charCount(first));
  }
}
