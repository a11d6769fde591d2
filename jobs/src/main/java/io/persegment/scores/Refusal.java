package io.persegment.scores;

import java.time.LocalDate;
import java.util.Optional;

/** A model that must not be used; the message is a sentence that says why. */
final class Refusal extends Exception {
  Refusal(String sentence) {
    super(sentence);
  }

  /** Returns one that was found on an earlier date, and is not looked into anew. */
  static Refusal found(String sentence, LocalDate asOf) {
    return new Refusal(
        "%s That was found on %s, and is tried again when refit asks for a model or the settings change."
            .formatted(sentence, asOf));
  }

  /** Returns the sentence, and by what {@code target} is foretold instead, if by anything. */
  String inWords(String target, Optional<Integer> version) {
    return getMessage()
        + version.map(each -> " Version %d foretells %s still.".formatted(each, target)).orElse("");
  }
}
