package io.persegment.config;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what one file declares twice under one name, such as two targets. HOCON merges both into
 * one that nobody meant, and does not tell; so the text itself is looked at. What is looked at is
 * HOCON without a mistake: the library has read it before.
 *
 * <p>Twice is a block {@code { ... }} and another one. A block that a line such as {@code
 * targets.lapses.horizon = 30 days} adds to, or that changes one of another file, is meant.
 */
final class NamedTwice {
  /** What users give names to; of anything else two blocks are one in two parts. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(features|segmentations|sources|targets|experiments|tools|publish\\.columns"
              + "|content\\.(tokens|mapping|templates)|identity\\.(identifiers|comparisons)"
              + "|customers\\.survivorship\\.fields|sources\\.(\"[^\"]*\"|[^.\"]+)\\.lookups)"
              + "\\.(\"[^\"]*\"|[^.\"]+)");

  private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"";

  /** A text, a substitution, a comment, a sign of its own, or a run of anything else. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"\"\"(?s:.*?)\"\"\"\"*+|"
              + QUOTED
              + "|\\$\\{(?:"
              + QUOTED
              + "|[^}\"])*+\\}|(?<comment>(?:#|//)[^\n]*+)|\\+=|[{}\\[\\],=:\n]"
              + "|[^\\S\n]++|[^\\s{}\\[\\],=:\"#/$+]++|.");

  private static final Set<String> SEPARATORS = Set.of("=", ":", "+=");

  private static final Pattern INCLUDE = Pattern.compile("include(?![\\w.-])");

  private record Token(String text, int line) {
    boolean is(String other) {
      return text.equals(other);
    }
  }

  /**
   * A name that has two blocks.
   *
   * @param path such as {@code targets.lapses}
   * @param first line of the first block, {@code again} that of a later one
   */
  record Twice(String path, int first, int again) {
    /** Returns what is wrong, and what to do. */
    String inWords() {
      return "%s has a block of its own here and on line %d, and both would be made one. Rename one of them, or write all of it in one block."
          .formatted(path, first);
    }
  }

  private final List<Token> tokens;
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Twice> found = new ArrayList<>();
  private int next;

  private NamedTwice(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** Returns what {@code text} names twice, in the order of the later blocks. */
  static List<Twice> in(String text) {
    var file = new NamedTwice(tokens(text));
    file.fields("");
    return file.found;
  }

  private static List<Token> tokens(String text) {
    var tokens = new ArrayList<Token>();
    int line = 1;
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String token = matcher.group();
      if (matcher.group("comment") == null) {
        tokens.add(new Token(token, line));
      }
      line += (int) token.chars().filter(each -> each == '\n').count();
    }
    return tokens;
  }

  /** Reads fields up to the brace that ends them, or the end of the file. */
  private void fields(String path) {
    while (next < tokens.size() && !tokens.get(next).is("}")) {
      Token token = tokens.get(next);
      if (token.is("{")) { // a file may stand in braces itself
        next++;
        fields(path);
      } else if (token.text().isBlank() || token.is(",")) {
        next++;
      } else {
        field(path);
      }
    }
    next++;
  }

  private void field(String path) {
    int line = tokens.get(next).line();
    var key = new StringBuilder();
    while (next < tokens.size() && !endsKey(key.toString(), tokens.get(next))) {
      key.append(tokens.get(next++).text());
    }
    String name = key.toString().strip();
    if (INCLUDE.matcher(name).lookingAt()) {
      return;
    }
    String whole = ConfigUtil.joinPath(ConfigUtil.splitPath(name));
    value(path.isEmpty() ? whole : path + "." + whole, line);
  }

  /** A line may end between a key and its value, but ends an include. */
  private static boolean endsKey(String key, Token token) {
    return isOfValue(token)
        || token.is("}")
        || token.is(",")
        || (token.is("\n") && INCLUDE.matcher(key).lookingAt());
  }

  private static boolean isOfValue(Token token) {
    return token.is("{") || SEPARATORS.contains(token.text());
  }

  /**
   * Reads a value, which may be made of several: {@code ${targets.lapses} { horizon = 9 days }}.
   */
  private void value(String path, int line) {
    if (SEPARATORS.contains(tokens.get(next).text())) {
      next++;
    }
    boolean begun = false;
    boolean isBlock = false;
    while (next < tokens.size() && !endsValue(tokens.get(next), begun)) {
      Token token = tokens.get(next++);
      begun |= !token.text().isBlank();
      if (token.is("{")) {
        isBlock = true;
        fields(path);
      } else if (token.is("[")) {
        list();
      }
    }
    if (isBlock) {
      note(path, line);
    }
  }

  private static boolean endsValue(Token token, boolean begun) {
    return token.is("}") || token.is(",") || (begun && token.is("\n"));
  }

  /** Passes over a list: what stands in one has no name. */
  private void list() {
    int depth = 1;
    while (next < tokens.size() && depth > 0) {
      Token token = tokens.get(next++);
      depth += token.is("[") ? 1 : token.is("]") ? -1 : 0;
    }
  }

  private void note(String path, int line) {
    if (NAMED.matcher(path).matches()) {
      Integer first = lines.putIfAbsent(path, line);
      if (first != null) {
        found.add(new Twice(path, first, line));
      }
    }
  }
}
