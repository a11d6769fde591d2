package io.persegment.matching;

import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.StringType;

import com.ibm.icu.text.Transliterator;
import java.text.Normalizer;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Names and addresses in the one form that can be compared: Latin letters without marks in lower
 * case, digits, and single blanks for whatever else there is.
 */
public final class PlainText {
  private static final char COMBINING_DIAERESIS = '\u0308';
  private static final char COMBINING_RING = '\u030A';
  private static final int ASCII = 0x80;

  private PlainText() {}

  /** Returns the text in that form; null where nothing of it is left. */
  public static Column of(Column text) {
    // No built-in function knows scripts other than Latin.
    return udf((UDF1<String, String>) PlainText::of, StringType).apply(text);
  }

  /**
   * Returns the text in that form; null where no letter and no digit is left. Idempotent where all
   * letters could be made Latin, which those of a few rare scripts cannot.
   */
  static String of(String text) {
    if (text == null || isPlain(text)) {
      return text;
    }
    return tidied(isAscii(text) ? text : latin(text));
  }

  /** Most values are, and are returned as they came. */
  private static boolean isPlain(String text) {
    boolean blank = true; // none at the beginning
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      boolean isBlank = letter == ' ';
      boolean isPlain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
      if ((!isPlain && !isBlank) || (isBlank && blank)) {
        return false;
      }
      blank = isBlank;
    }
    return !blank;
  }

  private static boolean isAscii(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) >= ASCII) {
        return false;
      }
    }
    return true;
  }

  /** Leaves marks and what is no letter to {@link #tidied}. */
  private static String latin(String text) {
    String spelled = spelled(text);
    return spelled.codePoints().anyMatch(PlainText::isForeign)
        ? spelled(Scripts.TO_LATIN.get().transliterate(spelled))
        : spelled;
  }

  private static boolean isForeign(int letter) {
    return letter >= ASCII && Character.isLetter(letter) && !isDropped(letter);
  }

  /** Letters that are more than one with a mark, as they are written where there are none. */
  private static String spelled(String text) {
    String lower = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
    var spelled = new StringBuilder(lower.length() + 4);
    for (int at = 0; at < lower.length(); at++) {
      char letter = lower.charAt(at);
      char before = at == 0 ? ' ' : lower.charAt(at - 1);
      switch (letter) {
        case COMBINING_DIAERESIS ->
            spelled.append(before == 'a' || before == 'o' || before == 'u' ? 'e' : letter);
        case COMBINING_RING -> spelled.append(before == 'a' ? 'a' : letter);
        case 'ß' -> spelled.append("ss");
        case 'æ' -> spelled.append("ae");
        case 'ø', 'œ' -> spelled.append("oe");
        case 'þ' -> spelled.append("th");
        case 'ð', 'đ' -> spelled.append('d');
        case 'ł' -> spelled.append('l');
        case 'ħ' -> spelled.append('h');
        case 'ŧ' -> spelled.append('t');
        case 'ə' -> spelled.append('a');
        case 'ı' -> spelled.append('i');
        default -> spelled.append(letter);
      }
    }
    return spelled.toString();
  }

  private static String tidied(String latin) {
    var tidied = new StringBuilder(latin.length());
    boolean apart = false;
    for (int at = 0; at < latin.length(); ) {
      int letter = latin.codePointAt(at);
      at += Character.charCount(letter);
      if (isDropped(letter)) {
        continue;
      }
      if (!Character.isLetterOrDigit(letter)) {
        apart = true;
        continue;
      }
      if (apart && !tidied.isEmpty()) {
        tidied.append(' ');
      }
      apart = false;
      int digit = Character.digit(letter, 10);
      tidied.appendCodePoint(digit < 0 ? Character.toLowerCase(letter) : '0' + digit);
    }
    return tidied.isEmpty() ? null : tidied.toString();
  }

  /** Returns whether it only changes the letter before it, or how that is shown. */
  private static boolean isDropped(int letter) {
    return letter >= ASCII
        && switch (Character.getType(letter)) {
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.MODIFIER_LETTER,
              Character.FORMAT ->
              true;
          default -> false;
        };
  }

  /**
   * Loaded where the first such value comes. ICU's objects are not to be shared by threads. Russian
   * and Greek as people write their own names in Latin: Yuliya, not Ulia.
   */
  private static final class Scripts {
    private static final String RULES = "NFC; Russian-Latin/BGN; Greek-Latin/BGN; Any-Latin";

    static final ThreadLocal<Transliterator> TO_LATIN =
        ThreadLocal.withInitial(() -> Transliterator.getInstance(RULES));
  }
}
