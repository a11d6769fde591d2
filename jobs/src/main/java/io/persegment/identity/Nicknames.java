package io.persegment.identity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * First names with their short forms and other spellings: {@code bob} is {@code robert}. Reads
 * {@code nicknames.txt}, a group of names in each line; a name may be in several, as {@code alex}
 * is. Names are compared as {@link PlainText} makes them.
 */
final class Nicknames {
  private static final int[] NO_LINES = {};

  /** The lines each name is in, in order. */
  private final Map<String, int[]> lines = new HashMap<>();

  Nicknames(List<String> groups) {
    for (int line = 0; line < groups.size(); line++) {
      for (String name : groups.get(line).split(", ", -1)) {
        int[] before = lines.getOrDefault(name, NO_LINES);
        int[] with = Arrays.copyOf(before, before.length + 1);
        with[before.length] = line;
        lines.put(name, with);
      }
    }
  }

  /** Returns the one of this program. */
  static Nicknames shared() {
    return Shared.NICKNAMES;
  }

  /** Returns the lines of the file that are names. */
  static List<String> groups() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Nicknames.class.getResourceAsStream("nicknames.txt"), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether the names are equal or in one line. */
  boolean agree(String left, String right) {
    if (left.equals(right)) {
      return true;
    }
    int[] ofLeft = lines.getOrDefault(left, NO_LINES);
    int[] ofRight = lines.getOrDefault(right, NO_LINES);
    int at = 0;
    int other = 0;
    while (at < ofLeft.length && other < ofRight.length) {
      if (ofLeft[at] == ofRight[other]) {
        return true;
      }
      if (ofLeft[at] < ofRight[other]) {
        at++;
      } else {
        other++;
      }
    }
    return false;
  }

  private static final class Shared {
    static final Nicknames NICKNAMES = new Nicknames(groups());
  }
}
