package io.persegment.scores;

/** A model that must not be used; the message is a sentence that says why. */
final class Refusal extends Exception {
  Refusal(String sentence) {
    super(sentence);
  }
}
