package io.persegment.segments;

/** A model that is not made, as it would mean nothing; the message says why, as a sentence. */
final class Refused extends Exception {
  Refused(String sentence) {
    super(sentence);
  }
}
