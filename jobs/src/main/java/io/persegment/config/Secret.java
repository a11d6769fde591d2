package io.persegment.config;

/** A text that is never shown: a password, or what holds one. */
public record Secret(String value) {

  @Override
  public String toString() {
    return "(secret)";
  }
}
