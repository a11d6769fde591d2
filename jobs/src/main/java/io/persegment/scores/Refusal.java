package io.persegment.scores;

import java.util.Optional;

/** A model that must not be used; the message is a sentence that says why. */
final class Refusal extends Exception {
  Refusal(String sentence) {
    super(sentence);
  }

  /** Returns the sentence, and by what {@code target} is foretold instead, if by anything. */
  String inWords(String target, Optional<Integer> version) {
    return getMessage()
        + version.map(each -> " Version %d foretells %s still.".formatted(each, target)).orElse("");
  }
}
