package io.persegment.demo;

/** Typing mistakes. */
final class Slips {
  private Slips() {}

  /** Returns the word with one letter lost, doubled or swapped with the next; never unchanged. */
  static String slipped(String word, Draw draw) {
    if (word.length() < 3) {
      return word + word.charAt(word.length() - 1);
    }
    int at = draw.between(1, word.length() - 2);
    char here = word.charAt(at);
    char next = word.charAt(at + 1);
    return switch (draw.between(0, 2)) {
      case 0 -> word.substring(0, at) + word.substring(at + 1);
      case 1 -> word.substring(0, at) + here + word.substring(at);
      default ->
          here == next
              ? word.substring(0, at) + word.substring(at + 1)
              : word.substring(0, at) + next + here + word.substring(at + 2);
    };
  }
}
